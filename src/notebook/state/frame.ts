/**
 * Coalesces any number of calls into one every so often, in an animation frame; in a hidden tab, where there are no frames, into one per second.
 * While the model computes it has the processor: a page that draws more often than one can read only slows it down.
 */
export class FrameBatch {
  #scheduled = false;
  #last = -Infinity;
  readonly #flush: () => void;
  readonly #interval: number;

  /** @param interval at least this many milliseconds between two calls of `flush`. */
  constructor(flush: () => void, interval = 200) {
    this.#flush = flush;
    this.#interval = interval;
  }

  request(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const wait = Math.max(0, this.#last + this.#interval - performance.now());
    // A frame requested just before the tab is hidden would never come.
    const late = setTimeout(() => run(), wait + 1000);
    const run = () => {
      if (!this.#scheduled) return;
      this.#scheduled = false;
      clearTimeout(late);
      this.#last = performance.now();
      this.#flush();
    };
    setTimeout(() => {
      if (typeof document !== 'undefined' && document.visibilityState === 'visible') requestAnimationFrame(run);
    }, wait);
  }
}
