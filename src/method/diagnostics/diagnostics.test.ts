import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RewrittenRow } from '../types';
import {
  chiSquare,
  clipFraction,
  copyOverlap,
  expertWeights,
  k1,
  k2,
  k3,
  klEstimates,
  leakPhrases,
  lengthShift,
  logHistogram,
  logProbsOf,
  logRatios,
  longestCommonRun,
  meanPassAtK,
  passAtK,
  perplexity,
  rewrittenWeights,
  stageLogProbs,
  weightDiagnostics,
  weightSummary,
} from '.';

const logWeights = fc.array(fc.double({ min: -800, max: 50, noNaN: true }), { minLength: 1, maxLength: 60 });

describe('weightSummary', () => {
  it('gives the published token ratios', () => {
    const [a, b] = logRatios([-2, -1], [-1, -1.5]);
    expect(Math.exp(a!)).toBeCloseTo(0.368, 3);
    expect(Math.exp(b!)).toBeCloseTo(1.649, 3);
    expect(() => logRatios([-1], [])).toThrow('1 policy log-probs for 0');
  });

  it('equals the definitions on plain weights', () => {
    const w = [0.5, 1, 2, 4];
    const total = 7.5;
    const squares = 21.25;
    const summary = weightSummary(w.map(Math.log));
    expect(summary.ess).toBeCloseTo(total ** 2 / squares, 12);
    expect(summary.maxShare).toBeCloseTo(4 / total, 12);
    const variance = squares / 4 - (total / 4) ** 2;
    expect(summary.cv2).toBeCloseTo(variance / (total / 4) ** 2, 12);
    expect(summary.chi2).toBeCloseTo(squares / 4 - 1, 12);
    expect(Math.exp(summary.logMean)).toBeCloseTo(total / 4, 12);
  });

  it('π = μ: ESS/n = 1, CV² = χ² = 0', () => {
    expect(weightSummary([0, 0, 0])).toEqual({
      n: 3,
      ess: 3,
      essRatio: 1,
      maxShare: expect.closeTo(1 / 3, 12),
      cv2: 0,
      logMean: 0,
      chi2: 0,
    });
  });

  it('stays in range and ignores a common factor, at any scale', () => {
    fc.assert(
      fc.property(logWeights, fc.double({ min: -1e4, max: 1e4, noNaN: true }), (w, shift) => {
        const { ess, essRatio, maxShare } = weightSummary(w);
        expect(ess).toBeGreaterThanOrEqual(1);
        expect(essRatio).toBeLessThanOrEqual(1);
        expect(maxShare).toBeGreaterThanOrEqual(1 / w.length - 1e-9);
        expect(maxShare).toBeLessThanOrEqual(1 + 1e-9);
        expect(weightSummary(w.map((x) => x + shift)).ess / ess).toBeCloseTo(1, 6);
      }),
    );
    expect(weightSummary([0, -Infinity])).toMatchObject({ ess: 1, maxShare: 1 });
    expect(weightSummary([]).ess).toBeNaN();
  });
});

describe('divergence', () => {
  it('is 0 for equal policies', () => {
    expect(klEstimates([0, 0])).toEqual({ k1: 0, k2: 0, k3: 0 });
    expect(chiSquare([0, 0])).toBe(0);
    expect(clipFraction([0, 0])).toBe(0);
  });

  it('k2 and k3 are never negative', () => {
    fc.assert(
      fc.property(fc.double({ min: -50, max: 50, noNaN: true }), (r) => {
        expect(k2(r)).toBeGreaterThanOrEqual(0);
        expect(k3(r)).toBeGreaterThanOrEqual(0);
        expect(k1(r)).toBe(-r);
      }),
    );
  });

  it('estimates KL(μ‖π) and χ²(π‖μ) exactly when averaged under μ', () => {
    const mu = [0.5, 0.3, 0.2];
    const pi = [0.2, 0.2, 0.6];
    const ratios = mu.map((m, v) => Math.log(pi[v]! / m));
    const under = (f: (r: number) => number) => mu.reduce((total, m, v) => total + m * f(ratios[v]!), 0);
    const kl = mu.reduce((total, m, v) => total + m * Math.log(m / pi[v]!), 0);
    expect(under(k1)).toBeCloseTo(kl, 12);
    expect(under(k3)).toBeCloseTo(kl, 12);
    const chi2 = mu.reduce((total, m, v) => total + (pi[v]! - m) ** 2 / m, 0);
    expect(
      chiSquare([...Array<number>(5).fill(ratios[0]!), ...Array<number>(3).fill(ratios[1]!), ...Array<number>(2).fill(ratios[2]!)]),
    ).toBeCloseTo(chi2, 12);
  });

  it('counts clipped ratios on each side and measures perplexity', () => {
    expect(clipFraction([0.7, 0.9, 1.1, 1.25].map(Math.log))).toBe(0.5);
    expect(clipFraction([0.7, 0.9, 1.1, 1.25].map(Math.log), 0.2, 0.28)).toBe(0.25);
    expect(perplexity([Math.log(0.25), Math.log(0.25)])).toBeCloseTo(4, 12);
  });
});

