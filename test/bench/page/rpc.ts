/** Calls from the page into a worker: methods by name, one promise a call. */

export interface Call {
  id: number;
  method: string;
  args: unknown[];
}
export type Answer = { id: number; value: unknown } | { id: number; error: string };

type Methods = Record<string, (...args: never[]) => unknown>;

/** Makes this worker answer calls of these methods, one after the other. */
export function answer(methods: Methods): void {
  let tail: Promise<unknown> = Promise.resolve();
  self.onmessage = ({ data: { id, method, args } }: MessageEvent<Call>) => {
    tail = tail.then(async () => {
      try {
        const run = methods[method] as ((...args: unknown[]) => unknown) | undefined;
        if (!run) throw new Error(`This worker has no method ${method}.`);
        postMessage({ id, value: await run(...args) } satisfies Answer);
      } catch (error) {
        postMessage({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) } satisfies Answer);
      }
    });
  };
}

/** The other end. */
export class Remote {
  private readonly waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  private next = 0;
  constructor(private readonly worker: Worker) {
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const { resolve, reject } = this.waiting.get(data.id)!;
      this.waiting.delete(data.id);
      if ('error' in data) reject(new Error(data.error));
      else resolve(data.value);
    };
    worker.onerror = (event) => {
      for (const { reject } of this.waiting.values()) reject(new Error(event.message || 'The worker did not start.'));
      this.waiting.clear();
    };
  }

  call(method: string, args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = this.next++;
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, method, args } satisfies Call);
    });
  }

  close(): void {
    this.worker.terminate();
  }
}
