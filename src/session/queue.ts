/** Commands that compute run one after the other; background work only when there is none, and gives way. */
import { StopRequested } from './errors';

export interface QueuedJob {
  /** The command's id; negative for background work. */
  request: number;
  run(signal: AbortSignal): Promise<void>;
  /** Called instead of `run` when it is stopped before its turn. */
  dropped(): void;
}

export class JobQueue {
  private readonly waiting: QueuedJob[] = [];
  private background: QueuedJob | null = null;
  private current: { job: QueuedJob; controller: AbortController; isBackground: boolean } | null = null;
  private idleWaiters: (() => void)[] = [];

  add(job: QueuedJob): void {
    this.waiting.push(job);
    if (this.current?.isBackground) this.current.controller.abort(new StopRequested());
    this.next();
  }

  /** Replaces background work that has not begun. Work that had to give way is begun again later. */
  addBackground(job: QueuedJob): void {
    this.background = job;
    this.next();
  }

  stop(request: number): void {
    const index = this.waiting.findIndex((job) => job.request === request);
    if (index >= 0) this.waiting.splice(index, 1)[0]!.dropped();
    else if (this.current?.job.request === request) this.current.controller.abort(new StopRequested());
  }

  stopAll(): void {
    for (const job of this.waiting.splice(0)) job.dropped();
    this.current?.controller.abort(new StopRequested());
  }

  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void> {
    if (!this.current && this.waiting.length === 0 && !this.background) return Promise.resolve();
    return new Promise((resolve) => this.idleWaiters.push(resolve));
  }

  private next(): void {
    if (this.current) return;
    const job = this.waiting.shift() ?? this.background;
    if (!job) {
      for (const resolve of this.idleWaiters.splice(0)) resolve();
      return;
    }
    const isBackground = job === this.background;
    const controller = new AbortController();
    this.current = { job, controller, isBackground };
    void job.run(controller.signal).finally(() => {
      if (isBackground && this.background === job && !controller.signal.aborted) this.background = null;
      this.current = null;
      this.next();
    });
  }
}
