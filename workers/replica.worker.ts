/** A replica of the policy on one thread of WASM (src/policy/parallel). */
import type { ToReplica } from '../src/policy/parallel/messages';
import { serveReplica } from '../src/policy/parallel/replica';
import { createWebRuntime } from '../src/policy/runtime/web';
import { Breather, breathing } from '../src/policy/runtime/web-breathing';

declare const self: DedicatedWorkerGlobalScope;

serveReplica(
  {
    post: (message, transfer = []) => self.postMessage(message, transfer as ArrayBuffer[]),
    onMessage: (listener) => self.addEventListener('message', (event: MessageEvent<ToReplica>) => listener(event.data)),
  },
  async () => breathing(await createWebRuntime('wasm', 1), new Breather()),
);
