/**
 * `growth/*`: how time grows when the work does, at 1×, 2×, 4× and 8×. The figure is the time of the largest in times of the smallest. Random weights of the bundled architecture with a longer context, and answers that run to the length asked for.
 * In training, tokens are examples × context: each of the two is grown alone.
 */
import type { LlamaConfig } from '../../../src/policy/config';
import type { TrainBatch } from '../engine';
import { figure, median, type Context, type Measured, type Row } from '../row';
import { ourSide, type Side, type Where } from '../side';

const WHERE: Where = { backend: 'wasm', threads: 2 };
const CONFIG: LlamaConfig = {
  vocabSize: 512,
  hiddenSize: 128,
  intermediateSize: 352,
  layers: 5,
  heads: 4,
  kvHeads: 2,
  headDim: 32,
  maxPositions: 2048,
  ropeTheta: 10_000,
  rmsNormEps: 1e-6,
  tieEmbeddings: true,
};
const TIMES = [1, 2, 4, 8];

/** Time of the largest size in times of the smallest, by round; a note with the seconds, the factor of each step and the exponent. */
export async function growth(
  { rounds, log }: Context,
  sizes: readonly number[],
  what: string,
  seconds: (size: number) => Promise<number>,
): Promise<Measured> {
  const times = sizes.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, size] of sizes.entries()) times[i]!.push(await seconds(size));
    log(`round ${round + 1}/${rounds}: ${times.map((t, i) => `${sizes[i]!.toLocaleString('en')}: ${figure(t[round]!)} s`).join(', ')}`);
  }
  const last = sizes.length - 1;
  const whole = sizes[last]! / sizes[0]!;
  const medians = times.map(median);
  const factors = medians.slice(1).map((t, i) => `${(t / medians[i]!).toFixed(2)} for ${figure(sizes[i + 1]! / sizes[i]!)}×`);
  const exponent = Math.log(medians[last]! / medians[0]!) / Math.log(whole);
  return {
    ours: times[0]!.map((t, round) => times[last]![round]! / t),
    peer: [whole],
    notes: [
      `${what} ${medians.map((t, i) => `${sizes[i]!.toLocaleString('en')}: ${figure(t)} s`).join(', ')}`,
      `time × ${factors.join(', ')}; exponent ${exponent.toFixed(2)}`,
    ],
  };
}

const row = (
  name: string,
  what: string,
  base: number,
  quickBase: number,
  run: (side: Side, size: number, quick: boolean) => Promise<number>,
): Row => ({
  name,
  ...WHERE,
  unit: '× time for 8× the work',
  better: 'less',
  peer: 'in proportion',
  async measure(context) {
    const side = await ourSide(context, WHERE, CONFIG);
    try {
      const sizes = TIMES.map((t) => t * (context.quick ? quickBase : base));
      // Sessions of every shape are built first.
      for (const size of sizes) await run(side, size, context.quick);
      return await growth(context, sizes, what, (size) => run(side, size, context.quick));
    } finally {
      await side.close();
    }
  },
});

const ids = (length: number, seed: number): number[] =>
  Array.from({ length }, (_, i) => 2 + ((seed * 7919 + i * 104_729) % (CONFIG.vocabSize - 2)));

const sample = async (side: Side, prompt: number, answers: number, tokens: number): Promise<number> =>
  (await side.sample({ prompts: [ids(prompt, 1)], k: answers, seed: 1, maxNewTokens: tokens })).seconds;

const train = async (side: Side, examples: number, length: number): Promise<number> => {
  const batch: TrainBatch = { examples: Array.from({ length: examples }, (_, i) => ({ ids: ids(length + 1, i), from: 1 })) };
  return (await side.train(batch, { objective: 'dft', learningRate: 1e-4 }, 2)).seconds;
};

export const GROWTH: Row[] = [
  row('growth/sample-tokens', 'new tokens of each of 16 answers', 32, 4, (side, n, quick) => sample(side, 32, quick ? 2 : 16, n)),
  row('growth/sample-batch', 'answers of 64 tokens', 8, 1, (side, n, quick) => sample(side, 32, n, quick ? 8 : 64)),
  row('growth/sample-context', 'tokens of the prompt, 16 answers of 32', 128, 16, (side, n, quick) =>
    sample(side, n, quick ? 2 : 16, quick ? 8 : 32),
  ),
  row('growth/train-batch', 'examples of 64 positions', 8, 1, (side, n, quick) => train(side, n, quick ? 16 : 64)),
  row('growth/train-context', 'positions of each of 4 examples', 64, 16, (side, n, quick) => train(side, quick ? 1 : 4, n)),
];
