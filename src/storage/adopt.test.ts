import { describe, expect, it } from 'vitest';
import { adopt, MemoryBackend, RunStore, type RunConfig } from './index';
import { candidate, metrics, row, runConfig } from './testing/config';

const pointer = { steps: 10, done: true, device: 'cpu' };
const result = { accuracy: 0.5, ci95: [0.4, 0.6] as [number, number], problems: 6, runs: 3 };
const parameters = Float32Array.of(1, 2);

/** A store with one finished run: the rewriting, two arms, three evaluations. */
async function finished() {
  const store = new RunStore(new MemoryBackend(), '1.2.3');
  let record = await store.open(runConfig, 'p1');
  record = await store.commitRewrite(record, [candidate('a', 0), candidate('a', 1)], [row('a')], {
    ...{ policyId: 'p1', policyName: 'letters', devices: ['cpu'], filtered: ['b'] },
    counts: { self: 1, guided: 0, fallback: 0 },
  });
  for (const arm of ['sft', 'dft'] as const) {
    const checkpoint = { policyId: 'p1', step: 10, seed: 3, parameters };
    record = await store.commitTraining(record, { arm, step: 10, metrics: [metrics(9), metrics(10)], checkpoint, ...pointer });
  }
  for (const policy of ['base', 'sft', 'dft'] as const) {
    record = await store.commitEvaluation(record, { policy, set: 'low', result, perProblem: { x: 0.5 }, truncated: 0, device: 'cpu' });
  }
  return { store, record };
}

const open = async (change: Partial<RunConfig>, policyId = 'p1') => {
  const { store, record: source } = await finished();
  const record = await adopt(store, await store.open({ ...runConfig, ...change }, policyId), policyId);
  expect(await store.get(record.run)).toEqual(record);
  expect(record.run).not.toBe(source.run);
  const evaluated = (await store.evaluations(record.run)).map(({ policy }) => policy).sort();
  return { store, source, record, evaluated };
};

describe('a run with other settings', () => {
  it('takes the rewriting, and what does not depend on the change', async () => {
    const changed = { ...runConfig.arms.sft!, learningRate: 0.5 };
    const { store, source, record, evaluated } = await open({ arms: { ...runConfig.arms, sft: changed } });
    expect(record).toMatchObject({
      policyId: 'p1',
      policyName: 'letters',
      devices: ['cpu'],
      counts: { self: 1 },
      filtered: ['b'],
      revision: 1,
    });
    expect(await store.rewriteProgress(record.run)).toEqual(await store.rewriteProgress(source.run));
    expect(Object.keys(record.arms)).toEqual(['dft']);
    expect(await store.metrics(record.run, 'dft')).toEqual([metrics(9), metrics(10)]);
    expect((await store.checkpoint(record.run, 'dft'))!.parameters).toEqual(parameters);
    expect(await store.checkpoint(record.run, 'sft')).toBeUndefined();
    expect(evaluated).toEqual(['base', 'dft']);
  });

  it('evaluates again where the evaluation changed, and trains nothing again', async () => {
    const { record, evaluated } = await open({ evaluation: { ...runConfig.evaluation, runs: 5 } });
    expect(Object.keys(record.arms).sort()).toEqual(['dft', 'sft']);
    expect(evaluated).toEqual([]);
  });

  it('takes no arm of another rewriting', async () => {
    const { store, record, evaluated } = await open({ rewrite: { ...runConfig.rewrite, k: 5 } });
    expect(record).toMatchObject({ counts: null, arms: {} });
    expect((await store.rewriteProgress(record.run)).candidates).toEqual([]);
    expect(evaluated).toEqual(['base']);
  });

  it('takes nothing made with another policy, or by another version', async () => {
    expect((await open({ evaluation: { ...runConfig.evaluation, runs: 5 } }, 'p2')).record).toMatchObject({ policyId: null, revision: 0 });
    const { store } = await finished();
    const next = new RunStore(store.backend, '2.0.0');
    const record = await next.open({ ...runConfig, evaluation: { ...runConfig.evaluation, runs: 5 } }, 'p1');
    expect(await adopt(next, record, 'p1')).toBe(record);
  });

  it('is left alone once it has begun', async () => {
    const { store } = await finished();
    const begun = await store.commitRewrite(await store.open({ ...runConfig, task: 'letters ' }, 'p1'), [], [], { policyId: 'p1' });
    expect(await adopt(store, begun, 'p1')).toBe(begun);
  });
});
