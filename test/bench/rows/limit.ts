/** `limit/*`: the arithmetic of a training step and of sampling (../flops.ts) against square f32 products through the same runtime. */
import { microBatches, paddingShare } from '../../../src/policy/buckets';
import { alternate, figure, settle, median, type Context, type Row } from '../row';
import type { Passes } from '../products';
import { ourSide, type Side, type Where } from '../side';
import { MAX_NEW_TOKENS, prompts, raggedBatch, squareBatch } from '../workload';

/** The best rate of the sizes, in GFLOP/s. */
async function gemmRate({ quick }: Context, side: Side): Promise<number> {
  let best = 0;
  for (const size of quick ? [64] : [512, 768, 1024]) best = Math.max(best, await side.gemmRate(size, quick ? 1 : 5));
  return best;
}

interface Work {
  /** GFLOP/s reached. */
  measure(side: Side): Promise<number>;
  notes(side: Side): Promise<string[]>;
}

const row = (name: string, where: Where, work: (context: Context) => Work): Row => ({
  name,
  ...where,
  unit: 'GFLOP/s',
  better: 'more',
  peer: 'square products of 512–1024',
  async measure(context) {
    const side = await ourSide(context, where);
    try {
      const { measure, notes } = work(context);
      // Sessions are built and warm.
      await settle(
        context,
        () => measure(side),
        () => gemmRate(context, side),
      );
      const values = await alternate(context, { ours: () => measure(side), peer: () => gemmRate(context, side) });
      return { ...values, notes: await notes(side) };
    } finally {
      await side.close();
    }
  },
});

function training({ quick, rounds }: Context): Work {
  const batch = quick ? squareBatch(2, 16) : squareBatch(16, 128);
  const settings = { objective: 'dft', learningRate: 1e-5 } as const;
  const rates: number[] = [];
  return {
    async measure(side) {
      const { flops, seconds, positions } = await side.train(batch, settings, quick ? 1 : 5);
      rates.push(positions / seconds);
      return flops / seconds / 1e9;
    },
    async notes(side) {
      const ragged = raggedBatch(quick ? 4 : 32);
      await side.train(ragged, settings, 1);
      const run = await side.train(ragged, settings, quick ? 1 : 5);
      const lengths = ragged.examples.map((e) => e.ids.length - 1);
      const padding = paddingShare(lengths, microBatches(lengths));
      return [
        `${batch.examples.length} × ${batch.examples[0]!.ids.length - 1} positions: ${figure(median(rates.slice(-rounds)))} positions/s`,
        `${ragged.examples.length} examples as they come: ${figure(run.positions / run.seconds)} positions/s, ${figure(run.flops / run.seconds / 1e9)} GFLOP/s of useful work, ${(100 * padding).toFixed(1)} % padding`,
      ];
    },
  };
}

function sampling({ quick, rounds }: Context): Work {
  const job = quick ? { prompts: prompts(2), k: 2, maxNewTokens: 8 } : { prompts: prompts(32), k: 16, maxNewTokens: MAX_NEW_TOKENS };
  let seed = 1;
  const runs: { rate: number; share: number; repeated: number }[] = [];
  return {
    async measure(side) {
      const { tokens, repeated, seconds, decoding, prefill } = await side.sample({ ...job, seed: seed++ });
      runs.push({ rate: tokens / seconds, share: prefill / (decoding + prefill), repeated: repeated / tokens });
      return (decoding + prefill) / seconds / 1e9;
    },
    async notes() {
      return [
        `${figure(median(runs.slice(-rounds).map((r) => r.rate)))} useful tokens/s`,
        `of the work, prompts (each once) are ${(100 * runs[runs.length - 1]!.share).toFixed(1)} %`,
        `${(100 * median(runs.map((r) => r.repeated))).toFixed(0)} % of the tokens continue what another answer to the problem begins with, and are counted here although they are computed once`,
      ];
    },
  };
}

/**
 * A step's matrix products alone, of training or of sampling: what remains to reach is between that row and this one. Sampling multiplies as many rows
 * as are being generated, few at a wave's beginning and end.
 */
const products =
  (passes: Passes, positions: number) =>
  ({ quick, rounds }: Context): Work => {
    const rates = { together: [] as number[], apart: [] as number[] };
    return {
      async measure(side) {
        const { together, apart } = await side.stepProducts(quick ? 32 : positions, quick ? 1 : passes === 'forward' ? 30 : 5, passes);
        rates.together.push(together);
        rates.apart.push(apart);
        return Math.max(together, apart);
      },
      notes: () =>
        Promise.resolve([
          `the products of weights of a step of ${passes === 'forward' ? 'sampling' : 'training'} on ${positions} positions; both threads in one session ${figure(median(rates.together.slice(-rounds)))}, a session each ${figure(median(rates.apart.slice(-rounds)))} GFLOP/s; the better counts`,
        ]),
    };
  };

export const LIMIT: Row[] = [
  row('limit/train-native', { backend: 'node', threads: 2 }, training),
  row('limit/train-wasm', { backend: 'wasm', threads: 2 }, training),
  row('limit/products-native', { backend: 'node', threads: 2 }, products('training', 1024)),
  row('limit/products-wasm', { backend: 'wasm', threads: 2 }, products('training', 1024)),
  row('limit/sample-native', { backend: 'node', threads: 2 }, sampling),
  row('limit/sample-wasm', { backend: 'wasm', threads: 2 }, sampling),
  row('limit/sample-products-native', { backend: 'node', threads: 2 }, products('forward', 80)),
  row('limit/sample-products-wasm', { backend: 'wasm', threads: 2 }, products('forward', 80)),
];
