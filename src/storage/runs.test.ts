import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Backend, configHash, IndexedDbBackend, MemoryBackend, RunStore } from './index';
import { candidate, metrics, row, runConfig } from './testing/config';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

const backends: [string, () => Promise<Backend>][] = [
  ['IndexedDB', () => IndexedDbBackend.open()],
  ['memory', () => Promise.resolve(new MemoryBackend())],
];

describe.each(backends)('runs on %s', (_name, open) => {
  const store = async () => new RunStore(await open(), '1.2.3', () => new Date('2026-01-02T03:04:05Z'));
  const pointer = { steps: 10, done: false, device: 'cpu' };

  it('finds the run of a configuration, whatever the order of its keys', async () => {
    const runs = await store();
    const created = await runs.open(runConfig, null);
    expect(created).toMatchObject({ run: configHash(runConfig), appVersion: '1.2.3', policyId: null, revision: 0 });
    expect(created.createdAt).toBe('2026-01-02T03:04:05.000Z');
    const reordered = Object.fromEntries(Object.entries(runConfig).reverse()) as unknown as typeof runConfig;
    expect((await runs.open(reordered, null)).run).toBe(created.run);
    const other = await runs.open({ ...runConfig, rewrite: { ...runConfig.rewrite, k: 5 } }, null);
    expect(other.run).not.toBe(created.run);
    expect(await runs.list()).toHaveLength(2);
  });

  it('starts another run of a configuration for another policy, and keeps the first', async () => {
    const runs = await store();
    const first = await runs.commitRewrite(await runs.open(runConfig, 'p1'), [candidate('a', 0)], [], { policyId: 'p1' });
    const second = await runs.commitRewrite(await runs.open(runConfig, 'p2'), [], [], { policyId: 'p2' });
    expect(second.run).not.toBe(first.run);
    expect((await runs.open(runConfig, 'p1')).run).toBe(first.run);
    expect((await runs.open(runConfig, 'p2')).run).toBe(second.run);
    expect((await runs.rewriteProgress(second.run)).candidates).toEqual([]);
  });

  it('returns candidates and rows as they were, with typed arrays, by problem and k', async () => {
    const runs = await store();
    const record = await runs.open(runConfig, null);
    const after = await runs.commitRewrite(
      record,
      [candidate('b', 1), candidate('b', 0), candidate('a', 10), candidate('a', 9)],
      [row('b')],
    );
    const { candidates, rows } = await runs.rewriteProgress(record.run);
    expect(candidates).toEqual([candidate('a', 9), candidate('a', 10), candidate('b', 0), candidate('b', 1)]);
    expect(rows).toEqual([row('b')]);
    expect(candidates[0]!.tokens).toBeInstanceOf(Int32Array);
    expect(rows[0]!.behaviorLogProbs).toBeInstanceOf(Float32Array);
    expect(after.revision).toBe(1);
    expect(await runs.get(record.run)).toEqual(after);
  });

  it('stores views without the buffer behind them', async () => {
    const runs = await store();
    const record = await runs.open(runConfig, null);
    const scratch = new Float32Array(100_000).fill(-1);
    await runs.commitRewrite(record, [{ ...candidate('a', 0), policyLogProbs: scratch.subarray(3, 6) }], []);
    const [stored] = (await runs.rewriteProgress(record.run)).candidates;
    expect(stored!.policyLogProbs).toEqual(Float32Array.of(-1, -1, -1));
    expect(stored!.policyLogProbs.buffer.byteLength).toBe(12);
  });

  it('writes checkpoint, metrics and pointer together, and keeps the last checkpoint only', async () => {
    const runs = await store();
    let record = await runs.open(runConfig, null);
    const parameters = Float32Array.of(1, 2, 3);
    const checkpoint = { policyId: 'p', step: 2, seed: 3, parameters, m: parameters, v: parameters };
    record = await runs.commitTraining(record, { arm: 'dft', step: 2, metrics: [metrics(1), metrics(2)], checkpoint, ...pointer });
    parameters[0] = 99; // the trainer goes on in its own memory
    record = await runs.commitTraining(record, {
      arm: 'dft',
      step: 3,
      metrics: [metrics(3)],
      checkpoint: { policyId: 'p', step: 3, seed: 3, parameters: Float32Array.of(4, 5, 6) },
      ...{ ...pointer, done: true },
    });
    expect(record.arms.dft).toEqual({ step: 3, steps: 10, chunks: 2, done: true, device: 'cpu' });
    expect(await runs.metrics(record.run, 'dft')).toEqual([metrics(1), metrics(2), metrics(3)]);
    const stored = await runs.checkpoint(record.run, 'dft');
    expect(stored).toEqual({ run: record.run, arm: 'dft', policyId: 'p', step: 3, seed: 3, parameters: Float32Array.of(4, 5, 6) });
    expect(await runs.metrics(record.run, 'sft')).toEqual([]);
  });

  it('deletes a run and nothing else; clears everything', async () => {
    const runs = await store();
    const one = await runs.commitRewrite(await runs.open(runConfig, null), [candidate('a', 0)], [row('a')]);
    const config = { ...runConfig, task: 'other' };
    const two = await runs.commitRewrite(await runs.open(config, null), [candidate('a', 0)], [row('a')]);
    await runs.setSetting('theme', 'dark');
    await runs.delete(one.run);
    expect((await runs.list()).map((record) => record.run)).toEqual([two.run]);
    expect((await runs.rewriteProgress(one.run)).candidates).toEqual([]);
    expect((await runs.rewriteProgress(two.run)).rows).toEqual([row('a')]);
    expect(await runs.setting('theme')).toBe('dark');
    await runs.clear();
    expect(await runs.list()).toEqual([]);
    expect(await runs.setting('theme')).toBeNull();
  });

  it('writes all of a transaction or nothing', async () => {
    const runs = await store();
    const record = await runs.commitRewrite(await runs.open(runConfig, null), [candidate('a', 0)], [row('a')]);
    const uncloneable = { ...row('c'), completion: (() => 'no data') as unknown as string };
    await expect(runs.commitRewrite(record, [candidate('c', 0)], [row('b'), uncloneable])).rejects.toThrow();
    const { candidates, rows } = await runs.rewriteProgress(record.run);
    expect(candidates).toEqual([candidate('a', 0)]);
    expect(rows).toEqual([row('a')]);
    expect((await runs.get(record.run))!.revision).toBe(1);
  });
});

describe('failures of IndexedDB', () => {
  it('a full disk is said in a sentence and loses nothing stored before', async () => {
    const runs = new RunStore(await IndexedDbBackend.open(), 'test');
    const record = await runs.commitRewrite(await runs.open(runConfig, null), [candidate('a', 0)], [row('a')]);
    // The browser's own way to say it: the request fails and takes the transaction with it.
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, value: unknown) {
      if (this.name === 'rows') throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
      return put.call(this, value);
    };
    try {
      await expect(runs.commitRewrite(record, [candidate('b', 0)], [row('b')])).rejects.toMatchObject({
        name: 'StorageError',
        problem: 'full',
        message: expect.stringMatching(/no room left .* Nothing stored before is lost/) as string,
      });
    } finally {
      IDBObjectStore.prototype.put = put;
    }
    expect(await runs.rewriteProgress(record.run)).toEqual({ candidates: [candidate('a', 0)], rows: [row('a')] });
    await runs.commitRewrite(record, [candidate('b', 0)], [row('b')]);
    expect((await runs.rewriteProgress(record.run)).rows).toHaveLength(2);
  });
});
