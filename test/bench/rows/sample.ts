/** `sample/*`: 16 answers to each of 32 problems with the bundled policy, ours against Transformers.js on the same weights and backend. */
import { exportModel } from '../chromium';
import type { SampleJob } from '../engine';
import { MODELS } from '../paths';
import { generate, loadModel, type GenerateJob, type GenerateRun } from '../peers/transformers';
import { alternate, figure, type Context, type Row } from '../row';
import { ourSide, type Side, type Where } from '../side';
import { MAX_NEW_TOKENS, prompts } from '../workload';

type Generate = (job: GenerateJob) => Promise<GenerateRun>;

async function transformers(side: Side, threads: number): Promise<{ run: Generate; close: () => Promise<void> }> {
  if (!side.page) {
    await exportModel();
    const model = await loadModel(MODELS, 'base', 'cpu', threads);
    return { run: (job) => generate(model, job), close: async () => void (await model.dispose()) };
  }
  const worker = await side.page.worker('transformers');
  await worker.call('load', `${side.page.url}models/`, 'base', threads);
  return { run: (job) => worker.call('generate', job), close: () => worker.close() };
}

/** The peer's best batch size on a quarter of the work. */
async function sweep({ quick, log }: Context, run: Generate, job: Omit<GenerateJob, 'batch'>): Promise<{ batch: number; note: string }> {
  const part = { ...job, prompts: job.prompts.slice(0, quick ? 1 : 8) };
  const rates: [number, number][] = [];
  for (const batch of quick ? [4] : [8, 16, 32, 64, 128]) {
    // The first run of a shape prepares it.
    await run({ ...part, prompts: part.prompts.slice(0, Math.ceil(batch / job.k)), maxNewTokens: 8, batch });
    const { tokens, seconds } = await run({ ...part, batch });
    rates.push([batch, tokens / seconds]);
    log(`Transformers.js, batch ${batch}: ${figure(tokens / seconds)} tokens/s`);
  }
  const [batch] = rates.reduce((a, b) => (b[1] > a[1] ? b : a));
  return { batch, note: `Transformers.js by batch: ${rates.map(([b, r]) => `${b}: ${figure(r)}`).join(', ')}` };
}

/** Our side with so many problems in hand at once; the sampler chooses its batch from what it has. */
async function inParts(side: Side, job: SampleJob, problems: number): Promise<GenerateRun> {
  const all = { tokens: 0, answers: 0, seconds: 0 };
  for (let at = 0; at < job.prompts.length; at += problems) {
    const run = await side.sample({ ...job, prompts: job.prompts.slice(at, at + problems) });
    all.tokens += run.tokens;
    all.answers += run.answers;
    all.seconds += run.seconds;
  }
  return all;
}

/** Our best number of problems at once. */
async function ownSweep({ quick, log }: Context, side: Side, job: SampleJob): Promise<{ problems: number; note: string }> {
  const rates: [number, number][] = [];
  for (const problems of quick ? [2] : [2, 4, 8, job.prompts.length]) {
    // The first run builds the sessions of its shapes.
    await inParts(side, job, problems);
    const { tokens, seconds } = await inParts(side, job, problems);
    rates.push([problems, tokens / seconds]);
    log(`ours, ${problems * job.k} answers at once: ${figure(tokens / seconds)} tokens/s`);
  }
  const [problems] = rates.reduce((a, b) => (b[1] > a[1] ? b : a));
  return { problems, note: `ours by answers in hand: ${rates.map(([p, r]) => `${p * job.k}: ${figure(r)}`).join(', ')}` };
}

const row = (name: string, where: Where): Row => ({
  name,
  ...where,
  unit: 'useful tokens/s',
  better: 'more',
  peer: 'Transformers.js generate',
  async measure(context) {
    const [problems, k, maxNewTokens] = context.quick ? [2, 4, 16] : [32, 16, MAX_NEW_TOKENS];
    const job = { prompts: prompts(problems), k, maxNewTokens };
    const side = await ourSide(context, where);
    try {
      const theirs = await transformers(side, where.threads);
      const { batch, note } = await sweep(context, theirs.run, job);
      const own = await ownSweep(context, side, { ...job, seed: 1 });
      let seed = 2;
      const lengths = { ours: [0, 0], peer: [0, 0] };
      const rate = (of: 'ours' | 'peer', { tokens, seconds, answers }: GenerateRun): number => {
        lengths[of][0]! += tokens;
        lengths[of][1]! += answers;
        return tokens / seconds;
      };
      const values = await alternate(context, {
        ours: async () => rate('ours', await inParts(side, { ...job, seed: seed++ }, own.problems)),
        peer: async () => rate('peer', await theirs.run({ ...job, batch })),
      });
      await theirs.close();
      const mean = ([tokens, answers]: number[]): string => (tokens! / answers!).toFixed(1);
      return {
        ...values,
        notes: [
          `${note}; its best: ${batch}`,
          own.note,
          `mean answer: ours ${mean(lengths.ours)} tokens, Transformers.js ${mean(lengths.peer)}`,
        ],
      };
    } finally {
      await side.close();
    }
  },
});

export const SAMPLE: Row[] = [
  row('sample/node', { backend: 'node', threads: 2 }),
  row('sample/wasm-1', { backend: 'wasm', threads: 1 }),
  row('sample/wasm-2', { backend: 'wasm', threads: 2 }),
];
