/** Replicas as worker threads of Node. */
import { Worker } from 'node:worker_threads';
import type { FromReplica, ReplicaLauncher, ReplicaPort } from '../parallel/messages';

/** A thread with onnxruntime-node. It does not keep the process alive. */
function launchNodeReplica(): ReplicaPort {
  const worker = new Worker(new URL('./node-replica.mjs', import.meta.url));
  worker.unref();
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer as ArrayBuffer[]),
    onMessage: (listener) => void worker.on('message', (message: FromReplica) => listener(message)),
    onFailure(listener) {
      worker.on('error', (error: Error) => listener(error.message));
      worker.on('exit', (code) => listener(`The thread ended with code ${code}.`));
    },
    async close() {
      await worker.terminate();
    },
  };
}

/** What makes a policy use so many threads in all, its own among them. */
export const nodeReplicas = (threads: number): { launch: ReplicaLauncher; count: number } => ({
  launch: launchNodeReplica,
  count: Math.max(0, threads - 1),
});
