/** Seconds tick for "running 12 s", only while someone needs it. */
export class Clock {
  now = $state(Date.now());
  #timer: ReturnType<typeof setInterval> | null = null;

  run(on: boolean): void {
    if (on === (this.#timer !== null)) return;
    if (on) {
      this.now = Date.now();
      this.#timer = setInterval(() => (this.now = Date.now()), 1000);
    } else {
      clearInterval(this.#timer!);
      this.#timer = null;
    }
  }
}
