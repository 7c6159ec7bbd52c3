/**
 * The page's first script, and a small one: it starts the policy worker, which takes longest, while the code of the page itself is still on
 * its way.
 */
import type { WorkerLike } from '../protocol/client';
import { startedEarly } from './early-worker';
import './styles.css';

/** Named after the runtime that it will need, which it begins to load by itself. */
function spawn(): Worker {
  const backend = new URLSearchParams(location.hash.slice(1)).get('backend') === 'webgpu' ? 'webgpu' : 'wasm';
  return new Worker(new URL('../../workers/policy.worker.ts', import.meta.url), { type: 'module', name: `policy on ${backend}` });
}

function startFirst(): WorkerLike | null {
  try {
    return startedEarly(spawn());
  } catch {
    // The page tries again, and says what is wrong.
    return null;
  }
}

let first = startFirst();
void import('./page').then(({ showNotebook }) =>
  showNotebook(() => {
    const worker = first ?? spawn();
    first = null;
    return worker;
  }),
);
