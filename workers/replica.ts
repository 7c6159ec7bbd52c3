/** Starts the threads that help a policy worker. */
import type { FromReplica, ReplicaPort } from '../src/policy/parallel/messages';

export function launchReplica(): ReplicaPort {
  const worker = new Worker(new URL('./replica.worker.ts', import.meta.url), { type: 'module' });
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer as ArrayBuffer[]),
    onMessage: (listener) => worker.addEventListener('message', (event: MessageEvent<FromReplica>) => listener(event.data)),
    onFailure(listener) {
      // An uncaught error in the replica, or a script that could not be loaded; the event of the latter has no message.
      worker.addEventListener('error', (event) => listener(event.message || 'The worker did not start.'));
      worker.addEventListener('messageerror', () => listener('A message could not be read.'));
    },
    close() {
      worker.terminate();
      return Promise.resolve();
    },
  };
}
