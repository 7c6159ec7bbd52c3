import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradeAnswer, gradeResponse } from '.';

const equal: [string, string][] = [
  ['\\frac{3}{4}', '0.75'],
  ['2\\sqrt{3}', '\\sqrt{12}'],
  ['(1, 2)', '(1,2)'],
  ['x^2+2x+1', '(x+1)^2'],
  ['12', '12.0'],
  ['\\frac{\\pi}{2}', '\\pi/2'],
];
const different: [string, string][] = [
  ['3', '-3'],
  ['\\frac{3}{4}', '\\frac{4}{3}'],
  ['(1,2)', '(2,1)'],
  ['[1,2)', '[1,2]'],
  ['996000', '996000.5'],
  ['\\frac{1}{2^{99}}', '\\frac{1}{2^{98}}'],
  ['', ''],
];

describe('equivalence of answers', () => {
  it.each(equal)('%s = %s', (gold, prediction) => expect(gradeAnswer(gold, prediction).correct).toBe(true));
  it.each(different)('%s ≠ %s', (gold, prediction) => expect(gradeAnswer(gold, prediction).correct).toBe(false));

  it('integers and fractions: exactly the equal ones', () => {
    const integer = fc.integer({ min: -9999, max: 9999 });
    fc.assert(fc.property(integer, integer, (a, b) => gradeAnswer(String(a), String(b)).correct === (a === b)));
    const positive = fc.integer({ min: 1, max: 99 });
    fc.assert(
      fc.property(integer, positive, positive, (n, d, k) => gradeAnswer(`\\frac{${n}}{${d}}`, `\\frac{${n * k}}{${d * k}}`).correct),
    );
  });

  it('a verdict depends on nothing but its arguments', () => {
    const before = equal.map(([g, p]) => gradeAnswer(g, p));
    for (const [g, p] of [...different, ['x=\\pm 3', '3,-3'], ['\\begin{pmatrix}1\\\\2\\end{pmatrix}', '7']] as [string, string][])
      gradeAnswer(g, p);
    expect(equal.map(([g, p]) => gradeAnswer(g, p))).toEqual(before);
  });

  it('refuses what is nested beyond reason, quickly', () => {
    const bomb = '\\frac{'.repeat(10_000) + '1' + '}{2}'.repeat(10_000);
    expect(gradeAnswer('1', bomb).correct).toBe(false);
  });
});

describe('traps that graders have fallen into', () => {
  const rejected = (gold: string, prediction: string): boolean => !gradeAnswer(gold, prediction).correct;

  it('small numbers are not all zero, large ones not all equal', () => {
    expect(rejected('\\frac{1}{2^{99}}', '\\frac{1}{2^{98}}')).toBe(true);
    expect(rejected('996000', '996000.5')).toBe(true);
    expect(rejected('0', '10^{-12}')).toBe(true);
  });

  it('a factor of 100 needs a written percent sign', () => {
    expect(rejected('0.25', '25')).toBe(true);
    expect(rejected('25', '0.25')).toBe(true);
    expect(rejected('25%', '2500')).toBe(true);
    expect(gradeAnswer('0.25', '25\\%').correct).toBe(true);
  });

  it('"-3,0" is a list, not −3 with decimals', () => {
    expect(rejected('-3', '-3,0')).toBe(true);
    expect(rejected('-3,0', '-3')).toBe(true);
    expect(gradeAnswer('-3,0', '0, -3').correct).toBe(true);
  });

  it('an infinite sum does not hang', () => {
    expect(rejected('2', '\\sum_{k=0}^{\\infty} 2^{-k}')).toBe(true);
    expect(gradeAnswer('\\sum_{k=0}^{\\infty} 2^{-k}', '\\sum_{j=0}^{\\infty} 2^{-j}').correct).toBe(true);
  });

  it('a number that only occurs in a gold text is not its answer', () => {
    expect(rejected('x = 3 is impossible', '3')).toBe(true);
    expect(rejected('July 4', '4')).toBe(true);
  });

  it('both parts of a complex number count', () => {
    expect(rejected('2+3i', '2+4i')).toBe(true);
    expect(rejected('2+3i', '2')).toBe(true);
  });
});

describe('the answer of a response', () => {
  it('is the last box, a stated answer, or ####', () => {
    expect(gradeResponse('7', 'First \\boxed{3}, no: \\boxed{7}.')).toMatchObject({ correct: true, prediction: '7' });
    expect(gradeResponse('42', 'So the answer is 42.').correct).toBe(true);
    expect(gradeResponse('1200', 'Total.\n#### 1,200').correct).toBe(true);
  });

  it('is never taken from a thinking block, and never empty', () => {
    expect(gradeResponse('5', '<think>the answer is \\boxed{5}</think>I do not know.').correct).toBe(false);
    expect(gradeResponse('5', '')).toMatchObject({ correct: false, status: 'no-answer' });
  });
});

const folder = new URL('../../../shared/data/grader/', import.meta.url);
// The figures of others' data are measured only where that data is present.
describe.skipIf(!existsSync(folder))('on the shared rows (skipped where ../shared is absent)', () => {
  interface Row {
    gold: string;
    prediction?: string;
    response?: string;
    expected?: boolean;
  }
  const count = (name: string, whole?: boolean): { tp: number; fp: number; fn: number } => {
    const result = { tp: 0, fp: 0, fn: 0 };
    for (const line of readFileSync(new URL(`${name}.jsonl`, folder), 'utf8')
      .trim()
      .split('\n')) {
      const row = JSON.parse(line) as Row;
      const { correct } = row.response !== undefined ? gradeResponse(row.gold, row.response) : gradeAnswer(row.gold, row.prediction!);
      const expected = whole ?? row.expected;
      if (correct) result[expected ? 'tp' : 'fp']++;
      else if (expected) result.fn++;
    }
    return result;
  };
  const precision = (r: { tp: number; fp: number }): number => r.tp / (r.tp + r.fp);
  const recall = (r: { tp: number; fn: number }): number => r.tp / (r.tp + r.fn);

  it('cases: precision ≥ .995, recall ≥ .95', () => {
    const r = count('cases');
    expect(precision(r)).toBeGreaterThanOrEqual(0.995);
    expect(recall(r)).toBeGreaterThanOrEqual(0.95);
  });
  it('responses: precision ≥ .995, recall ≥ .99', () => {
    const r = count('responses');
    expect(precision(r)).toBeGreaterThanOrEqual(0.995);
    expect(recall(r)).toBeGreaterThanOrEqual(0.99);
  });
  it('respell: recall ≥ .99', () => expect(recall(count('respell', true))).toBeGreaterThanOrEqual(0.99));
  it('mutants and cross: nothing accepted', () => expect([count('mutants', false).fp, count('cross', false).fp]).toEqual([0, 0]));
});