describe('logHistogram', () => {
  it('puts each value into the bin whose edges hold it, and loses none', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -12, max: 12 }), { maxLength: 80 }), fc.integer({ min: 1, max: 40 }), (values, bins) => {
        const { edges, counts, underflow, overflow, invalid } = logHistogram(values, -7, 5, bins);
        for (let i = 0; i < bins; i++) {
          const inside = values.filter((x) => x >= edges[i]! && (i === bins - 1 ? x <= edges[i + 1]! : x < edges[i + 1]!));
          expect(counts[i]).toBe(inside.length);
        }
        expect(counts.reduce((a, b) => a + b, 0) + underflow + overflow + invalid).toBe(values.length);
      }),
    );
  });

  it('counts zeros below, infinities above, and refuses impossible axes', () => {
    expect(logHistogram([-Infinity, Infinity, NaN, 0, 1], 0, 1, 2)).toMatchObject({
      underflow: 1,
      overflow: 1,
      invalid: 1,
      counts: Uint32Array.of(1, 1),
    });
    expect(() => logHistogram([], 1, 1, 4)).toThrow(RangeError);
    expect(() => logHistogram([], 0, 1, 0)).toThrow(RangeError);
  });
});

describe('pass@k', () => {
  it('equals the share of k-subsets that hold a correct sample', () => {
    const choose = (n: number, k: number): number => (k === 0 ? 1 : k > n ? 0 : (choose(n - 1, k - 1) * n) / k);
    for (let n = 1; n <= 10; n++)
      for (let c = 0; c <= n; c++)
        for (let k = 1; k <= n; k++) expect(passAtK(n, c, k)).toBeCloseTo(1 - choose(n - c, k) / choose(n, k), 12);
  });
  it('refuses impossible counts', () => {
    expect(() => passAtK(4, 5, 1)).toThrow(RangeError);
    expect(() => passAtK(4, 1, 5)).toThrow(RangeError);
    expect(
      meanPassAtK(
        [
          { sampled: 4, correct: 4 },
          { sampled: 4, correct: 0 },
        ],
        2,
      ),
    ).toBe(0.5);
  });
});

describe('copying', () => {
  it('measures the longest common run and the shared n-grams', () => {
    const reference = 'First add 3 and 4 to get 7, then double it.';
    expect(copyOverlap(reference, reference)).toMatchObject({ longestRunShare: 1, ngramShare: 1 });
    expect(copyOverlap('Nothing in common here', reference)).toMatchObject({ longestRun: 0, ngramShare: 0 });
    expect(copyOverlap('we add 3 and 4 to be fast', reference)).toMatchObject({ longestRun: 5, longestRunShare: 5 / 8, ngramShare: 2 / 5 });
    expect(copyOverlap('', reference)).toEqual({ longestRun: 0, longestRunShare: 0, ngramShare: 0, n: 4 });
  });
  it('agrees with brute force on short texts', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 10 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        let best = 0;
        for (let i = 0; i < a.length; i++)
          for (let j = i + 1; j <= a.length; j++) if (`${b.join('')}`.includes(a.slice(i, j).join(''))) best = Math.max(best, j - i);
        expect(longestCommonRun(a, b)).toBe(best);
      }),
    );
  });
  it('finds leaks', () => {
    expect(leakPhrases('As the Teacher’s\nsolution says')).toEqual(["the teacher's", "teacher's solution"]);
    expect(leakPhrases('Add 3 and 4.')).toEqual([]);
  });
});

