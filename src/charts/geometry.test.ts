import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decades, domainOf, maxCount, nearest, segments, spread, tickCount } from './geometry';

const line = (points: [number, number][]) => ({ id: 'a', name: 'a', color: 'red', points });

describe('domainOf', () => {
  it('covers finite values and what is included', () => {
    expect(domainOf([line([[0, 2], [1, Number.NaN], [2, 5]])], 1, [0])).toEqual([0, 5]); // prettier-ignore
  });
  it('is never empty', () => {
    expect(domainOf([], 0)).toEqual([0, 1]);
    expect(domainOf([line([[0, 0]])], 1)).toEqual([0, 1]);
    const [low, high] = domainOf([line([[0, 3]])], 1);
    expect(low).toBeLessThan(3);
    expect(high).toBeGreaterThan(3);
  });
});

it('breaks a line at missing values', () => {
  const runs = segments([[0, 1], [1, Number.NaN], [2, 3], [3, 4]]); // prettier-ignore
  expect(runs).toEqual([[[0, 1]], [[2, 3], [3, 4]]]); // prettier-ignore
});

describe('spread', () => {
  it('keeps order and distance, and stays inside where it fits', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 8 }), (positions) => {
        const placed = spread(positions, 14, 0, 200);
        const sorted = [...placed].sort((a, b) => a - b);
        for (let i = 1; i < sorted.length; i++) expect(sorted[i]! - sorted[i - 1]!).toBeGreaterThanOrEqual(14 - 1e-9);
        expect(sorted[0]).toBeGreaterThanOrEqual(0);
        expect(sorted.at(-1)).toBeLessThanOrEqual(200);
      }),
    );
  });
  it('leaves what does not touch alone', () => {
    expect(spread([10, 100, 50], 14, 0, 200)).toEqual([10, 100, 50]);
  });
});

it('ticks', () => {
  expect(tickCount(100)).toBe(2);
  expect(tickCount(1000)).toBe(8);
  expect(decades(-3, 3, 10)).toEqual([-3, -2, -1, 0, 1, 2, 3]);
  expect(decades(-6, 6, 5)).toEqual([-6, -3, 0, 3, 6]);
  expect(decades(-5, 5, 4)).toContain(0);
});

it('counts include what lies outside the bins', () => {
  expect(maxCount([{ id: 'a', name: 'a', color: 'red', bins: [{ x0: 0, x1: 1, count: 3 }], overflow: 9 }])).toBe(9);
  expect(maxCount([])).toBe(1);
});

it('finds the nearest point', () => {
  expect(nearest([[0, 1], [10, 2]], 6)).toEqual([10, 2]); // prettier-ignore
  expect(nearest([], 6)).toBeNull();
});
