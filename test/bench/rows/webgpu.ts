/**
 * `webgpu/*` in Chromium and `webgpu-node/*` in Node, without a browser. On any adapter: what a training step and a sampled token ask of the device (dispatches, uploads, readbacks). On a real one:
 * speed against our own WASM and against jax-js, and the share of the adapter's own matrix products. A software adapter's times mean nothing,
 * so there the speed rows say what is missing instead.
 */
import type { Adapter, GpuCounts } from '../page/gpu-counter';
import type { PeerRun } from '../page/trainer';
import type { Remote } from '../chromium';
import { dawnAdapter, dawnSide } from '../dawn/side';
import type { LlamaConfig } from '../../../src/policy/config';
import type { StepSettings, TrainBatch } from '../engine';
import { alternate, figure, NotHere, type Context, type Measured, type Row } from '../row';
import { ourSide, type Side } from '../side';
import { MAX_NEW_TOKENS, prompts, squareBatch } from '../workload';
import { MICRO } from '../../../src/policy/testing/micro';

const GPU = { backend: 'webgpu', threads: 1 } as const;
const SETTINGS = { objective: 'dft', learningRate: 1e-5 } as const;

interface Place {
  /** What the rows' names begin with. */
  name: string;
  /** Threads of the WASM side. */
  wasmThreads: number;
  adapter(context: Context): Promise<Adapter | null>;
  side(context: Context, backend: 'wasm' | 'webgpu', random?: LlamaConfig | null): Promise<Side>;
  /** jax-js on WebGPU, beside our own side: seconds of so many steps. */
  jax(side: Side, batch: TrainBatch, settings: StepSettings): Promise<(steps: number) => Promise<PeerRun>>;
}

const CHROMIUM: Place = {
  name: 'webgpu',
  wasmThreads: 2,
  async adapter(context) {
    const page = await context.open({ webgpu: true });
    const found = await (await page.worker('ours')).call<Adapter | null>('adapter');
    await page.close();
    return found;
  },
  side(context, backend, random) {
    return ourSide(context, { backend, threads: backend === 'wasm' ? 2 : 1 }, random);
  },
  async jax(side, batch, settings) {
    const theirs: Remote = await side.page!.worker('jax');
    await theirs.call('load', `${side.page!.url}models/base/`, batch, settings, 'webgpu');
    return (steps) => theirs.call<PeerRun>('train', steps);
  },
};

const NODE: Place = {
  name: 'webgpu-node',
  wasmThreads: 1,
  adapter: dawnAdapter,
  side: (_, backend, random) => dawnSide(backend, random),
  async jax(side, batch, settings) {
    await side.worker!.call('loadJax', batch, settings);
    return (steps) => side.worker!.call<PeerRun>('trainJax', steps);
  },
};

/** @throws NotHere without an adapter, or with a software one where `real` is needed. */
async function adapter(place: Place, context: Context, real: boolean): Promise<Adapter> {
  const found = await place.adapter(context);
  if (!found) throw new NotHere('there is no WebGPU adapter');
  if (real && found.software) throw new NotHere(`only a software adapter is here (${found.name}); its times mean nothing`);
  return found;
}

type Counts = { step: GpuCounts; token: GpuCounts; notes: string[] };

async function count(place: Place, context: Context): Promise<Counts> {
  const { name } = await adapter(place, context, false);
  const side = await place.side(context, 'webgpu', context.quick ? MICRO : null);
  try {
    const counts = (): Promise<GpuCounts> => side.worker!.call('gpuCounts');
    /** Counts for each unit of `work`, after a first run has built sessions and uploaded what stays. */
    const difference = async (first: () => Promise<unknown>, work: () => Promise<number>): Promise<GpuCounts> => {
      await first();
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
    const train = (steps: number) => side.train(batch, SETTINGS, steps);
    const sample = async (): Promise<number> => (tokens = (await side.sample({ ...job, maxNewTokens, seed: 1 })).tokens);
    // As many steps as are read together.
    const step = await difference(
      () => train(1),
      async () => (await train(8), 8),
    );
    const token = await difference(sample, sample);
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

/** One run for all rows of counts. */
function countRows(place: Place): Row[] {
  let counted: Promise<Counts> | null = null;
  const row = (of: 'step' | 'token', what: 'dispatches' | 'uploads' | 'readbacks'): Row => ({
    name: `${place.name}/${of === 'step' ? 'train' : 'sample'}-${what}`,
    ...GPU,
    unit: of === 'step' ? 'a training step' : 'a sampled token',
    better: 'less',
    peer: '',
    async measure(context): Promise<Measured> {
      const all = await (counted ??= count(place, context).catch((error: unknown) => {
        counted = null;
        throw error;
      }));
      const notes = [...all.notes];
      if (what === 'uploads') notes.push(`${figure(all[of].uploadedBytes)} bytes; ${figure(all[of].largeUploads)} of them 1 KiB or more`);
      if (what === 'dispatches') notes.push(`${figure(all[of].submits)} submits`);
      return { ours: [all[of][what]], peer: [], notes };
    },
  });
  return (['step', 'token'] as const).flatMap((of) => (['dispatches', 'uploads', 'readbacks'] as const).map((what) => row(of, what)));
}

/** Our own WASM beside WebGPU, each in a browser or process of its own. */
const against = (place: Place, name: string, unit: string, work: (context: Context) => (side: Side) => Promise<number>): Row => ({
  name: `${place.name}/${name}`,
  ...GPU,
  unit,
  better: 'more',
  peer: `ours on WASM, ${place.wasmThreads} thread${place.wasmThreads === 1 ? '' : 's'}`,
  async measure(context) {
    const { name } = await adapter(place, context, true);
    const [gpu, wasm] = [await place.side(context, 'webgpu'), await place.side(context, 'wasm')];
    const run = work(context);
    await run(gpu);
    await run(wasm);
    const measured = await alternate(context, { ours: () => run(gpu), peer: () => run(wasm) });
    await gpu.close();
    await wasm.close();
    return { ...measured, notes: [name] };
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

const rows = (place: Place): Row[] => [
  ...countRows(place),
  against(place, 'sample', 'useful tokens/s', sampling),
  against(place, 'train', 'positions/s', training),
  {
    name: `${place.name}/train-jax-js`,
    ...GPU,
    unit: 'positions/s',
    better: 'more',
    peer: 'jax-js on WebGPU',
    async measure(context) {
      const { name } = await adapter(place, context, true);
      const side = await place.side(context, 'webgpu');
      const batch = trainBatch(context);
      const positions = batch.examples.reduce((n, e) => n + e.ids.length - 1, 0);
      const theirs = await place.jax(side, batch, SETTINGS);
      const run = training(context);
      await run(side);
      await theirs(2);
      const peer = async (): Promise<number> => positions / (await theirs(5)).seconds;
      const measured = await alternate(context, { ours: () => run(side), peer });
      await side.close();
      return { ...measured, notes: [name] };
    },
  },
  {
    name: `${place.name}/limit-train`,
    ...GPU,
    unit: 'GFLOP/s',
    better: 'more',
    peer: 'square products of 1024–4096',
    async measure(context) {
      const { name } = await adapter(place, context, true);
      const side = await place.side(context, 'webgpu');
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
      const measured = await alternate(context, { ours, peer });
      await side.close();
      return { ...measured, notes: [name] };
    },
  },
];

export const WEBGPU: Row[] = [...rows(CHROMIUM), ...rows(NODE)];
