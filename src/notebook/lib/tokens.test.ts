import { expect, it } from 'vitest';
import { tint, tokenPieces, totals } from './tokens';

it('tints from none to full', () => {
  expect(tint(0)).toBe(0);
  expect(tint(-6)).toBe(100);
  expect(tint(-60)).toBe(100);
  expect(tint(Number.NEGATIVE_INFINITY)).toBe(100);
  expect(tint(-1)).toBeGreaterThan(tint(-0.1));
  expect(tint(0.0001)).toBe(0);
});
it('totals', () => {
  expect(totals([-1, -2])).toEqual({ sum: -3, perToken: -1.5 });
  expect(totals([]).perToken).toBeNaN();
});
it('falls back to the plain text', () => {
  expect(tokenPieces(null, [-1], 'abc')).toEqual([{ text: 'abc', logProb: 0 }]);
  expect(tokenPieces(['a', ''], [-1, -2], 'a')).toEqual([{ text: 'a', logProb: -1 }, { text: '', logProb: -2 }]); // prettier-ignore
});
