import { describe, expect, it } from 'vitest';
import type { RewrittenRow } from '../../method/types';
import { decadeRange, logWeights, summaryOf, WEIGHT_KINDS, weightView } from './weights';
import { rewrittenWeights } from '../../method/diagnostics/weights';

const row = (logProbs: number[], behavior: number[] | undefined, correctCount: number): RewrittenRow => ({
  problemId: String(logProbs),
  family: 'f',
  question: '',
  gold: '',
  stage: 'self',
  prompt: '',
  promptTokens: new Int32Array(),
  completion: '',
  tokens: new Int32Array(logProbs.length),
  kept: 0,
  correctCount,
  sampledCount: 8,
  behaviorLogProbs: behavior ? Float32Array.from(behavior) : null,
  policyLogProbs: Float32Array.from(logProbs),
  expert: { text: '', tokens: new Int32Array(1), policyLogProbs: Float32Array.of(-4), behaviorLogProbs: Float32Array.of(-1) },
});

describe('weight distributions', () => {
  const rows = [row([-1, -2], [-1, -2], 8), row([-0.5], [-1.5], 2), row([-3], undefined, 4)];

  it('takes each kind at its level', () => {
    const weights = rows.map((one) => rewrittenWeights(one));
    expect([...logWeights(weights, 'paper-token')]).toEqual([-1, -2, -0.5, -3]);
    expect([...logWeights(weights, 'paper-sequence')]).toEqual([-3, -0.5, -3]);
    expect([...logWeights(weights, 'ratio-token')]).toEqual([0, 0, 1]);
    expect([...logWeights(weights, 'ratio-sequence')]).toEqual([0, 1]);
    expect(logWeights(weights, 'ratio-accepted')[1]).toBeCloseTo(1 + Math.log(2 / 8), 12);
  });

  it('loses no value: bins, underflow and overflow add up', () => {
    const view = weightView(rows);
    for (const { id } of WEIGHT_KINDS) {
      for (const series of view.bins[id]) {
        const total = series.bins.reduce((sum, bin) => sum + bin.count, 0) + (series.underflow ?? 0) + (series.overflow ?? 0);
        expect(total).toBe(summaryOf(view.diagnostics[series.id as 'expert'], id).n);
      }
    }
  });

  it('ranges are whole decades around one', () => {
    expect(decadeRange([])).toEqual([-1, 1]);
    expect(decadeRange([Float64Array.of(-9.3, 0.2)])).toEqual([-5, 1]);
  });
});
