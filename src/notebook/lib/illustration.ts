/**
 * The policy gap without a model: a one-dimensional family of answers where every quantity is exact. Not a measurement.
 *
 * The model's policy π and the expert's policy μ are discretised unit normals over a line of answers, their means `gap` apart. Rewriting replaces
 * draws from μ by draws from a mixture: own answers (π), retold ones (a normal at a third of the gap) and the expert's own (μ), in the proportions
 * of the paper's Table 1.
 */
import { uniform } from '../../policy/random';
import { PAPER_STAGE_COUNTS } from '../../method/paper';
import { weightSummary, type WeightSummary } from '../../method/diagnostics/ess';
import { logHistogram, type LogHistogram } from '../../method/diagnostics/histogram';

export const MAX_GAP = 3;
/** Answers drawn from the behaviour policy. */
export const DRAWS = 256;
const LOW = -8;
const HIGH = 7;
const ANSWERS = 301;
/** Distance of guided answers from the model, as a share of the gap: an assumption of the picture. */
const GUIDED_DISTANCE = 1 / 3;

export const SHARES = (() => {
  const { self, guided, fallback } = PAPER_STAGE_COUNTS.qwen;
  const total = self + guided + fallback;
  return { self: self / total, guided: guided / total, fallback: fallback / total };
})();

export interface GapPicture {
  /** Positions of the answers. */
  answers: Float64Array;
  /** Probabilities over the answers; each sums to 1. */
  policy: Float64Array;
  expert: Float64Array;
  /** Probabilities of the data: the expert's, or those of the mixture after rewriting. */
  behavior: Float64Array;
  /** log w of the draws, w = π/behaviour. */
  logWeights: Float64Array;
  /** On a natural-log axis; edges at powers of ten^(1/4). */
  histogram: LogHistogram;
  /** Of the draws. */
  sample: WeightSummary;
  /** Exact: χ²(π‖behaviour) = Σ π²/behaviour − 1 and the ESS/n that it implies for many draws, 1 / (1 + χ²). */
  chi2: number;
  essRatio: number;
}

function normal(mean: number): Float64Array {
  const density = Float64Array.from({ length: ANSWERS }, (_, i) => Math.exp(-0.5 * (answerAt(i) - mean) ** 2));
  const total = density.reduce((a, b) => a + b, 0);
  return density.map((value) => value / total);
}

function answerAt(i: number): number {
  return LOW + ((HIGH - LOW) * i) / (ANSWERS - 1);
}

/** The same random numbers at every gap, so that the picture changes smoothly with the slider. */
const uniforms = Float64Array.from({ length: DRAWS }, (_, i) => uniform(7, 'illustration', i));

/** Index of the first answer whose cumulative probability exceeds u. */
function draw(probabilities: Float64Array, u: number): number {
  let cumulative = 0;
  for (let i = 0; i < probabilities.length; i++) {
    cumulative += probabilities[i]!;
    if (u < cumulative) return i;
  }
  return probabilities.length - 1;
}

/** @param gap distance between the two means in standard deviations, 0 … MAX_GAP. */
export function gapPicture(gap: number, rewritten: boolean): GapPicture {
  const answers = Float64Array.from({ length: ANSWERS }, (_, i) => answerAt(i));
  const policy = normal(0);
  const expert = normal(gap);
  const guided = normal(gap * GUIDED_DISTANCE);
  const behavior = rewritten ? policy.map((p, i) => SHARES.self * p + SHARES.guided * guided[i]! + SHARES.fallback * expert[i]!) : expert;
  const logWeights = uniforms.map((u) => {
    const i = draw(behavior, u);
    return Math.log(policy[i]!) - Math.log(behavior[i]!);
  });
  const chi2 = policy.reduce((total, p, i) => total + (p * p) / behavior[i]!, -1);
  const reach = 4 * Math.LN10;
  return {
    answers,
    policy,
    expert,
    behavior,
    logWeights,
    histogram: logHistogram(logWeights, -reach, reach, 32),
    sample: weightSummary(logWeights),
    chi2: Math.max(0, chi2),
    essRatio: 1 / (1 + Math.max(0, chi2)),
  };
}
