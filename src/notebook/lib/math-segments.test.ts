import { describe, expect, it } from 'vitest';
import { isTooDeep, mathSegments } from './math-segments';

const cut = (text: string) =>
  mathSegments(text).map(({ kind, text: own, display }) => (kind === 'math' ? `${display ? 'D' : 'M'}<${own}>` : own));

describe('formulas in a text', () => {
  it.each([
    ['Let $x$ be $\\frac{1}{2}$.', ['Let ', 'M<x>', ' be ', 'M<\\frac{1}{2}>', '.']],
    ['So \\[a=b\\] and \\(c\\) and $$d$$', ['So ', 'D<a=b>', ' and ', 'M<c>', ' and ', 'D<d>']],
    ['She pays $2 for each, $18 in all.', ['She pays $2 for each, $18 in all.']],
    ['From $5-$10', ['From $5-$10']],
    ['It costs \\$5 or $5\\$$ today', ['It costs \\$5 or ', 'M<5\\$>', ' today']],
    ['An open $x', ['An open $x']],
    ['$$', ['$$']],
    ['$a\n\nb$', ['$a\n\nb$']],
    ['', []],
  ])('%j', (text, parts) => expect(cut(text)).toEqual(parts));

  it('keeps every character', () => {
    const text = 'a $b$ \\(c\\) $ d $$e$$ \\[ f';
    expect(
      mathSegments(text)
        .map(({ text: own }) => own)
        .join('').length,
    ).toBe(text.length - 2 - 4 - 4);
  });

  it('is linear, and refuses bombs', () => {
    const start = performance.now();
    mathSegments('$a '.repeat(100_000));
    expect(performance.now() - start).toBeLessThan(3000);
    expect(isTooDeep(`${'\\frac{'.repeat(200)}1${'}{2}'.repeat(200)}`)).toBe(true);
    expect(isTooDeep('\\frac{1}{2}')).toBe(false);
  });
});
