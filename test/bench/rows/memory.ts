/** `memory/*`: what is held after 1,000 training steps and 10,000 samples, against what was held after the first few. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { GpuCounts } from '../page/gpu-counter';
import { MICRO } from '../../../src/policy/testing/micro';
import type { Context, Row } from '../row';
import { ourSide, type Side, type Where } from '../side';
import { prompts, squareBatch } from '../workload';

/** Bytes by part, garbage collected. */
type Held = Record<string, number>;

const MIB = 2 ** 20;

async function inNode(): Promise<Held> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  for (let i = 0; i < 3; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { heap: heapUsed, arrays: arrayBuffers, process: rss };
}

async function inPage(side: Side): Promise<Held> {
  const heap = await side.page!.page.evaluate(async () => {
    const measure = (performance as unknown as { measureUserAgentSpecificMemory(): Promise<{ bytes: number }> })
      .measureUserAgentSpecificMemory;
    return (await measure.call(performance)).bytes;
  });
  const gpu = await side.worker!.call<GpuCounts>('gpuCounts');
  return { 'page and workers': heap, 'of it WASM': await side.worker!.call<number>('wasmBytes'), 'GPU buffers': gpu.bufferBytes };
}

/** What the table shows: the process in Node; the page with its workers, WASM memory among it, and the GPU's buffers. */
const total = (held: Held): number => (held.process ?? held['page and workers']! + held['GPU buffers']!) / MIB;

/** The work is done in equal parts, so that what one of them needs is there after the first. */
const PART = 0.05;

type Work = (context: Context, side: Side, share: number) => Promise<string>;

const train: Work = async ({ quick }, side, share) => {
  const steps = Math.ceil((quick ? 10 : 1000) * share);
  await side.train(squareBatch(quick ? 1 : 4, quick ? 16 : 32), { objective: 'dft', learningRate: 1e-5 }, steps);
  return `${steps} steps`;
};
const sample: Work = async ({ quick }, side, share) => {
  const problems = Math.ceil((quick ? 2 : 625) * share);
  const { answers } = await side.sample({ prompts: prompts(problems), k: quick ? 2 : 16, seed: 1, maxNewTokens: 32 });
  return `${answers} samples`;
};
/** Small enough for a software adapter. */
const micro: Work = async ({ quick }, side, share) => {
  const steps = Math.ceil((quick ? 4 : 100) * share);
  await side.train({ examples: [{ ids: [1, 2, 3, 4, 5], from: 2 }] }, { objective: 'dft', learningRate: 1e-5 }, steps);
  const { answers } = await side.sample({ prompts: [[1, 2, 3]], k: steps, seed: 1, maxNewTokens: 8 });
  return `${steps} steps and ${answers} samples of the micro policy`;
};

const row = (name: string, where: Where, work: Work): Row => ({
  name,
  ...where,
  unit: 'MiB held',
  better: 'less',
  peer: 'after a twentieth of it',
  async measure(context) {
    const side = await ourSide(context, where, where.backend === 'webgpu' ? MICRO : null);
    try {
      const held = (): Promise<Held> => (where.backend === 'node' ? inNode() : inPage(side));
      await work(context, side, PART);
      const before = await held();
      let done = '';
      for (let i = 1; i * PART < 1; i++) done = await work(context, side, PART);
      const after = await held();
      const parts = Object.keys(after).map((part) => `${part} ${(before[part]! / MIB).toFixed(1)} → ${(after[part]! / MIB).toFixed(1)}`);
      return { ours: [total(after)], peer: [total(before)], notes: [`${1 / PART} times ${done}; MiB: ${parts.join(', ')}`] };
    } finally {
      await side.close();
    }
  },
});

export const MEMORY: Row[] = [
  row('memory/train-node', { backend: 'node', threads: 2 }, train),
  row('memory/sample-node', { backend: 'node', threads: 2 }, sample),
  row('memory/train-wasm', { backend: 'wasm', threads: 2 }, train),
  row('memory/sample-wasm', { backend: 'wasm', threads: 2 }, sample),
  row('memory/webgpu', { backend: 'webgpu', threads: 1 }, micro),
];
