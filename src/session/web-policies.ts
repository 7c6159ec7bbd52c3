/** Policies on onnxruntime-web. */
import { loadPolicyFolder } from '../policy/folder';
import type { ReplicaLauncher } from '../policy/parallel/messages';
import { createWebRuntime, prepareWebRuntime } from '../policy/runtime/web';
import { Breather, breathing } from '../policy/runtime/web-breathing';
import type { PolicyLoader } from './host';

/** On WASM one thread is the policy's own, the others are replicas: nothing here needs shared memory, or a page that may have it. */
export const webPolicies = (launch: ReplicaLauncher): PolicyLoader => ({
  async webgpuProblem(choice) {
    if (!navigator.gpu) return 'This browser has no WebGPU.';
    const adapter = await navigator.gpu.requestAdapter().catch(() => null);
    if (!adapter) return 'This browser has WebGPU, but no graphics adapter for it.';
    // Slower than WASM by orders of magnitude: comparing them would only keep the reader waiting. Whoever asks for it gets it.
    if (choice === 'auto' && adapter.info.isFallbackAdapter) return 'This browser has WebGPU in software only.';
    return null;
  },
  prepare: (backend) => prepareWebRuntime(backend, 1),
  async load(folder, { backend, threads, name }) {
    // One device for each policy: the old one's memory is free as soon as the new policy has taken its place.
    const starting = createWebRuntime(backend, 1).then((runtime) => breathing(runtime, new Breather()));
    starting.catch(() => undefined);
    const replicas = backend === 'wasm' ? { launch, count: threads - 1 } : undefined;
    try {
      // The folder is read while the runtime starts.
      return await loadPolicyFolder(folder, starting, name, { ownsRuntime: true, replicas });
    } catch (error) {
      await starting.then((runtime) => runtime.dispose()).catch(() => undefined);
      throw error;
    }
  },
});
