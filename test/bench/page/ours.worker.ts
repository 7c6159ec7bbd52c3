/** Our engine on a browser backend. */
import type { LlamaConfig } from '../../../src/policy/config';
import { loadPolicyFolder, POLICY_FILES } from '../../../src/policy/folder';
import type { OnnxPolicyOptions } from '../../../src/policy/onnx-policy';
import published from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { loadOrt } from '../../../src/policy/runtime/ort-web';
import { createWebRuntime, type WebBackend } from '../../../src/policy/runtime/web';
import { launchReplica } from '../../../workers/replica';
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

interface Loaded {
  threads: number;
  detail: string;
}
const use = (made: Engine): Loaded => {
  engine = made;
  const { threads, detail } = made.policy.backend;
  return { threads, detail };
};
const replicas = (backend: WebBackend, threads: number): OnnxPolicyOptions['replicas'] =>
  backend === 'wasm' ? { launch: launchReplica, count: threads - 1 } : undefined;

answer({
  /** `base`: address of a policy folder, with a final slash. `asPublished`: onnxruntime's WASM file with its own products, in this thread only. */
  async load(base: string, backend: WebBackend, threads: number, asPublished: boolean): Promise<Loaded> {
    if (asPublished) await loadOrt('wasm', { binary: published });
    const files = new Map<string, Uint8Array>();
    for (const name of POLICY_FILES) files.set(name, new Uint8Array(await (await fetch(base + name)).arrayBuffer()));
    const runtime = await createWebRuntime(backend, 1);
    return use(new Engine(runtime, await loadPolicyFolder(files, runtime, 'base', { replicas: replicas(backend, threads) })));
  },
  /** Random weights of this architecture. */
  async loadRandom(config: LlamaConfig, backend: WebBackend, threads: number): Promise<Loaded> {
    return use(Engine.random(await createWebRuntime(backend, 1), config, replicas(backend, threads)));
  },
  adapter: adapterHere,
  gpuCounts,
  wasmBytes,
  config: () => loaded().config,
  sample: (job: SampleJob) => loaded().sample(job),
  reset: () => loaded().reset(),
  train: (batch: TrainBatch, settings: StepSettings, steps: number) => loaded().train(batch, settings, steps),
});
