import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PolicyCheckpoint, TrainExample } from '../policy/types';
import { ARM_DEFINITIONS, armConfig, armExamples, ARMS, byArm as forEachArm } from './arms';
import { rewrite } from './rewrite';
import { learningRateAt } from './schedule';
import { letterPolicy, letterTask, rewriteConfig } from './testing/letter-task';
import { batchIndices, totalSteps, trainArm, TrainingStopped, type TrainEvent } from './train';
import type { RewrittenRow, TrainConfig, TrainMetrics } from './types';

async function rows(): Promise<RewrittenRow[]> {
  const all: RewrittenRow[] = [];
  for await (const event of rewrite(letterPolicy(), letterTask, rewriteConfig)) if ('rows' in event) all.push(...event.rows);
  return all;
}
const config: TrainConfig = { ...armConfig('dr+dft', 5, 64), batchSize: 7, learningRate: 0.05 };
const timeless = ({ seconds: _, ...metrics }: TrainMetrics) => metrics;

async function metricsOf(stream: AsyncIterable<TrainEvent>): Promise<TrainMetrics[]> {
  const metrics: TrainMetrics[] = [];
  for await (const event of stream) if (event.type === 'step') metrics.push(event.metrics);
  return metrics;
}

describe('order of examples', () => {
  it('visits each example once per epoch, in another order each time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 20 }), fc.integer(), (n, batchSize, seed) => {
        const perEpoch = Math.ceil(n / batchSize);
        for (const epoch of [0, 1]) {
          const seen = Array.from({ length: perEpoch }, (_, i) => batchIndices(epoch * perEpoch + i + 1, n, { batchSize, seed })).flat();
          expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
        }
        expect(totalSteps(n, { epochs: 2, batchSize })).toBe(2 * perEpoch);
      }),
      { numRuns: 40 },
    );
    expect(batchIndices(1, 50, { batchSize: 50, seed: 1 })).not.toEqual(batchIndices(2, 50, { batchSize: 50, seed: 1 }));
  });
});

describe('schedule', () => {
  it('warms up linearly, peaks, decays as a cosine, and wastes no step on rate 0', () => {
    const rates = Array.from({ length: 20 }, (_, i) => learningRateAt(i + 1, 20, 1, 0.1));
    expect(rates[0]).toBeCloseTo(1 / 3, 12);
    expect(rates[1]).toBeCloseTo(2 / 3, 12);
    expect(rates[2]).toBe(1);
    expect(rates[11]).toBeCloseTo(0.5, 12);
    expect(rates[19]).toBeGreaterThan(0);
    expect(rates[19]).toBeLessThan(0.01);
    expect(learningRateAt(1, 1, 1, 0.1)).toBe(1);
    expect(learningRateAt(1, 16, 1, 0)).toBe(1);
  });
});

describe('inner steps', () => {
  const psft: TrainConfig = { ...config, objective: { id: 'psft' }, epochs: 4, batchSize: 8 };
  it('share the policy at their beginning as π_old, and a run can be resumed only between groups', async () => {
    const data = armExamples('sft', await rows());
    const policy = letterPolicy();
    const latest: boolean[] = [];
    const losses: number[] = [];
    const checkpoints: { step: number; checkpoint: PolicyCheckpoint }[] = [];
    for await (const event of trainArm(policy, data, psft)) {
      if (event.type !== 'step') continue;
      latest.push(event.latest);
      losses.push(event.metrics.loss);
      if (event.latest) checkpoints.push({ step: event.metrics.step, checkpoint: structuredClone(await policy.checkpoint()) });
    }
    expect(losses).toHaveLength(20);
    // The ratio is 1 at a group's first step: the loss is −1 whatever the policy.
    for (const step of [1, 9, 17]) expect(losses[step - 1]).toBeCloseTo(-1, 6);
    expect(losses[1]).not.toBeCloseTo(-1, 6);
    expect(latest.flatMap((is, i) => (is ? [i + 1] : []))).toEqual([8, 16, 20]);
    const resumed = letterPolicy();
    const again = await metricsOf(trainArm(resumed, data, psft, checkpoints[0]));
    expect(again.map(({ loss }) => loss)).toEqual(losses.slice(8));
  });
});

