import { expect, it } from 'vitest';
import type { PolicyCheckpoint, TrainExample } from '../policy/types';
import { armConfig, armExamples } from './arms';
import { rewrite } from './rewrite';
import { deferring } from './testing/deferring';
import { letterPolicy, letterTask, rewriteConfig } from './testing/letter-task';
import { trainArm, TrainingStopped, type TrainEvent } from './train';
import type { RewrittenRow, TrainConfig, TrainMetrics } from './types';

const config: TrainConfig = { ...armConfig('dr+dft', 5, 64), batchSize: 4, learningRate: 0.05 };
const timeless = ({ seconds: _, ...metrics }: TrainMetrics) => metrics;

async function examples(): Promise<TrainExample[]> {
  const all: RewrittenRow[] = [];
  for await (const event of rewrite(letterPolicy(), letterTask, rewriteConfig)) if ('rows' in event) all.push(...event.rows);
  return armExamples('dr+dft', all);
}

type Step = TrainEvent & { type: 'step' };
/** The steps until the end, whatever it was. */
async function stepsOf(stream: AsyncIterable<TrainEvent>, each?: (step: Step) => Promise<void> | void) {
  const steps: Step[] = [];
  try {
    for await (const event of stream) {
      if (event.type !== 'step') continue;
      steps.push(event);
      await each?.(event);
    }
  } catch (error) {
    return { steps, error };
  }
  return { steps, error: null };
}

it('gives the same figures in the same order, one a step, in few reads', async () => {
  const data = await examples();
  const [plain, later] = [letterPolicy(), deferring(letterPolicy())];
  const a = await stepsOf(trainArm(plain, data, config));
  const b = await stepsOf(trainArm(later, data, config));
  expect(a.steps).toHaveLength(20);
  expect(b.steps.map((s) => timeless(s.metrics))).toEqual(a.steps.map((s) => timeless(s.metrics)));
  expect(later.logits).toEqual(plain.logits);
  expect(later.reads).toEqual([8, 8, 4]);
  expect(a.steps.every((s) => s.latest)).toBe(true);
  expect(b.steps.filter((s) => s.latest).map((s) => s.metrics.step)).toEqual([8, 16, 20]);
});

it('resumed from the checkpoint of a latest step goes on exactly', async () => {
  const data = await examples();
  const policy = deferring(letterPolicy());
  const checkpoints = new Map<number, PolicyCheckpoint>();
  const { steps } = await stepsOf(trainArm(policy, data, config), async ({ latest, metrics }) => {
    if (latest) checkpoints.set(metrics.step, await policy.checkpoint());
  });
  for (const [step, checkpoint] of checkpoints) {
    const again = deferring(letterPolicy());
    const rest = await stepsOf(trainArm(again, data, config, { checkpoint, step }));
    expect(rest.steps.map((s) => timeless(s.metrics))).toEqual(steps.slice(step).map((s) => timeless(s.metrics)));
    expect(again.logits).toEqual(policy.logits);
  }
});

it('a stop comes after the steps that were done, the last of them the latest', async () => {
  const stop = new AbortController();
  const policy = deferring(letterPolicy());
  const { step } = policy.deferred;
  let done = 0;
  policy.deferred.step = async (...args) => {
    await step(...args);
    if (++done === 11) stop.abort(new Error('stopped'));
  };
  const { steps, error } = await stepsOf(trainArm(policy, await examples(), config, undefined, stop.signal));
  expect(error).toEqual(new Error('stopped'));
  expect(steps.map((s) => s.metrics.step)).toEqual(Array.from({ length: 11 }, (_, i) => i + 1));
  expect(steps.at(-1)!.latest).toBe(true);
});

it('so does a step that fails', async () => {
  const policy = deferring(letterPolicy());
  const { step } = policy.deferred;
  let done = 0;
  policy.deferred.step = (...args) => (++done === 4 ? Promise.reject(new Error('failed')) : step(...args));
  const { steps, error } = await stepsOf(trainArm(policy, await examples(), config));
  expect(error).toEqual(new Error('failed'));
  expect(steps.map((s) => [s.metrics.step, s.latest])).toEqual([
    [1, false],
    [2, false],
    [3, true],
  ]);
});

it('a step that is not finite ends the run at that step, with the parameters of the one before', async () => {
  const data = await examples();
  const before = letterPolicy();
  await stepsOf(trainArm(before, data, config), ({ metrics }) => {
    if (metrics.step === 10) throw new Error('far enough');
  });
  const policy = deferring(letterPolicy(), 11);
  const { steps, error } = await stepsOf(trainArm(policy, data, config));
  expect(error).toBeInstanceOf(TrainingStopped);
  expect((error as TrainingStopped).step).toBe(11);
  expect(steps.map((s) => [s.metrics.step, s.latest]).slice(8)).toEqual([
    [9, false],
    [10, true],
  ]);
  expect(policy.logits).toEqual(before.logits);
});
