/**
 * Merges any number of calls into one call per interval, in an animation frame; a hidden tab has no frames and gets one call a second. The
 * model needs the processor: drawing more often than a reader can follow only slows it down.
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
    // A frame that was requested just before the tab was hidden never comes.
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
