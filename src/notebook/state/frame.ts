/** Coalesces any number of calls into one per animation frame; in a hidden tab, where there are no frames, into one per second. */
export class FrameBatch {
  #scheduled = false;
  readonly #flush: () => void;

  constructor(flush: () => void) {
    this.#flush = flush;
  }

  request(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const run = () => {
      if (!this.#scheduled) return;
      this.#scheduled = false;
      this.#flush();
    };
    if (typeof document !== 'undefined' && document.visibilityState === 'visible') requestAnimationFrame(run);
    // A frame requested just before the tab is hidden would never come.
    setTimeout(run, 1000);
  }
}
