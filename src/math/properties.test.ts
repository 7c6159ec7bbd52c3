import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradeAnswer, gradeResponse } from '.';
import { randomLatex, respell } from './testing/generate';

const same = (gold: string, prediction: string): boolean => gradeAnswer(gold, prediction).correct;
const integer = fc.integer({ min: -9999, max: 9999 });
const positive = fc.integer({ min: 2, max: 99 });

describe('numbers', () => {
  it('fractions are equal exactly if they are', () => {
    fc.assert(
      fc.property(integer, positive, integer, positive, (a, b, c, d) => {
        expect(same(`\\frac{${a}}{${b}}`, `${c}/${d}`)).toBe(a * d === b * c);
      }),
    );
  });

  it('a fraction equals its reduced, extended, mixed and recurring forms', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), positive, fc.integer({ min: 2, max: 30 }), (n, d, k) => {
        expect(same(`\\frac{${n}}{${d}}`, `\\dfrac{${n * k}}{${d * k}}`)).toBe(true);
        if (n > d && n % d) expect(same(`\\frac{${n}}{${d}}`, `${Math.floor(n / d)}\\frac{${n % d}}{${d}}`)).toBe(true);
        expect(same(`\\frac{${n}}{${d}}`, recurring(n, d))).toBe(true);
      }),
    );
  });

  it('decimals are exact: another last digit is another number', () => {
    fc.assert(
      fc.property(integer, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 8 }), (n, digit, places) => {
        const text = (value: bigint): string => {
          const digits = String(value < 0n ? -value : value).padStart(places + 1, '0');
          return `${value < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
        };
        const value = BigInt(n);
        expect(same(text(value), `\\frac{${n}}{10^{${places}}}`)).toBe(true);
        expect(same(text(value), text(value + BigInt(digit)))).toBe(false);
      }),
    );
  });

  it('thousands: 1234567 with commas, thin spaces and braces', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 2 ** 31 - 1 }), fc.constantFrom(',', '{,}', '\\,', ',\\!', ' ', "'"), (n, mark) => {
        const grouped = String(n).replace(/\B(?=(\d{3})+$)/g, () => mark);
        expect(same(String(n), grouped)).toBe(true);
        expect(same(String(n + 1), grouped)).toBe(false);
      }),
    );
  });

  it('surds: √(k²m) = k√m, and not with another k', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 2, max: 60 }), (k, m) => {
        expect(same(`\\sqrt{${k * k * m}}`, `${k}\\sqrt{${m}}`)).toBe(true);
        expect(same(`\\sqrt{${k * k * m}}`, `${k + 1}\\sqrt{${m}}`)).toBe(false);
        expect(same(`\\frac{${k}}{\\sqrt{${m}}}`, `\\frac{${k}\\sqrt{${m}}}{${m}}`)).toBe(true);
      }),
    );
  });
});

describe('expressions', () => {
  it('respelled ones are accepted, in both directions; with another constant they are rejected', () => {
    fc.assert(
      fc.property(randomLatex(), fc.integer({ min: 0, max: 2 ** 31 - 1 }), ({ latex }, seed) => {
        const other = respell(latex, seed);
        expect([latex, other, same(latex, other)]).toEqual([latex, other, true]);
        expect(same(other, latex)).toBe(true);
        expect([latex, same(latex, `${other}+1`)]).toEqual([latex, false]);
      }),
      { numRuns: 200 },
    );
  });

  it('two random expressions are judged as their values say', () => {
    fc.assert(
      fc.property(randomLatex(), randomLatex(), (a, b) => {
        const points = [0.37, 1.91, 2.63];
        const values = points.map((x) => [a.value(x, x * 1.7), b.value(x, x * 1.7)] as const);
        if (values.some(([x, y]) => !Number.isFinite(x) || !Number.isFinite(y))) return;
        const far = values.some(([x, y]) => Math.abs(x - y) > 1e-6 * (1 + Math.abs(x) + Math.abs(y)));
        if (far) expect([a.latex, b.latex, same(a.latex, b.latex)]).toEqual([a.latex, b.latex, false]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('structures', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 6 });

  it('sets and lists in any order, tuples only in theirs', () => {
    fc.assert(
      fc.property(numbers, (items) => {
        const turned = [...items.slice(1), items[0]!];
        expect(same(`\\{${items.join(', ')}\\}`, `\\{${turned.join(', ')}\\}`)).toBe(true);
        expect(same(items.join(', '), turned.join(' and '))).toBe(true);
        expect(same(`(${items.join(', ')})`, `(${items.join(',')})`)).toBe(true);
        expect(same(`(${items.join(', ')})`, `(${turned.join(', ')})`)).toBe(false);
        expect(same(items.join(', '), items.slice(1).join(', '))).toBe(false);
        expect(same(items.join(', '), [...items, 77].join(', '))).toBe(false);
        expect(gradeAnswer(items.join(', '), turned.join(', '), { listOrder: 'given' }).correct).toBe(false);
      }),
    );
  });

  it('intervals: every bracket and end counts; inequalities say the same', () => {
    const end = fc.integer({ min: -20, max: 20 });
    fc.assert(
      fc.property(end, fc.integer({ min: 1, max: 20 }), fc.boolean(), fc.boolean(), (low, width, closedLow, closedHigh) => {
        const high = low + width;
        const text = (a: boolean, b: boolean): string => `${a ? '[' : '('}${low},${high}${b ? ']' : ')'}`;
        const gold = text(closedLow, closedHigh);
        expect(same(gold, `${low} ${closedLow ? '\\le' : '<'} x ${closedHigh ? '\\le' : '<'} ${high}`)).toBe(true);
        expect(same(gold, text(!closedLow, closedHigh))).toBe(false);
        expect(same(gold, text(closedLow, !closedHigh))).toBe(false);
        expect(same(gold, gold.replace(String(high), String(high + 1)))).toBe(false);
      }),
    );
  });

  it('a union of pieces equals what the pieces make together', () => {
    fc.assert(
      fc.property(numbers, (items) => {
        const cuts = [...items].sort((a, b) => a - b);
        const pieces = cuts.slice(1).map((high, index) => `[${cuts[index]},${high}]`);
        expect(same(`[${cuts[0]},${cuts.at(-1)}]`, pieces.join('\\cup '))).toBe(true);
        if (pieces.length > 1) {
          expect(same(`[${cuts[0]},${cuts.at(-1)}]`, pieces.join('\\cup ').replaceAll('[', '('))).toBe(false);
          expect(same(`[${cuts[0]},${cuts.at(-1)}]`, pieces.slice(1).join('\\cup '))).toBe(false);
        }
      }),
    );
  });

  it('matrices entry by entry', () => {
    fc.assert(
      fc.property(fc.array(integer, { minLength: 4, maxLength: 4 }), fc.nat(3), (entries, at) => {
        const matrix = (name: string, [a, b, c, d]: number[]): string => `\\begin{${name}} ${a} & ${b} \\\\ ${c} & ${d} \\end{${name}}`;
        const changed = entries.map((value, index) => (index === at ? value + 1 : value));
        expect(same(matrix('pmatrix', entries), matrix('bmatrix', entries))).toBe(true);
        expect(same(matrix('pmatrix', entries), matrix('bmatrix', changed))).toBe(false);
      }),
    );
  });

  it('equations scaled and moved over', () => {
    const factor = fc.integer({ min: -9, max: 9 }).filter((value) => value !== 0);
    fc.assert(
      fc.property(factor, factor, factor, factor, (a, b, c, k) => {
        const line = (x: number, y: number, z: number): string => `${x}x+${y}y=${z}`.replaceAll('+-', '-');
        expect(same(line(a, b, c), line(a * k, b * k, c * k))).toBe(true);
        expect(same(line(a, b, c), `${-a}x=${b}y+${-c}`.replaceAll('+-', '-'))).toBe(true);
        expect(same(line(a, b, c), line(a, b, c + 1))).toBe(false);
        expect(same(line(a, b, c), line(a, -b, c))).toBe(false);
      }),
    );
  });
});

it('any text at all gets a verdict, the same one each time, and an answer to an empty gold is never right', () => {
  const scrap = fc.constantFrom(
    '\\frac',
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    '\\boxed',
    '\\sqrt',
    '^',
    '_',
    '1',
    'x',
    ',',
    '=',
    '<',
    '\\cup',
    '|',
    '!',
    ' ',
    '\\pm',
    '\\text',
    '.',
    '%',
    '$',
    '&',
    '\\\\',
    'and',
    'or',
    '\\sum',
    'answer is',
    '<think>',
    '∞',
    '½',
    '\u202e',
    '\0',
  );
  const text = fc.oneof(
    fc.array(scrap, { maxLength: 30 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );
  fc.assert(
    fc.property(text, text, (gold, response) => {
      const first = gradeResponse(gold, response);
      expect(gradeResponse(gold, response)).toEqual(first);
      expect(typeof gradeAnswer(gold, response).correct).toBe('boolean');
      if (gold.trim() === '') expect(first.correct).toBe(false);
    }),
    { numRuns: 600 },
  );
});

/** n/d by long division: "0.1\\overline{6}". */
function recurring(n: number, d: number): string {
  let digits = '';
  const seen = new Map<number, number>();
  let rest = n % d;
  while (rest !== 0 && !seen.has(rest)) {
    seen.set(rest, digits.length);
    digits += Math.floor((rest * 10) / d);
    rest = (rest * 10) % d;
  }
  const whole = Math.floor(n / d);
  if (rest === 0) return digits ? `${whole}.${digits}` : String(whole);
  return `${whole}.${digits.slice(0, seen.get(rest))}\\overline{${digits.slice(seen.get(rest))}}`;
}
