import { describe, expect, it } from 'vitest';
import { presetPlan, type ReproducePlan } from './presets';
import { reproduce, type ReproduceEvent, type ReproduceProgress } from './reproduce';
import { summarise } from './results';
import { letterPolicy, letterTask, rewriteConfig } from './testing/letter-task';
import { DEFAULT_ARMS as ARMS } from './arms';
import type { EvaluationResult, RewrittenRow, TrainMetrics } from './types';

const base = presetPlan('tiny', 3, 64);
const plan: ReproducePlan = {
  ...base,
  rewrite: rewriteConfig,
  arms: Object.fromEntries(ARMS.map((arm) => [arm, { ...base.arms[arm], batchSize: 10, learningRate: 0.05 }])),
};
const empty = (): ReproduceProgress => ({ rewriting: { candidates: [], rows: [] }, arms: {}, evaluations: {} });

/** Stores events until `stopAfter` of them have come, as a consumer that is closed in the middle would. */
async function consume(
  progress: ReproduceProgress,
  stopAfter = Infinity,
  policy = letterPolicy(),
): Promise<{ done: boolean; events: ReproduceEvent[] }> {
  const events: ReproduceEvent[] = [];
  const pending: TrainMetrics[] = [];
  for await (const event of reproduce(policy, letterTask, plan, progress, { checkpointSeconds: 0 })) {
    events.push(event);
    if (event.type === 'rewrite' && event.event.type === 'candidate') {
      const { candidate } = event.event;
      const same = (c: typeof candidate) => c.problemId === candidate.problemId && c.stage === candidate.stage && c.k === candidate.k;
      progress.rewriting.candidates = [...progress.rewriting.candidates.filter((c) => !same(c)), candidate];
    } else if (event.type === 'rewrite' && (event.event.type === 'chunk' || event.event.type === 'rows'))
      progress.rewriting.rows.push(...event.event.rows);
    else if (event.type === 'train') pending.push(event.metrics);
    else if (event.type === 'checkpoint') {
      const metrics = [...(progress.arms[event.arm]?.metrics ?? []), ...pending.splice(0)];
      progress.arms[event.arm] = { metrics, checkpoint: event.checkpoint, done: event.done };
    } else if (event.type === 'evaluate' && event.event.type === 'done') progress.evaluations[event.id] = event.event.result;
    if (events.length >= stopAfter) return { done: false, events };
  }
  return { done: true, events };
}

function outcome(progress: ReproduceProgress): { rows: RewrittenRow[]; losses: number[][]; evaluations: Record<string, EvaluationResult> } {
  const rows = [...progress.rewriting.rows].sort((a, b) => a.problemId.localeCompare(b.problemId));
  return { rows, losses: ARMS.map((arm) => progress.arms[arm]!.metrics.map((m) => m.loss)), evaluations: progress.evaluations };
}

describe('reproduce', () => {
  it('rewrites, trains four arms from one start and evaluates five policies', async () => {
    const progress = empty();
    const policy = letterPolicy();
    const { events } = await consume(progress, Infinity, policy);
    const last = events.at(-1)!;
    if (last.type !== 'done') throw new Error('not finished');
    expect(Object.keys(last.evaluations)).toEqual(['base', ...ARMS]);
    const results = summarise(plan, last.rows, progress.rewriting.candidates, last.evaluations, progress.arms);
    expect(results.stages.self + results.stages.guided + results.stages.fallback).toBe(40);
    expect(Object.keys(results.arms.base.accuracy)).toEqual(['low', 'high', 'average']);
    expect(results.arms.sft.training).toMatchObject({ steps: 8, learningRate: 0.05 });
    expect(results.weights.rewritten.ratio.token.n).toBeGreaterThan(40);
    expect(results.logProbs.self.rewritten.sum).toBeGreaterThan(results.logProbs.self.expert.sum);
    expect(results.quality.guided.problems).toBe(40 - results.stages.self);
    // Each arm trains a fork: π_0 itself is as it was.
    expect(policy.logits).toEqual(letterPolicy().logits);
  });

  it('stopped anywhere and continued gives the same rows, losses and evaluations', async () => {
    const whole = empty();
    const { events } = await consume(whole);
    for (let cut = 3; cut < events.length; cut += 61) {
      const progress = empty();
      await consume(progress, cut);
      const copy = structuredClone(progress);
      expect((await consume(copy)).done).toBe(true);
      expect(outcome(copy)).toEqual(outcome(whole));
    }
    // A finished run does nothing again.
    const again = await consume(structuredClone(whole));
    expect(again.events.filter((event) => event.type !== 'rewrite').map((event) => event.type)).toEqual(['done']);
  });
});

describe('presets', () => {
  it('names the presets when there is none', () => {
    expect(() => presetPlan('huge', 1, 64)).toThrow('There is no preset "huge". Presets: tiny, quick, paper');
  });
  it('quick is the published size', () => {
    const quick = presetPlan('quick', 1, 64);
    expect(quick.rewrite).toMatchObject({ problems: 256, k: 8, temperature: 1 });
    expect(quick.evaluation).toMatchObject({ problems: 16, runs: 4 });
    expect(quick.arms.sft).toMatchObject({
      batchSize: 32,
      epochs: 2,
      warmup: 0.1,
      beta1: 0.9,
      beta2: 0.95,
      weightDecay: 0.01,
      clipNorm: 1,
    });
  });
});
