import { describe, expect, it } from 'vitest';
import { byArm, DEFAULT_ARMS as ARMS, type ArmId } from './arms';
import { averageOf } from './evaluate';
import { dependsOn, evaluatedOf, worksOf, type RunPlan, type WorkEvent, type WorkId } from './plan';
import { presetPlan } from './presets';
import { reproduce } from './reproduce';
import { summarise } from './results';
import { byProblem } from './rewrite';
import { MemoryRun } from './run-storage';
import { letterPolicy, letterTask, rewriteConfig } from './testing/letter-task';

const base = presetPlan('tiny', 3, 64, [...ARMS, 'dft+self']);
const planOf = (arms: readonly ArmId[]): RunPlan => ({
  ...base,
  rewrite: rewriteConfig,
  arms: byArm((arm) => ({ ...base.arms[arm]!, batchSize: 10, learningRate: 0.05 }), arms),
});
const plan = planOf(ARMS);

/** Runs until `stopAfter` events have come, as a program that is closed in the middle would. */
async function consume(storage: MemoryRun, stopAfter = Infinity, policy = letterPolicy(), of = plan): Promise<WorkEvent[]> {
  const events: WorkEvent[] = [];
  for await (const event of reproduce(policy, letterTask, of, storage, { checkpointSeconds: 0 })) {
    events.push(event);
    if (events.length >= stopAfter) break;
  }
  return events;
}

const evaluations = ({ data }: MemoryRun) =>
  Object.fromEntries(evaluatedOf(ARMS).map((id) => [id, averageOf(data.evaluations[id] ?? [], plan.evaluation.seed)]));

const outcome = (run: MemoryRun) => ({
  rows: byProblem(run.data.rewriting.rows),
  losses: ARMS.map((arm) => run.data.arms[arm]!.metrics.map(({ loss }) => loss)),
  evaluations: evaluations(run),
});

describe('reproduce', () => {
  it('rewrites, trains four arms from one start and evaluates five policies', async () => {
    const run = new MemoryRun();
    const policy = letterPolicy();
    await consume(run, Infinity, policy);
    const { rewriting, arms } = run.data;
    const metrics = byArm((arm) => arms[arm]?.metrics ?? [], ARMS);
    const results = summarise(plan, byProblem(rewriting.rows), rewriting.candidates, evaluations(run), metrics);
    expect(Object.keys(results.arms)).toEqual(['base', ...ARMS]);
    expect(results.stages.self + results.stages.guided + results.stages.fallback).toBe(40);
    expect(results.stages).toEqual(rewriting.counts);
    expect(Object.keys(results.arms.base!.accuracy)).toEqual(['low', 'high', 'average']);
    expect(results.arms.sft!.training).toMatchObject({ steps: 8, learningRate: 0.05 });
    expect(results.weights.rewritten.ratio.token.n).toBeGreaterThan(40);
    expect(results.logProbs.self.rewritten.sum).toBeGreaterThan(results.logProbs.self.expert.sum);
    expect(results.quality.guided.problems).toBe(40 - results.stages.self);
    // Each arm trains a fork: π_0 itself is as it was.
    expect(policy.logits).toEqual(letterPolicy().logits);
  });

  it('stopped anywhere and continued gives the same rows, losses and evaluations', async () => {
    const whole = new MemoryRun();
    const events = await consume(whole);
    for (let cut = 3; cut < events.length; cut += 61) {
      const stopped = new MemoryRun();
      await consume(stopped, cut);
      const resumed = new MemoryRun(structuredClone(stopped.data));
      await consume(resumed);
      expect(outcome(resumed)).toEqual(outcome(whole));
    }
    // A finished run does nothing again.
    const policy = letterPolicy();
    const again = await consume(new MemoryRun(structuredClone(whole.data)), Infinity, policy);
    expect(policy.sampleCalls).toBe(0);
    expect(again.some(({ type }) => type === 'train')).toBe(false);
  });

  it('an arm that is added takes the rest as it is', async () => {
    const run = new MemoryRun();
    await consume(run);
    const policy = letterPolicy();
    const events = await consume(run, Infinity, policy, planOf([...ARMS, 'dft+self']));
    expect(new Set(events.flatMap((event) => (event.type === 'train' ? [event.arm] : [])))).toEqual(new Set(['dft+self']));
  });
});

describe('the plan', () => {
  it('names what each piece needs, and the needs come first', () => {
    const works = worksOf(ARMS);
    const seen = new Set<WorkId>();
    for (const { id, needs } of works) {
      for (const need of needs) expect(seen.has(need), `${id} needs ${need}`).toBe(true);
      seen.add(id);
    }
    expect(works.map(({ id }) => id)).toEqual([
      'rewrite',
      ...ARMS.map((arm) => `train:${arm}`),
      ...evaluatedOf(ARMS).map((id) => `evaluate:${id}`),
    ]);
  });

  it('says what a result depends on', () => {
    const changed: RunPlan = { ...plan, rewrite: { ...plan.rewrite, k: 9 } };
    expect(dependsOn('evaluate:base', changed)).toEqual(dependsOn('evaluate:base', plan));
    expect(dependsOn('evaluate:sft', changed)).not.toEqual(dependsOn('evaluate:sft', plan));
    const other: RunPlan = { ...plan, arms: { ...plan.arms, dft: { ...plan.arms.dft!, learningRate: 1 } } };
    expect(dependsOn('train:sft', other)).toEqual(dependsOn('train:sft', plan));
    expect(dependsOn('evaluate:dft', other)).not.toEqual(dependsOn('evaluate:dft', plan));
  });

  it('refuses pieces whose needs are not there', async () => {
    const context = { policy: letterPolicy(), task: letterTask, plan, storage: new MemoryRun() };
    const works = worksOf(ARMS);
    const run = async (id: WorkId) => {
      for await (const event of works.find((work) => work.id === id)!.run(context)) void event;
    };
    await expect(run('train:sft')).rejects.toThrow('There is no complete data set to train on yet.');
    await expect(run('evaluate:sft')).rejects.toThrow('The arm sft is not trained to its end yet.');
  });
});

describe('presets', () => {
  it('names the presets when there is none', () => {
    expect(() => presetPlan('huge', 1, 64)).toThrow('There is no preset "huge". Presets: tiny, quick, paper');
  });
  it('quick is the published size', () => {
    const quick = presetPlan('quick', 1, 64);
    expect(quick.rewrite).toMatchObject({ problems: 256, k: 8, temperature: 1 });
    expect(quick.evaluation).toMatchObject({ problems: 32, runs: 4 });
    expect(quick.arms.sft!).toMatchObject({
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
