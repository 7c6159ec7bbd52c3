import { parentPort } from 'node:worker_threads';
import { serveReplica } from '../parallel/replica';
import type { FromReplica, ToReplica } from '../parallel/messages';
import { createNodeRuntime } from './node';

serveReplica(
  {
    post: (message: FromReplica, transfer: ArrayBufferLike[] = []) => parentPort!.postMessage(message, transfer as ArrayBuffer[]),
    onMessage: (listener: (message: ToReplica) => void) => void parentPort!.on('message', listener),
  },
  () => Promise.resolve(createNodeRuntime(1)),
);
