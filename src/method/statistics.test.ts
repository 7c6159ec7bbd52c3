import { describe, expect, it } from 'vitest';
import { createRandom } from '../policy/random';
import { bootstrap, estimate, mean, quantile } from './statistics';

describe('statistics', () => {
  it('quantiles interpolate between order statistics', () => {
    expect(quantile([1, 2, 3, 4], 0)).toBe(1);
    expect(quantile([1, 2, 3, 4], 1)).toBe(4);
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([5], 0.3)).toBe(5);
  });

  it('bootstrap intervals are seeded, hold the mean and shrink with n', () => {
    const random = createRandom(3, 'test');
    const values = Array.from({ length: 400 }, () => random.next());
    const wide = bootstrap([values.slice(0, 25)], 1, 'a');
    const narrow = bootstrap([values], 1, 'a');
    expect(bootstrap([values], 1, 'a')).toEqual(narrow);
    expect(bootstrap([values], 2, 'a')).not.toEqual(narrow);
    expect(narrow[0]).toBeLessThan(mean(values));
    expect(narrow[1]).toBeGreaterThan(mean(values));
    expect(narrow[1] - narrow[0]).toBeLessThan(wide[1] - wide[0]);
    // Normal theory: 2 · 1.96 · sqrt(1/12) / sqrt(400)
    expect(narrow[1] - narrow[0]).toBeCloseTo(0.0566, 2);
  });

  it('covers the truth about as often as it says', () => {
    const random = createRandom(11, 'coverage');
    let covered = 0;
    for (let trial = 0; trial < 200; trial++) {
      const [low, high] = bootstrap([Array.from({ length: 60 }, () => Number(random.next() < 0.6))], trial, 'coverage', 400);
      if (low <= 0.6 && 0.6 <= high) covered++;
    }
    expect(covered / 200).toBeGreaterThan(0.9);
  });

  it('resamples several groups within themselves', () => {
    expect(
      bootstrap(
        [
          [1, 1],
          [0, 0],
        ],
        1,
        'groups',
      ),
    ).toEqual([0.5, 0.5]);
    expect(estimate([2, 2], 1, 'x')).toEqual({ mean: 2, ci95: [2, 2] });
    expect(bootstrap([[]], 1, 'none')).toEqual([NaN, NaN]);
  });
});