/** A row with the fields that diagnostics read. */
function row(stage: RewrittenRow['stage'], logProbs: number[], expertLogProbs: number[], extra: Partial<RewrittenRow> = {}): RewrittenRow {
  const expert = {
    text: '',
    tokens: new Int32Array(expertLogProbs.length),
    policyLogProbs: Float32Array.from(expertLogProbs),
    behaviorLogProbs: null,
  };
  const base = { problemId: '', family: '', question: '', gold: '', prompt: '', promptTokens: new Int32Array(1), completion: '', kept: 0 };
  return {
    ...base,
    stage,
    tokens: new Int32Array(logProbs.length),
    policyLogProbs: Float32Array.from(logProbs),
    behaviorLogProbs: null,
    correctCount: 2,
    sampledCount: 8,
    expert,
    ...extra,
  };
}

describe('stage log-probs', () => {
  it('sums, averages per token and pairs by problem', () => {
    const rows = [row('self', [-1, -1], [-2, -2, -2, -2]), row('self', [-3], [-4, -4]), row('fallback', [-5, -1], [-5, -1])];
    const stages = stageLogProbs(rows);
    expect(stages.self).toMatchObject({ problems: 2, expert: { sum: -8, perToken: -3 }, rewritten: { sum: -2.5, perToken: -2 } });
    expect(stages.self.difference.sum.mean).toBe(5.5);
    expect(stages.self.difference.sum.ci95).toEqual([5, 6]);
    expect(stages.self.difference.perToken).toEqual({ mean: 1, ci95: [1, 1] });
    expect(stages.fallback.expert).toEqual(stages.fallback.rewritten);
    expect(stages.guided).toMatchObject({ problems: 0, expert: { sum: NaN } });
    expect(logProbsOf(rows, 0, 'all').expert.sum).toBeCloseTo((-8 - 8 - 6) / 3, 6);
    expect(lengthShift(rows.slice(0, 2)).difference.mean).toBe(-1.5);
  });
});

describe('intervals', () => {
  it('do not depend on the order of the rows', () => {
    const rows = Array.from({ length: 30 }, (_, i) => ({ ...row('self', [-1 - (i % 7), -2], [-3 - (i % 5)]), problemId: `p${i}` }));
    expect(stageLogProbs([...rows].reverse(), 3)).toEqual(stageLogProbs(rows, 3));
  });
});

describe('weights of rows', () => {
  it('has the paper’s weight, the true ratio, and the acceptance constant at sequence level', () => {
    const kept = row('guided', [-1, -2], [-3], { behaviorLogProbs: Float32Array.of(-0.5, -1) });
    const weights = rewrittenWeights(kept);
    expect([...weights.paper]).toEqual([-1, -2]);
    expect([...weights.ratio!]).toEqual([-0.5, -1]);
    expect(weights.ratioSequence).toBe(-1.5);
    expect(weights.logAcceptance).toBeCloseTo(Math.log(2 / 8), 12);
    expect(expertWeights(kept)).toMatchObject({ ratio: null, ratioSequence: null, logAcceptance: 0 });
    expect(rewrittenWeights(row('fallback', [-1], [-1], { correctCount: 0, kept: -1 })).logAcceptance).toBe(0);
  });

  it('on-policy kept responses have ratio 1 without the constant, and a lower ESS with it', () => {
    const rows = [1, 2, 8].map((correctCount) => row('self', [-1, -2], [-3], { correctCount, behaviorLogProbs: Float32Array.of(-1, -2) }));
    const { ratio, paper, kl, known, clipFraction: clipped } = weightDiagnostics(rows.map((r) => rewrittenWeights(r)));
    expect(known).toBe(3);
    expect(ratio.sequence.essRatio).toBe(1);
    expect(ratio.token.essRatio).toBe(1);
    expect(ratio.sequenceWithAcceptance.ess).toBeCloseTo(11 ** 2 / (1 + 4 + 64), 9);
    expect(paper.token.n).toBe(6);
    expect(kl.k3).toBe(0);
    expect(clipped).toBe(0);
  });
});
