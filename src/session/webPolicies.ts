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
    createSession: async (model) => session(await runtime.createSession(model)),
    upload: (shape, data) => runtime.upload(shape, data),
    write: (target, data) => runtime.write(target, data),
    read: (source) => runtime.read(source),
    dispose: () => runtime.dispose(),
  };
}

export const webPolicies: PolicyLoader = {
  async webgpuProblem() {
    if (!navigator.gpu) return 'This browser has no WebGPU.';
    const adapter = await navigator.gpu.requestAdapter().catch(() => null);
    return adapter ? null : 'This browser has WebGPU, but no graphics adapter for it.';
  },
  async load(folder, { backend, threads, name }) {
    const runtime = await createWebRuntime(backend, threads);
    return loadPolicyFolder(folder, breathing(runtime, new Breather()), name);
  },
};
