import { describe, expect, it } from 'vitest';
import { gradeAnswer, gradeResponse } from '.';

const repeat = (text: string, count: number): string => text.repeat(count);
const upTo = (count: number, item: (index: number) => string, joint = ','): string =>
  Array.from({ length: count }, (_, index) => item(index)).join(joint);

/** Inputs made to cost time, stack or memory. */
const BOMBS: Record<string, string> = {
  'fractions nested 10,000 deep': repeat('\\frac{', 10_000) + '1' + repeat('}{2}', 10_000),
  'continued fraction, 90 deep': repeat('\\frac{1}{x+', 90) + '1' + repeat('}', 90),
  'a megabyte of braces': repeat('{', 500_000) + repeat('}', 500_000),
  'a megabyte of open braces': repeat('{', 1_000_000),
  'a megabyte of spaces': repeat(' ', 1_000_000) + 'x',
  'boxes in boxes': repeat('\\boxed{', 100_000),
  'boxes in a row': repeat('\\boxed{1},', 100_000),
  'roots in roots': repeat('\\sqrt{', 90) + '2' + repeat('}', 90),
  'a tower of powers': '9^{9^{9^9}}',
  'a long tower': repeat('2^{', 90) + '2' + repeat('}', 90),
  'factorial of a billion': '(10^9)!',
  'factorials of factorials': `5${repeat('!', 500)}`,
  'a large binomial': '\\binom{10^{300}}{10^{299}}',
  'a million elements': `\\{${upTo(1_000_000, String)}\\}`,
  'six hundred elements': `\\{${upTo(500, String)}\\}`,
  'a power of a sum': '(a+b+c+d+e+f+g+h)^{60}',
  'products of sums': repeat('(x+1)(x+2)(x+y)', 60),
  'powers of powers of sums': '((((x+y+z)^{20}+1)^{20}+1)^{20}+1)^{20}',
  'products of roots': upTo(140, (index) => `(1+\\sqrt{${index + 2}})`, ''),
  'a million digits': repeat('9', 1_000_000),
  'a long number squared': `${repeat('9', 1900)}^{2}`,
  'an exponent of a billion': '1e999999999',
  'a sum of a billion terms': '\\sum_{k=1}^{1000000000} k',
  'an infinite sum': '\\sum_{k=1}^{\\infty} \\frac{1}{k^2}',
  'sums in sums': '\\sum_{k=1}^{199}\\sum_{j=1}^{199}\\sum_{i=1}^{199} ijk',
  'a sum of high powers': '\\sum_{k=1}^{199} (x+k)^{64}',
  'a long product': '\\prod_{k=1}^{199} (x+k+y)',
  'products of matrices': repeat('\\begin{pmatrix}x+1&y\\\\z&w\\end{pmatrix}', 40),
  'unions of intervals': upTo(120, (index) => `(${index},${index + 1})`, '\\cup'),
  'every sign a ±': repeat('\\pm1', 300),
  'a list of ±': repeat('\\pm1,', 300),
  'a wall of dollars': repeat('$ ', 50_000) + '1',
  'a wall of backslashes': repeat('\\', 100_000),
  'a wall of stars': repeat('**', 100_000),
  'a wall of bars': repeat('|', 1900),
  'a wall of minus signs': `${repeat('-', 1900)}1`,
  'a wall of quotation marks': repeat("'", 1900),
  'a wall of superscripts': repeat('²', 1900),
  'a wall of halves': repeat('½', 1900),
  'announcements without an answer': repeat('the answer is ', 100_000),
  'thinking without an end': repeat('<think>', 100_000),
  'thinking blocks': repeat('<think></think>', 60_000),
  'calculator notes without an end': repeat('<<1', 300_000),
  'a sentence of numbers': repeat('is 1 ', 800),
  'one long word': repeat('a', 4000),
  'many short words': repeat('abc ', 500),
};

/** Processor time, so that work beside the test does not count; what one check of ordinary answers takes is thousands of times less. */
const LIMIT_MS = 250;

describe('answers that are made to hang', () => {
  it.each(Object.entries(BOMBS))('%s: a verdict within bounds, as prediction, in a box and as gold', (_, bomb) => {
    const checks = [() => gradeAnswer('1', bomb), () => gradeResponse('x+1', `\\boxed{${bomb}}`), () => gradeAnswer(bomb, '1')];
    for (const check of checks) {
      // The best of two: the first may pay for compiling the code or collecting garbage.
      const runs = [0, 1].map(() => {
        const start = process.cpuUsage();
        const verdict = check();
        return { verdict, ms: process.cpuUsage(start).user / 1000 };
      });
      expect(Math.min(...runs.map(({ ms }) => ms))).toBeLessThan(LIMIT_MS);
      expect(runs[1]!.verdict).toEqual(runs[0]!.verdict);
      expect(runs[0]!.verdict.status).toMatch(/^(?:ok|no-answer|unparsable-gold|unparsable-prediction|timeout)$/);
    }
  });

  it('steps are counted, not timed: what is too much ends with status "timeout"', () => {
    expect(gradeAnswer('1', '\\sum_{k=1}^{199}\\sum_{j=1}^{199}\\sum_{i=1}^{199} ijk').status).toBe('timeout');
    expect(gradeAnswer('1', '9^{9^{9^9}}').status).toBe('timeout');
    expect(gradeAnswer('9^{9^9}', '9^{9^9}+1').correct).toBe(false);
  });

  it('what is large but ordinary is still compared exactly', () => {
    expect(gradeAnswer('1000!', '999!\\cdot 1000').correct).toBe(true);
    expect(gradeAnswer('2^{1000}', '2^{1000}+1').correct).toBe(false);
    expect(gradeAnswer('(x+y)^{20}', '(y+x)^{19}(x+y)').correct).toBe(true);
  });
});
