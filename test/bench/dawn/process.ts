/** A process of its own for the rows of WebGPU in Node: what the page's workers do, over the same calls. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gpu } from './gpu';
import { adapterHere, countGpu } from '../page/gpu-counter';

const gpuCounts = countGpu();
const send = process.send!.bind(process);
Object.assign(globalThis, { self: globalThis, postMessage: (data: unknown) => send(data) });

// After the counter and the globals: the runtimes look at what there is when they are loaded.
const [{ answer }, { Engine }, { bundledEngine }, { gemmRate }, { ArrayRuntime }, { WebGpuRuntime }, { MODEL }, peers, { jaxTrainer }] =
  await Promise.all([
    import('../page/rpc'),
    import('../engine'),
    import('../node'),
    import('../products'),
    import('../../../src/policy/runtime/ort'),
    import('../../../src/policy/runtime/webgpu'),
    import('../paths'),
    import('../peers/model'),
    import('../peers/jax'),
  ]);
type Engine = InstanceType<typeof Engine>;

async function runtimeOf(backend: 'wasm' | 'webgpu') {
  const ort = backend === 'wasm' ? await import('onnxruntime-web/wasm') : await import('onnxruntime-web/webgpu');
  ort.env.wasm.numThreads = 1;
  if (backend === 'webgpu') return WebGpuRuntime.create(ort, gpu);
  return new ArrayRuntime(
    ort,
    { name: 'wasm', threads: 1, detail: 'in Node' },
    { executionProviders: ['wasm'], graphOptimizationLevel: 'all' },
    false,
  );
}

let engine: Engine | null = null;
let trainer: Awaited<ReturnType<typeof jaxTrainer>> | null = null;
const loaded = (): Engine => {
  if (!engine) throw new Error('load() comes first.');
  return engine;
};

answer({
  adapter: adapterHere,
  gpuCounts,
  /** The bundled policy, or random weights of this architecture. */
  async load(backend: 'wasm' | 'webgpu', random: Parameters<typeof Engine.random>[1] | null): Promise<string> {
    const runtime = await runtimeOf(backend);
    engine = random ? Engine.random(runtime, random) : await bundledEngine(runtime);
    return engine.policy.backend.detail;
  },
  config: () => loaded().config,
  sample: (...args: Parameters<Engine['sample']>) => loaded().sample(...args),
  reset: () => loaded().reset(),
  train: (...args: Parameters<Engine['train']>) => loaded().train(...args),
  gemmRate: async (backend: 'wasm' | 'webgpu', size: number, tries: number) => gemmRate(await runtimeOf(backend), size, tries),
  async loadJax(batch: Parameters<typeof peers.denseBatch>[1], settings: Parameters<typeof jaxTrainer>[2]): Promise<string> {
    const model = peers.readModel(await readFile(join(MODEL, 'config.json'), 'utf8'), await readFile(join(MODEL, 'model.safetensors')));
    trainer = await jaxTrainer(model, peers.denseBatch(model.config, batch), settings, 'webgpu');
    return trainer.detail;
  },
  async trainJax(steps: number): Promise<{ seconds: number; losses: number[] }> {
    const losses: number[] = [];
    const started = performance.now();
    for (let i = 0; i < steps; i++) losses.push(await trainer!.step());
    return { seconds: (performance.now() - started) / 1000 / steps, losses };
  },
});
// Only now: Node keeps calls for a listener that comes late.
process.on('message', (data) => (self.onmessage as ((event: { data: unknown }) => void) | null)?.({ data }));
