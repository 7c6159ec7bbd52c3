/** The method on the real engine: a micro Llama policy with random weights on onnxruntime-node. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OnnxPolicy } from '../policy/onnx-policy';
import { createNodeRuntime } from '../policy/runtime/node';
import { microPolicy } from '../policy/testing/micro';
import type { PolicyCheckpoint, TrainExample } from '../policy/types';
import type { Task } from '../tasks/types';
import { armConfig, armExamples } from './arms';
import { bindObjective } from './objectives';
import { rewrite } from './rewrite';
import { trainArm } from './train';
import type { RewriteConfig, RewriteEvent, RewriteProgress, RewrittenRow, TrainMetrics } from './types';

/** A response is correct when it holds the gold letter: a random policy sometimes manages. */
const task: Task = {
  id: 'micro',
  name: 'micro',
  sets: [{ id: 'train', name: 'train', description: '' }],
  testSets: ['train'],
  problems: (_, count) =>
    Array.from({ length: count }, (_, i) => ({
      id: `p${i}`,
      family: 'f',
      question: 'abcdefgh'.slice(0, 1 + (i % 8)),
      gold: 'mno'[i % 3]!,
    })),
  demonstration: ({ gold }) => ({ text: `k${gold}k` }),
  messages: ({ question }) => [{ role: 'user', content: `${question}w` }],
  retellMessages: ({ question }, text) => [{ role: 'user', content: `${question}v${text}w` }],
  grade: ({ gold }, response) => ({ correct: response.includes(gold), rule: 'holds the letter', status: 'ok', prediction: response, gold }),
};
const config: RewriteConfig = {
  set: 'train',
  problems: 10,
  dataSeed: 1,
  k: 4,
  temperature: 1,
  topP: 1,
  seed: 2,
  maxNewTokens: 40,
  chunk: 4,
};

let policy: OnnxPolicy;
beforeAll(() => {
  policy = microPolicy(createNodeRuntime(1));
});
afterAll(() => policy.dispose());

async function run(change: Partial<RewriteConfig> = {}, progress?: RewriteProgress): Promise<RewriteEvent[]> {
  const events: RewriteEvent[] = [];
  for await (const event of rewrite(policy, task, { ...config, ...change }, { progress })) events.push(event);
  return events;
}
const rowsOf = (events: RewriteEvent[]): RewrittenRow[] =>
  events.flatMap((event) => ('rows' in event ? event.rows : [])).sort((a, b) => a.problemId.localeCompare(b.problemId));

describe('the method on the real engine', () => {
  it('samples the same texts whatever the chunks, and a resumed run is bit-equal', async () => {
    const whole = await run();
    const rows = rowsOf(whole);
    expect(rows).toHaveLength(10);
    expect(rows.some((row) => row.stage !== 'fallback')).toBe(true);
    const texts = (list: RewrittenRow[]) => list.map(({ stage, kept, completion }) => [stage, kept, completion]);
    expect(texts(rowsOf(await run({ chunk: 10 })))).toEqual(texts(rows));

    const cut = whole.findIndex((event) => event.type === 'chunk' && event.done === 8);
    const progress: RewriteProgress = { candidates: [], rows: [] };
    for (const event of whole.slice(0, cut)) {
      if (event.type === 'candidate') progress.candidates.push(event.candidate);
      else if (event.type === 'chunk') progress.rows.push(...event.rows);
    }
    const resumed = await run({}, structuredClone(progress));
    expect([...progress.rows, ...rowsOf(resumed)].sort((a, b) => a.problemId.localeCompare(b.problemId))).toEqual(rows);
  });

  it('self rows score under the plain prompt as they were sampled', async () => {
    const events = await run();
    for (const row of rowsOf(events).filter(({ stage }) => stage === 'self')) {
      for (const [t, logProb] of row.policyLogProbs.entries()) expect(logProb).toBeCloseTo(row.behaviorLogProbs![t]!, 4);
    }
  });

  it('training resumed from a checkpoint is bit-equal, and the loss is the global token mean', async () => {
    const rows = rowsOf(await run());
    const examples = armExamples('dr+sft', rows);
    const training = { ...armConfig('dr+sft', 3, 96), batchSize: 4, learningRate: 1e-3 };
    const collect = async (
      target: OnnxPolicy,
      resume?: { checkpoint: PolicyCheckpoint; step: number },
      at?: (step: number) => Promise<void>,
    ) => {
      const metrics: Omit<TrainMetrics, 'seconds'>[] = [];
      for await (const event of trainArm(target, examples, training, resume)) {
        if (event.type !== 'step') continue;
        const { seconds: _, ...rest } = event.metrics;
        metrics.push(rest);
        await at?.(rest.step);
      }
      return metrics;
    };
    const first = await policy.fork();
    let saved: PolicyCheckpoint | undefined;
    const whole = await collect(first, undefined, async (step) => {
      if (step === 2) saved = structuredClone(await first.checkpoint());
    });
    const second = await policy.fork();
    expect(await collect(second, { checkpoint: saved!, step: 2 })).toEqual(whole.slice(2));
    expect((await second.checkpoint()).parameters).toEqual((await first.checkpoint()).parameters);
    await first.dispose();
    await second.dispose();
  });

  it('splitting into micro-batches changes neither loss nor gradient', async () => {
    const examples: TrainExample[] = armExamples('sft', rowsOf(await run()));
    const tokens = examples.reduce((total, { ids, from }) => total + ids.length - from, 0);
    for (const id of ['sft', 'dft']) {
      const objective = bindObjective({ id });
      const [together, apart] = [await policy.fork(), await policy.fork()];
      const sums = await together.accumulate(examples, objective, tokens);
      let loss = 0;
      for (const example of examples) loss += (await apart.accumulate([example], objective, tokens)).loss;
      expect(loss).toBeCloseTo(sums.loss, 3);
      const [a, b] = [await together.apply({ learningRate: 1e-3 }), await apart.apply({ learningRate: 1e-3 })];
      expect(b.gradNorm / a.gradNorm).toBeCloseTo(1, 5);
      const scores = await policy.score(examples);
      const nll = -scores.reduce((total, { logProbs }) => total + logProbs.reduce((x, y) => x + y, 0), 0);
      expect(sums.nll).toBeCloseTo(nll, 3);
      await together.dispose();
      await apart.dispose();
    }
  });
});
