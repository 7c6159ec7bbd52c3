/** Our engine on a browser backend. */
import type { LlamaConfig } from '../../../src/policy/config';
import { loadPolicyFolder, POLICY_FILES } from '../../../src/policy/folder';
import { createWebRuntime, type WebBackend } from '../../../src/policy/runtime/web';
import { Engine, type SampleJob, type StepSettings, type TrainBatch } from '../engine';
import { adapterHere, countGpu, countWasmMemory } from './gpu-counter';
import { answer } from './rpc';

const gpuCounts = countGpu();
const wasmBytes = countWasmMemory();

let engine: Engine | null = null;
const loaded = (): Engine => {
  if (!engine) throw new Error('load() comes first.');
  return engine;
};

answer({
  /** `base`: address of a policy folder, with a final slash. */
  async load(base: string, backend: WebBackend, threads: number): Promise<{ threads: number; detail: string }> {
    const files = new Map<string, Uint8Array>();
    for (const name of POLICY_FILES) files.set(name, new Uint8Array(await (await fetch(base + name)).arrayBuffer()));
    const runtime = await createWebRuntime(backend, threads);
    engine = new Engine(runtime, await loadPolicyFolder(files, runtime, 'tinymath'));
    return { threads: runtime.info.threads, detail: runtime.info.detail };
  },
  /** Random weights of this architecture. */
  async loadRandom(config: LlamaConfig, backend: WebBackend, threads: number): Promise<{ threads: number; detail: string }> {
    const runtime = await createWebRuntime(backend, threads);
    engine = Engine.random(runtime, config);
    return { threads: runtime.info.threads, detail: runtime.info.detail };
  },
  adapter: adapterHere,
  gpuCounts,
  wasmBytes,
  config: () => loaded().config,
  sample: (job: SampleJob) => loaded().sample(job),
  reset: () => loaded().reset(),
  train: (batch: TrainBatch, settings: StepSettings, steps: number) => loaded().train(batch, settings, steps),
  gemmRate: (size: number, tries: number) => loaded().gemmRate(size, tries),
});
