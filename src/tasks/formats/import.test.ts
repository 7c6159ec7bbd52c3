import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMIT, importProblems, type ImportOptions } from './import';
import { LISTED_PER_REASON, listedCsv } from './report';
import { bytesSource, randomAccess, textSource } from './source';
import { bytes } from './testing/read';

const line = (row: unknown) => JSON.stringify(row);
const importText = (text: string, options: ImportOptions = {}) => importProblems(textSource('rows.jsonl', text), options);

describe('an import', () => {
  it('counts and lists every row that it does not take, and why', async () => {
    const text = [
      line({ id: 'a', question: 'What is 1+1?', gold: '2', expert: 'Two.' }),
      '{"question":',
      line({ id: 'b', question: '  ', gold: '2', expert: 'x' }),
      line({ id: 'c', question: 'No gold', gold: '', expert: 'x' }),
      line({ id: 'd', question: 'A proof', gold: 'proof', expert: 'x' }),
      line({ id: 'e', question: 'Not readable', gold: '\\frac{1', expert: 'x' }),
      line({ id: 'f', question: 'What  is\n1+1?', gold: '2', expert: 'Again.' }),
      line({ id: 'a', question: 'Another', gold: '3', expert: null }),
      line({ id: 'g', question: 'Too long', gold: '3', expert: 'long' }),
    ].join('\n');
    const check = (row: { expert: string | null }) => (row.expert === 'long' ? '300 tokens, the context holds 256' : null);
    const { rows, report } = await importText(text, { lengthProblem: { check, limit: 256 } });
    expect(rows.map(({ id, expert }) => [id, expert])).toEqual([
      ['a', 'Two.'],
      ['a#2', null],
    ]);
    expect(report.rows).toEqual({ read: 9, taken: 2, trainable: 1 });
    expect(report.listed.map(({ row, reason }) => [row, reason])).toEqual([
      [2, 'unreadable'],
      [3, 'no-question'],
      [4, 'no-gold'],
      [5, 'no-gold'],
      [6, 'no-gold'],
      [7, 'duplicate'],
      [8, 'no-expert'],
      [9, 'too-long'],
    ]);
    expect(report.listed[5]!.detail).toBe('first as a');
    expect(Object.values(report.counts).reduce((a, b) => a + b)).toBe(report.listed.length);
    expect(report.listedWhole).toBe(true);
    // The list is a table again.
    const csv = await importProblems(bytesSource('list.csv', bytes(listedCsv(report.listed))), {
      mapping: { question: { column: 'beginning', as: 'text' }, gold: { column: 'row', as: 'text' } },
    });
    expect(csv.rows.length + csv.report.counts['no-question']).toBe(8);

    const kept = await importText(text, { lengthProblem: { check, limit: 256 }, keepLong: true });
    expect(kept.rows).toHaveLength(3);
    expect(kept.report.counts['too-long']).toBe(1);
  });

  it('stops at the limit and says where', async () => {
    const text = Array.from({ length: 500 }, (_, i) => line({ question: `Q${i}`, gold: '1', expert: 'E' })).join('\n');
    const { rows, report } = await importText(text, { limit: 100 });
    expect(rows).toHaveLength(100);
    expect(report.stoppedAt).toBe(101);
    expect((await importText(text)).report.stoppedAt).toBeNull();
    expect(DEFAULT_LIMIT).toBeGreaterThan(12_500);
  });

  it('lists a bounded number of rows and counts all; the same id many times costs nothing', async () => {
    const n = LISTED_PER_REASON + 500;
    const bad = Array.from({ length: n }, () => '{').join('\n');
    const same = Array.from({ length: 30_000 }, (_, i) => line({ id: 'x', question: `Q${i}`, gold: '1', expert: 'E' })).join('\n');
    const start = performance.now();
    const { rows, report } = await importText(`${same}\n${bad}`, { limit: 100_000, goldProblem: () => null });
    expect(report.counts.unreadable).toBe(n);
    expect(report.listed).toHaveLength(LISTED_PER_REASON);
    expect(report.listedWhole).toBe(false);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(30_000);
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it('says what a file without a readable row looks like', async () => {
    await expect(importText('{\n{\n')).rejects.toThrow(/No row of rows\.jsonl can be read; the first problem is on line 1: not valid JSON/);
    await expect(importProblems(textSource('a.csv', 'q,a\n'))).rejects.toThrow(/a\.csv holds no rows/);
  });

  it('takes markup, scripts and right-to-left text as text', async () => {
    const question = '<script>alert(1)</script> \u202eשלום {{x}} ${y} \u0000';
    const { rows } = await importText(line({ question, gold: '1', expert: '<img src=x onerror=alert(1)>' }));
    expect(rows[0]).toMatchObject({ question, expert: '<img src=x onerror=alert(1)>' });
  });

  it('is done with a LaTeX bomb in bounded time', async () => {
    const bomb = `${'\\frac{'.repeat(10_000)}1${'}{2}'.repeat(10_000)}`;
    const start = performance.now();
    const { report } = await importText(line({ question: bomb, gold: bomb, expert: bomb }));
    expect(report.rows.read).toBe(1);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

/** A file of `megabytes` MB that exists nowhere: each slice is made when it is read. */
function madeUp(megabytes: number) {
  const row = (i: number) =>
    `${line({ question: `What is ${String(i).padStart(9, '0')} plus nothing? ${'word '.repeat(180)}`, gold: '7', expert: 'Seven.' })}\n`;
  const size = row(0).length;
  const rows = Math.floor((megabytes * 1e6) / size);
  let [reads, last] = [0, 0];
  const source = randomAccess('large.jsonl', rows * size, async (start, end) => {
    reads++;
    last = Math.max(last, end);
    let text = '';
    for (let i = Math.floor(start / size); i * size < end; i++) text += row(i);
    return bytes(text.slice(start % size, (start % size) + end - start)).buffer;
  });
  return { source, rows, reads: () => reads, last: () => last };
}

describe('a large file', () => {
  it('is read in pieces, with progress, in bounded memory', async () => {
    const { source, rows, reads } = madeUp(100);
    const progress: number[] = [];
    const { report } = await importProblems(source, { limit: rows, keepLong: false, goldProblem: () => 'not wanted' }, ({ bytes: done }) =>
      progress.push(done),
    );
    expect(report.rows).toEqual({ read: rows, taken: 0, trainable: 0 });
    expect(reads()).toBeGreaterThan(90);
    expect(progress.length).toBeGreaterThan(3);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(source.size);
  }, 60_000);

  it('can be stopped, and is not read past its limit', async () => {
    const stopped = madeUp(100);
    const controller = new AbortController();
    const reason = new Error('stopped by the reader');
    const run = importProblems(stopped.source, { goldProblem: () => null }, () => controller.abort(reason), controller.signal);
    await expect(run).rejects.toBe(reason);
    expect(stopped.last()).toBeLessThan(50e6);
    const limited = madeUp(100);
    await importProblems(limited.source, { limit: 10, goldProblem: () => null });
    expect(limited.last()).toBeLessThan(5e6);
  });
});
