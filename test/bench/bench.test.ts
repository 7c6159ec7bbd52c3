import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { microBatches, paddingShare } from '../../src/policy/buckets';
import { MICRO } from '../../src/policy/testing/micro';
import { decodingFlops, matrixParameters, prefillFlops, trainingFlops } from './flops';
import { markdown, result, withoutResult, writeMeasured } from './report';
import { alternate, figure, median, NotHere, type Context, type Row } from './row';
import { raggedBatch } from './workload';

const row: Row = {
  ...{ name: 'a/b', backend: 'node', threads: 2, unit: 'tokens/s', better: 'more', peer: 'theirs' },
  measure: () => Promise.reject(new NotHere('nothing to measure')),
};

describe('operations', () => {
  // Embedding 24·16; a layer: q, k, v 32·16, output 16·16, gate and up 48·16, down 16·24.
  const layer = 32 * 16 + 16 * 16 + 48 * 16 + 16 * 24;
  const n = 24 * 16 + 2 * layer;

  it('count a tied embedding once and an untied one as its head', () => {
    expect(matrixParameters(MICRO)).toBe(n);
    expect(matrixParameters({ ...MICRO, tieEmbeddings: false })).toBe(n);
  });

  it('of a training step are 6·N·tokens and the square of attention', () => {
    expect(trainingFlops(MICRO, [3, 5])).toBe(6 * n * 8 + 12 * 2 * 4 * 4 * (9 + 25));
  });

  it('of sampling grow with the context', () => {
    // Tokens at positions 7 and 8 attend to 7 and 8 others.
    expect(decodingFlops(MICRO, 7, 2)).toBe(2 * n * 2 + 4 * 2 * 4 * 4 * (7 + 8));
    expect(prefillFlops(MICRO, 1)).toBe(0);
  });
});

describe('padding of the built-in world', () => {
  const lengths = raggedBatch(512).examples.map((e) => e.ids.length - 1);
  // 32 examples a step, or half of them to each of two workers; scoring takes what there is.
  it.each([16, 32, 512])('is under 10 %% in batches of %i', (size) => {
    const batches = Array.from({ length: 512 / size }, (_, i) => lengths.slice(i * size, (i + 1) * size));
    const plans = batches.map((batch) => microBatches(batch));
    const computed = plans.flat().reduce((sum, b) => sum + b.batch * b.length, 0);
    const useful = lengths.reduce((a, b) => a + b, 0);
    expect(1 - useful / computed).toBeLessThan(0.1);
    for (const [i, batch] of batches.entries()) expect(paddingShare(batch, plans[i]!)).toBeLessThan(0.13);
  });
});

describe('a result', () => {
  it('has a ratio above 1 where ours is better, whichever way that is', () => {
    expect(result(row, { ours: [30, 10, 20], peer: [10, 10] })).toMatchObject({ ours: 20, peer: 10, ratio: 2, runs: 3 });
    expect(result({ ...row, better: 'less' }, { ours: [4], peer: [2] }).ratio).toBe(0.5);
    expect(result(row, { ours: [4], peer: [] })).toMatchObject({ peer: null, ratio: null });
  });

  it('without figures stands in the table with its reason', () => {
    const table = markdown([withoutResult(row, 'no adapter | here')], ['a machine']);
    expect(table).toContain('| `a/b` | node, 2 | – | – | – | tokens/s | 0 | theirs |');
    expect(table).toContain('not measured: no adapter | here');
  });

  it('shows medians and how far the rounds lie apart', () => {
    const table = markdown([result(row, { ours: [1234.5, 1300, 1200], peer: [0.12345], notes: ['noted'] })], []);
    expect(table).toContain('| 1,235 (1,200–1,300) | 0.123 |');
    expect(table).toContain('`a/b`: noted');
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(figure(Infinity)).toBe('Infinity');
  });
});

it('sides take turns in being first', async () => {
  const order: string[] = [];
  const side = (name: string, value: number) => async () => (order.push(name), value);
  const context = { rounds: 3, log: () => undefined } as unknown as Context;
  expect(await alternate(context, { ours: side('ours', 2), peer: side('peer', 1) })).toEqual({ ours: [2, 2, 2], peer: [1, 1, 1] });
  expect(order).toEqual(['ours', 'peer', 'peer', 'ours', 'ours', 'peer']);
});

describe('the measured part of a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-report-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is replaced, and nothing else', () => {
    const file = join(folder, 'a.md');
    writeFileSync(file, 'before\n<!-- measured: begin -->\nold\n<!-- measured: end -->\nafter\n');
    writeMeasured(file, 'new');
    writeMeasured(file, 'newer');
    expect(readFileSync(file, 'utf8')).toBe('before\n<!-- measured: begin -->\n\nnewer\n\n<!-- measured: end -->\nafter\n');
  });

  it('is refused where the marks are missing', () => {
    const file = join(folder, 'b.md');
    writeFileSync(file, 'nothing');
    expect(() => writeMeasured(file, 'new')).toThrow(/has no lines/);
    expect(readFileSync(file, 'utf8')).toBe('nothing');
  });
});
