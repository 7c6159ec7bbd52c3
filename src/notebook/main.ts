/**
 * The page's first script, and a small one: it starts the policy worker, which takes longest, while the code of the page itself is still on
 * its way.
 */
import type { WorkerLike } from '../protocol/client';
import { startedEarly } from './early-worker';
import { BUNDLED_POLICY, POLICY_FOLDER } from './lib/policy-folder';
import './styles.css';

/** Named after the runtime and the policy that it will need, which it begins to load by itself. */
function spawn(): Worker {
  const address = new URLSearchParams(location.hash.slice(1));
  const backend = address.get('backend') === 'webgpu' ? 'webgpu' : 'wasm';
  // As lib/hash.ts reads it. What the page asks for after all may be another one.
  const named = address.get('policy') ?? BUNDLED_POLICY;
  const policy = POLICY_FOLDER.test(named) ? named : BUNDLED_POLICY;
  const name = `policy on ${backend}: ${new URL(`static-models/${policy}/`, document.baseURI).href}`;
  return new Worker(new URL('../../workers/policy.worker.ts', import.meta.url), { type: 'module', name });
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
