/** Policies on onnxruntime-web. */
import { loadPolicyFolder } from '../policy/folder';
import type { Runtime, Session } from '../policy/runtime/types';
import { createWebRuntime } from '../policy/runtime/web';
import { Breather } from './breathe';
import type { PolicyLoader } from './host';

/** Lets messages in between the runs of a session: a stop is heard after the run in progress, however long the loop around it. */
function breathing(runtime: Runtime, breather: Breather): Runtime {
  const session = (inner: Session): Session => ({
    async run(feeds, fetches) {
      await breather.breathe();
      return inner.run(feeds, fetches);
    },
    release: () => inner.release(),
  });
  return {
    info: runtime.info,
    kernels: runtime.kernels,
    createSession: async (model) => session(await runtime.createSession(model)),
    upload: (shape, data) => runtime.upload(shape, data),
    write: (target, data) => runtime.write(target, data),
    read: (source) => runtime.read(source),
    dispose: () => runtime.dispose(),
  };
}

export const webPolicies: PolicyLoader = {
  async webgpuProblem(choice) {
    if (!navigator.gpu) return 'This browser has no WebGPU.';
    const adapter = await navigator.gpu.requestAdapter().catch(() => null);
    if (!adapter) return 'This browser has WebGPU, but no graphics adapter for it.';
    // Slower than WASM by orders of magnitude: comparing them would only keep the reader waiting. Whoever asks for it gets it.
    if (choice === 'auto' && adapter.info.isFallbackAdapter) return 'This browser has WebGPU in software only.';
    return null;
  },
  async load(folder, { backend, threads, name }) {
    // One device for each policy: the old one's memory is free as soon as the new policy has taken its place.
    const runtime = await createWebRuntime(backend, threads);
    try {
      return await loadPolicyFolder(folder, breathing(runtime, new Breather()), name, { ownsRuntime: true });
    } catch (error) {
      await runtime.dispose();
      throw error;
    }
  },
};
