import type { WorkerEvent, WorkerLike } from '../protocol/client';

type Listener = (event: Event | WorkerEvent) => void;
type Started = WorkerLike & { removeEventListener(type: string, listener: Listener): void };

const TYPES = ['message', 'error', 'messageerror'] as const;

/** A worker that was started before the page listens to it. Its messages are kept until the first listener comes. */
export function startedEarly(worker: Started): WorkerLike {
  const kept = new Map(
    TYPES.map((type) => {
      const events: Parameters<Listener>[0][] = [];
      const keep: Listener = (event) => void events.push(event);
      worker.addEventListener(type, keep);
      return [type, { events, keep }];
    }),
  );
  return {
    postMessage: (message, transfer = []) => worker.postMessage(message, transfer),
    addEventListener(type, listener) {
      worker.addEventListener(type, listener);
      const before = kept.get(type);
      if (!before) return;
      kept.delete(type);
      worker.removeEventListener(type, before.keep);
      // The listener gets them after the code that added it has finished, as it would get any event.
      queueMicrotask(() => before.events.forEach(listener));
    },
    terminate: () => worker.terminate(),
  };
}
