import { describe, expect, it } from 'vitest';
import { DRAWS, gapPicture, MAX_GAP, SHARES } from './illustration';

describe('the policy gap', () => {
  it('has no gap: every weight is 1', () => {
    const picture = gapPicture(0, false);
    expect(picture.essRatio).toBeCloseTo(1, 12);
    expect(picture.sample.essRatio).toBeCloseTo(1, 12);
    expect(picture.sample.maxShare).toBeCloseTo(1 / DRAWS, 12);
  });

  it.each([0.5, 1, 2])('gap %d: χ² of two unit normals is exp(gap²) − 1', (gap) => {
    expect(gapPicture(gap, false).chi2 / Math.expm1(gap * gap)).toBeCloseTo(1, 2);
  });

  it('ESS/n falls as the gap grows, exactly and in the draws', () => {
    const ratios = [0, 0.75, 1.5, 2.25, 3].map((gap) => gapPicture(gap, false));
    for (let i = 1; i < ratios.length; i++) expect(ratios[i]!.essRatio).toBeLessThan(ratios[i - 1]!.essRatio);
    expect(ratios.at(-1)!.sample.essRatio).toBeLessThan(0.1);
  });

  it('rewriting bounds the weights by one over the share of own answers', () => {
    const picture = gapPicture(MAX_GAP, true);
    expect(Math.max(...picture.logWeights)).toBeLessThanOrEqual(-Math.log(SHARES.self) + 1e-9);
    expect(picture.essRatio).toBeGreaterThan(SHARES.self - 1e-9);
    expect(picture.essRatio).toBeGreaterThan(gapPicture(MAX_GAP, false).essRatio * 100);
  });

  it('distributions sum to one and every draw is counted', () => {
    const { policy, expert, behavior, histogram } = gapPicture(1.3, true);
    for (const p of [policy, expert, behavior]) expect(p.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    const counted = histogram.counts.reduce((a, b) => a + b, 0) + histogram.underflow + histogram.overflow;
    expect(counted).toBe(DRAWS);
  });
});
