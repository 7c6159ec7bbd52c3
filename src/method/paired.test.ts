import { describe, expect, it } from 'vitest';
import { pairedDifference } from './paired';

const set = (values: number[]) => ({ perProblem: Object.fromEntries(values.map((value, i) => [`p${i}`, value])) });

describe('paired differences', () => {
  it('sees a small gain that is there on every problem, where the two intervals would overlap', () => {
    const start = { easy: set([0, 0.25, 0.5, 0.75, 0, 0.25, 0.5, 0.75]) };
    const arm = { easy: set([0.25, 0.5, 0.75, 1, 0.25, 0.5, 0.75, 1]) };
    const difference = pairedDifference(arm, start, 1, 'a')!;
    expect(difference.mean).toBeCloseTo(0.25, 12);
    expect(difference.ci95![0]).toBeCloseTo(0.25, 12);
  });

  it('weighs sets alike and resamples within each', () => {
    const start = { a: set([0, 0]), b: set([0, 0, 0, 0]) };
    const arm = { a: set([1, 0]), b: set([0, 0, 0, 0]) };
    expect(pairedDifference(arm, start, 1, 'b')).toMatchObject({ mean: 0.25, tie: false });
    expect(pairedDifference(arm, start, 1, 'b')!.ci95).toEqual([0, 0.5]);
  });

  it('calls a tie a tie, and has no interval for it', () => {
    const same = { a: set([0.5, 0]) };
    expect(pairedDifference(same, same, 1, 'c')).toEqual({ mean: 0, ci95: null, tie: true });
  });

  it('does not depend on the order of problems, and says nothing while a set is missing', () => {
    const start = { a: set([0, 0.5, 1]) };
    const arm = { a: set([1, 0.5, 0.5]) };
    const turned = { a: { perProblem: Object.fromEntries(Object.entries(arm.a.perProblem).reverse()) } };
    expect(pairedDifference(turned, start, 1, 'd')).toEqual(pairedDifference(arm, start, 1, 'd'));
    expect(pairedDifference({}, start, 1, 'd')).toBeNull();
  });
});
