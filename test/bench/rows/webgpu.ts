/**
 * `webgpu/*`. On any adapter: what a training step and a sampled token ask of the device (dispatches, uploads, readbacks). On a real one:
 * speed against our own WASM and against jax-js, and the share of the adapter's own matrix products. A software adapter's times mean nothing,
 * so there the speed rows say what is missing instead.
 */
import type { Adapter, GpuCounts } from '../page/gpu-counter';
import type { PeerRun } from '../page/trainer';
import { alternate, figure, NotHere, type Context, type Measured, type Row } from '../row';
import { ourSide, type Side } from '../side';
import { MAX_NEW_TOKENS, prompts, squareBatch } from '../workload';
import { MICRO } from '../../../src/policy/testing/micro';

const GPU = { backend: 'webgpu', threads: 1 } as const;
const SETTINGS = { objective: 'dft', learningRate: 1e-5 } as const;

/** @throws NotHere without an adapter, or with a software one where `real` is needed. */
async function adapter(context: Context, real: boolean): Promise<Adapter> {
  const page = await context.open({ webgpu: true });
  const found = await (await page.worker('ours')).call<Adapter | null>('adapter');
  await page.close();
  if (!found) throw new NotHere('this Chromium has no WebGPU adapter');
  if (real && found.software) throw new NotHere(`only a software adapter is here (${found.name}); its times mean nothing`);
  return found;
}

type Counts = { step: GpuCounts; token: GpuCounts; notes: string[] };
/** One run for all rows of counts. */
let counted: Promise<Counts> | null = null;

async function count(context: Context): Promise<Counts> {
  const { name } = await adapter(context, false);
  const side = await ourSide(context, GPU, context.quick ? MICRO : null);
  try {
    const counts = (): Promise<GpuCounts> => side.worker!.call('gpuCounts');
    const difference = async (work: () => Promise<number>): Promise<GpuCounts> => {
      // The first run builds sessions and uploads what stays.
      await work();
      const before = await counts();
      const units = await work();
      const after = await counts();
      return Object.fromEntries(
        Object.entries(after).map(([k, x]) => [k, (x - before[k as keyof GpuCounts]) / units]),
      ) as unknown as GpuCounts;
    };
    const batch = context.quick ? { examples: [{ ids: [1, 2, 3, 4, 5], from: 2 }] } : squareBatch(4, 32);
    const job = context.quick ? { prompts: [[1, 2, 3]], k: 2 } : { prompts: prompts(4), k: 16 };
    const maxNewTokens = 16;
    const answers = job.prompts.length * job.k;
    let tokens = 0;
    const step = await difference(async () => (await side.train(batch, SETTINGS, 8), 8));
    const token = await difference(async () => (tokens = (await side.sample({ ...job, maxNewTokens, seed: 1 })).tokens));
    return {
      step,
      token,
      notes: [
        `${name}; a step of ${batch.examples.length} × ${batch.examples[0]!.ids.length - 1} positions; ${answers} answers, ${tokens} tokens`,
      ],
    };
  } finally {
    await side.close();
  }
}

const countRow = (name: string, of: 'step' | 'token', what: 'dispatches' | 'uploads' | 'readbacks'): Row => ({
  name,
  ...GPU,
  unit: of === 'step' ? 'a training step' : 'a sampled token',
  better: 'less',
  peer: '',
  async measure(context): Promise<Measured> {
    const all = await (counted ??= count(context).catch((error: unknown) => {
      counted = null;
      throw error;
    }));
    const notes = [...all.notes];
    if (what === 'uploads') notes.push(`${figure(all[of].uploadedBytes)} bytes; ${figure(all[of].largeUploads)} of them 1 KiB or more`);
    if (what === 'dispatches') notes.push(`${figure(all[of].submits)} submits`);
    return { ours: [all[of][what]], peer: [], notes };
  },
});

/** Our own WASM beside WebGPU, each in a browser of its own. */
const against = (name: string, unit: string, work: (context: Context) => (side: Side) => Promise<number>): Row => ({
  name,
  ...GPU,
  unit,
  better: 'more',
  peer: 'ours on WASM, 2 threads',
  async measure(context) {
    const { name } = await adapter(context, true);
    const [gpu, wasm] = [await ourSide(context, GPU), await ourSide(context, { backend: 'wasm', threads: 2 })];
    const run = work(context);
    await run(gpu);
    await run(wasm);
    return { ...(await alternate(context, { ours: () => run(gpu), peer: () => run(wasm) })), notes: [name] };
  },
});

const sampling = ({ quick }: Context) => {
  const job = quick ? { prompts: prompts(2), k: 2, maxNewTokens: 8 } : { prompts: prompts(32), k: 16, maxNewTokens: MAX_NEW_TOKENS };
  let seed = 1;
  return async (side: Side): Promise<number> => {
    const { tokens, seconds } = await side.sample({ ...job, seed: seed++ });
    return tokens / seconds;
  };
};

const trainBatch = ({ quick }: Context) => (quick ? squareBatch(2, 16) : squareBatch(16, 128));
const training =
  (context: Context) =>
  async (side: Side): Promise<number> => {
    const { positions, seconds } = await side.train(trainBatch(context), SETTINGS, 5);
    return positions / seconds;
  };

export const WEBGPU: Row[] = [
  ...(['dispatches', 'uploads', 'readbacks'] as const).map((what) => countRow(`webgpu/train-${what}`, 'step', what)),
  ...(['dispatches', 'uploads', 'readbacks'] as const).map((what) => countRow(`webgpu/sample-${what}`, 'token', what)),
  against('webgpu/sample', 'useful tokens/s', sampling),
  against('webgpu/train', 'positions/s', training),
  {
    name: 'webgpu/train-jax-js',
    ...GPU,
    unit: 'positions/s',
    better: 'more',
    peer: 'jax-js on WebGPU',
    async measure(context) {
      const { name } = await adapter(context, true);
      const side = await ourSide(context, GPU);
      const batch = trainBatch(context);
      const positions = batch.examples.reduce((n, e) => n + e.ids.length - 1, 0);
      const theirs = await side.page!.worker('jax');
      await theirs.call('load', `${side.page!.url}models/tinymath/`, batch, SETTINGS, 'webgpu');
      const run = training(context);
      await run(side);
      await theirs.call('train', 2);
      const peer = async (): Promise<number> => positions / (await theirs.call<PeerRun>('train', 5)).seconds;
      return { ...(await alternate(context, { ours: () => run(side), peer })), notes: [name] };
    },
  },
  {
    name: 'webgpu/limit-train',
    ...GPU,
    unit: 'GFLOP/s',
    better: 'more',
    peer: 'square products of 1024–4096',
    async measure(context) {
      const { name } = await adapter(context, true);
      const side = await ourSide(context, GPU);
      const batch = trainBatch(context);
      const ours = async (): Promise<number> => {
        const { flops, seconds } = await side.train(batch, SETTINGS, 5);
        return flops / seconds / 1e9;
      };
      const peer = async (): Promise<number> => {
        let best = 0;
        for (const size of context.quick ? [64] : [1024, 2048, 4096]) best = Math.max(best, await side.gemmRate(size, 5));
        return best;
      };
      await ours();
      return { ...(await alternate(context, { ours, peer })), notes: [name] };
    },
  },
];
