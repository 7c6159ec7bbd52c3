import type { WorkerEvent, WorkerLike } from '../protocol/client';

type Listener = (event: Event | WorkerEvent) => void;
type Started = WorkerLike & { removeEventListener(type: string, listener: Listener): void };

const TYPES = ['message', 'error', 'messageerror'] as const;

/** A worker that was started before anyone listens: what it says until then is kept for the first listener. */
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
      // When whoever listens has done what it is at, as with any event.
      queueMicrotask(() => before.events.forEach(listener));
    },
    terminate: () => worker.terminate(),
  };
}
