import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { InputError } from '../errors';
import { grade } from './grade';

async function graded(lines: string[], options: Record<string, unknown> = {}): Promise<unknown[]> {
  const rows: unknown[] = [];
  await grade(options, Readable.from([lines.join('\n')]), async (row) => {
    rows.push(row);
  });
  return rows;
}

describe('gap grade', () => {
  it('answers row by row, in order, and goes on after a malformed one', async () => {
    const rows = await graded([
      '\ufeff{"gold":"1/2","prediction":"0.5"}',
      '{broken',
      '',
      '[]',
      '{"gold":"7"}',
      '{"gold":7,"response":"\\\\boxed{8}"}',
    ]);
    expect(rows).toEqual([
      { correct: true, rule: 'equal as exact rationals', status: 'ok', gold: '1/2', prediction: '0.5' },
      { line: 2, error: expect.stringContaining('not valid JSON') },
      { line: 4, error: expect.stringContaining('a JSON object') },
      { line: 5, error: '"prediction" is missing' },
      { correct: false, rule: 'different exact rationals', status: 'ok', gold: '7', prediction: '8' },
    ]);
  });

  it('takes the options and refuses unknown values', async () => {
    const row = '{"gold":"1,2","prediction":"2,1"}';
    expect(await graded([row])).toMatchObject([{ correct: true }]);
    expect(await graded([row], { listOrder: 'given' })).toMatchObject([{ correct: false }]);
    await expect(graded([row], { decimalDigits: NaN })).rejects.toThrow(InputError);
  });
});
