/**
 * A page for tests that need the real bundler, browser and workers but not the notebook. Built like the site (same plugins, same policy, own
 * service worker) into .cache/harness. A test calls `await page.evaluate(() => bench.ort({ kind: 'wasm' }))`.
 */
import { registerServiceWorker } from '../../../src/notebook/service-worker';
import type { OrtReply, OrtRequest } from './ort.worker';
import type { PolicyReply, PolicyRequest } from './policy.worker';

function ort(request: OrtRequest): Promise<OrtReply> {
  const worker = new Worker(new URL('./ort.worker.ts', import.meta.url), { type: 'module' });
  return new Promise<OrtReply>((resolve) => {
    worker.onmessage = (event: MessageEvent<OrtReply>) => resolve(event.data);
    worker.onerror = (event) => resolve({ error: event.message || 'the worker did not start' });
    worker.postMessage(request);
  }).finally(() => worker.terminate());
}

/** Sampling, scoring and training of the micro policy on a backend, or the control graph. */
function policy(request: PolicyRequest): Promise<PolicyReply & { error?: string; placed?: boolean }> {
  const worker = new Worker(new URL('./policy.worker.ts', import.meta.url), { type: 'module' });
  return new Promise<PolicyReply>((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<PolicyReply>) => resolve(event.data);
    worker.onerror = (event) => reject(new Error(event.message || 'the worker did not start'));
    worker.postMessage(request);
  }).finally(() => worker.terminate());
}

const bench = { ort, policy };
export type Bench = typeof bench;
declare global {
  var bench: Bench;
}
globalThis.bench = bench;
registerServiceWorker();