describe('trainArm', () => {
  it('lowers the objective of every arm', async () => {
    const data = await rows();
    for (const arm of ARMS) {
      const metrics = await metricsOf(
        trainArm(letterPolicy(), armExamples(arm, data), { ...config, objective: ARM_DEFINITIONS[arm].objective, epochs: 8 }),
      );
      expect(metrics.at(-1)!.nll).toBeLessThan(metrics[0]!.nll);
      expect(metrics.map((m) => m.step)).toEqual(metrics.map((_, i) => i + 1));
      const { essRatio, meanWeight } = metrics[0]!;
      if (ARM_DEFINITIONS[arm].objective.id === 'sft') expect([essRatio, meanWeight]).toEqual([1, 1]);
      else expect(essRatio).toBeLessThan(0.99);
    }
  });

  it('resumed from any checkpoint gives bit-equal metrics and parameters', async () => {
    const examples = armExamples('dr+dft', await rows());
    const policy = letterPolicy();
    const whole: TrainMetrics[] = [];
    const checkpoints: PolicyCheckpoint[] = [];
    for await (const event of trainArm(policy, examples, config)) {
      if (event.type !== 'step') continue;
      whole.push(event.metrics);
      checkpoints.push(await policy.checkpoint());
    }
    expect(whole).toHaveLength(12);
    for (const step of [1, 6, 11, 12]) {
      const again = letterPolicy();
      const rest = await metricsOf(trainArm(again, examples, config, { checkpoint: checkpoints[step - 1]!, step }));
      expect(rest.map(timeless)).toEqual(whole.slice(step).map(timeless));
      expect(again.logits).toEqual(policy.logits);
    }
  });

  it('takes the global token mean, however the batch is split', async () => {
    const examples = armExamples('sft', await rows());
    const [first] = await metricsOf(trainArm(letterPolicy(), examples, { ...config, objective: { id: 'sft' }, batchSize: 40, epochs: 1 }));
    const scores = await letterPolicy().score(examples);
    const tokens = examples.reduce((total, { ids, from }) => total + ids.length - from, 0);
    const nll = scores.reduce((total, { logProbs }) => total - logProbs.reduce((a, b) => a + b, 0), 0) / tokens;
    expect(first!.loss).toBeCloseTo(nll, 5);
    expect(first!.tokens).toBe(tokens);
  });

  it('filters overlong examples and counts them', async () => {
    const examples = armExamples('sft', await rows());
    const limit = examples.filter(({ ids }) => ids.length <= 5).length;
    const stream = trainArm(letterPolicy(), examples, { ...config, maxLength: 5 });
    expect((await stream.next()).value).toMatchObject({ type: 'start', examples: limit, filtered: examples.length - limit });
    expect(limit).toBeGreaterThan(0);
    await expect(metricsOf(trainArm(letterPolicy(), examples, { ...config, maxLength: 2 }))).rejects.toThrow(
      'nothing to train on: none of 40',
    );
  });

  it('stops at a non-finite loss or gradient, naming step and cause', async () => {
    const examples: TrainExample[] = armExamples('sft', await rows());
    const broken = letterPolicy();
    broken.logits.fill(NaN);
    const failing = metricsOf(trainArm(broken, examples, { ...config, objective: { id: 'sft' }, batchSize: 40 }));
    await expect(failing).rejects.toThrow(TrainingStopped);
    await expect(failing).rejects.toThrow(/stopped at step 1 of \d+: the loss is NaN/);

    const refusing = letterPolicy();
    refusing.apply = () => Promise.resolve({ gradNorm: Infinity, applied: false, step: 0 });
    await expect(metricsOf(trainArm(refusing, examples, config))).rejects.toThrow('the gradient is not finite (norm Infinity)');
  });

  it('refuses configurations that mean nothing', async () => {
    const examples = armExamples('sft', await rows());
    const wrong = (change: Partial<TrainConfig>) => metricsOf(trainArm(letterPolicy(), examples, { ...config, ...change }));
    await expect(wrong({ learningRate: 0 })).rejects.toThrow('learning rate must be above 0');
    await expect(wrong({ batchSize: 1.5 })).rejects.toThrow('positive whole number for batchSize');
    await expect(wrong({ warmup: 1 })).rejects.toThrow('warm-up');
    await expect(wrong({ objective: { id: 'x' } })).rejects.toThrow('There is no objective');
  });
});

describe('arms', () => {
  it('put the same problems in the same order, expert or rewritten', async () => {
    const data = await rows();
    const byArm = forEachArm((arm) => armExamples(arm, data));
    expect(byArm.sft).toEqual(byArm.dft);
    expect(byArm['dr+sft']).toEqual(byArm['dr+dft']);
    for (const [i, example] of byArm.sft.entries()) {
      const other = byArm['dr+sft'][i]!;
      expect(example.ids.subarray(0, example.from)).toEqual(other.ids.subarray(0, other.from));
    }
    expect(byArm.sft).not.toEqual(byArm['dr+sft']);
    const configs = forEachArm((arm) => armConfig(arm, 1, 64));
    const { objective: _o, learningRate: _l, ...shared } = configs.sft;
    for (const arm of ARMS) expect(configs[arm]).toMatchObject(shared);
  });
});
