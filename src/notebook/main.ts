/**
 * The page's first script. It is small: it starts the policy worker, whose start takes longest, while the browser still loads the code of
 * the page.
 */
import type { WorkerLike } from '../protocol/client';
import { startedEarly } from './early-worker';
import { BUNDLED_POLICY, POLICY_FOLDER } from './lib/policy-folder';
import './styles.css';

/** Starts the policy worker. Its name tells it which runtime and policy to load before the first message. */
function spawn(): Worker {
  const address = new URLSearchParams(location.hash.slice(1));
  const backend = address.get('backend') === 'webgpu' ? 'webgpu' : 'wasm';
  // Read as lib/hash.ts reads it. The page may still ask for another policy later.
  const named = address.get('policy') ?? BUNDLED_POLICY;
  const policy = POLICY_FOLDER.test(named) ? named : BUNDLED_POLICY;
  const name = `policy on ${backend}: ${new URL(`static-models/${policy}/`, document.baseURI).href}`;
  return new Worker(new URL('../../workers/policy.worker.ts', import.meta.url), { type: 'module', name });
}

function startFirst(): WorkerLike | null {
  try {
    return startedEarly(spawn());
  } catch {
    // The page tries again and reports the failure.
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
