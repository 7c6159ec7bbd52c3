import type { Progress } from '../protocol/messages';

/** Progress of something countable, with the time left at the rate of this session. */
export class Eta {
  private readonly label: string;
  private readonly of: number;
  private readonly from: number;
  private readonly started: number;
  private readonly now: () => number;

  /** `from` was done before (in an earlier session) and says nothing about the rate. `now` in milliseconds. */
  constructor(label: string, from: number, of: number, now: () => number = () => performance.now()) {
    this.label = label;
    this.from = from;
    this.of = of;
    this.now = now;
    this.started = now();
  }

  at(done: number): Progress {
    const seconds = (this.now() - this.started) / 1000;
    const fresh = done - this.from;
    // The first few contain warm-up, and of things made many at a time the first come long after the beginning and the next at once.
    const known = fresh >= 3 && (seconds >= 1 || done >= this.of) && (fresh >= 0.02 * this.of || seconds >= 15);
    const etaSeconds = done >= this.of ? 0 : known ? ((this.of - done) * seconds) / fresh : null;
    return { label: this.label, done, of: this.of, etaSeconds };
  }
}
