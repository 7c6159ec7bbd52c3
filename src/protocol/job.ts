/** One command's answer stream: events while it runs, a promise for its end. */
import { HintedError } from '../base/errors';

/** The worker's own words for a failure; `hint` says what to do. Both are plain text, never markup. */
export class PolicyError extends HintedError {
  override readonly name = 'PolicyError';
}

/** The command ended because someone asked for it: not a failure. Work up to the last durable point is kept. */
export class StoppedError extends Error {
  override readonly name: string = 'StoppedError';
}

/** A later command of the same kind made this one's answer worthless. */
export class SupersededError extends StoppedError {
  override readonly name = 'SupersededError';
}

export type JobState = 'queued' | 'running' | 'done' | 'stopped' | 'failed';

/**
 * `for await (const event of job)` ends when the command is done or stopped and throws when it failed. Events wait in a buffer until read;
 * a job has one reader. `result` rejects with StoppedError, SupersededError or PolicyError; it may be left unobserved.
 */
export interface Job<E, R> extends AsyncIterable<E> {
  readonly request: number;
  readonly state: JobState;
  readonly result: Promise<R>;
  /** Cooperative: ends after the model call in progress. Resolves when the worker has confirmed, i.e. everything durable is written. */
  stop(): Promise<void>;
}

export class JobStream<E, R> implements Job<E, R> {
  readonly request: number;
  readonly result: Promise<R>;
  state: JobState = 'queued';
  value: R | undefined;

  private readonly requestStop: (request: number) => void;
  private readonly onState: (() => void) | undefined;
  private buffer: E[] = [];
  private wake: (() => void) | null = null;
  private error: Error | null = null;
  private settle!: { resolve: (value: R) => void; reject: (error: Error) => void };

  constructor(request: number, requestStop: (request: number) => void, onState?: () => void) {
    this.request = request;
    this.requestStop = requestStop;
    this.onState = onState;
    this.result = new Promise<R>((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    // A reader may only want the events: an unread rejection must not become an "unhandled rejection".
    this.result.catch(() => undefined);
  }

  get ended(): boolean {
    return this.state === 'done' || this.state === 'stopped' || this.state === 'failed';
  }

  started(): void {
    if (this.state !== 'queued') return;
    this.state = 'running';
    this.onState?.();
  }

  push(event: E): void {
    if (this.ended) return;
    this.buffer.push(event);
    this.wake?.();
  }

  done(): void {
    this.end('done', null);
  }

  fail(error: Error): void {
    this.end(error instanceof StoppedError ? 'stopped' : 'failed', error);
  }

  async stop(): Promise<void> {
    if (!this.ended) this.requestStop(this.request);
    await this.result.catch(() => undefined);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<E, void, void> {
    for (;;) {
      const events = this.buffer;
      this.buffer = [];
      yield* events;
      if (this.buffer.length > 0) continue;
      if (this.state === 'failed' && this.error) throw this.error;
      if (this.ended) return;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      this.wake = null;
    }
  }

  private end(state: JobState, error: Error | null): void {
    if (this.ended) return;
    this.state = state;
    this.error = error;
    if (error) this.settle.reject(error);
    else this.settle.resolve(this.value as R);
    this.wake?.();
    this.onState?.();
  }
}
