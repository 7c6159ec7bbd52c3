/** Concentration of a set of weights, from their logarithms so that products over long responses do not underflow. */
export interface WeightSummary {
  n: number;
  /** Kish effective sample size (Σw)² / Σw², on raw (unclamped) weights; from 1 to n. */
  ess: number;
  /** ESS / n. */
  essRatio: number;
  /** Largest normalised weight max w / Σw. */
  maxShare: number;
  /** Squared coefficient of variation n/ESS − 1. */
  cv2: number;
  /** log of the mean weight. For weights π/μ with y ~ μ its expectation is 0. */
  logMean: number;
  /** Σw²/n − 1: the estimate of χ²(π‖μ) = E_μ[ρ²] − 1 when y ~ μ and the weights are ratios π/μ. */
  chi2: number;
}

/**
 * Summary of weights given as natural logarithms (−∞ for a weight of 0). All NaN for none; the shares are NaN when every weight is 0.
 */
export function weightSummary(logWeights: ArrayLike<number>): WeightSummary {
  const n = logWeights.length;
  let max = -Infinity;
  for (let i = 0; i < n; i++) if (logWeights[i]! > max) max = logWeights[i]!;
  // Relative to the largest: Σ and Σ² neither overflow nor underflow, and equal weights give exactly n.
  let total = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const weight = Math.exp(logWeights[i]! - max);
    total += weight;
    squares += weight * weight;
  }
  const ess = Math.min(n, Math.max(1, total ** 2 / squares)); // rounding can leave the range by a hair
  return {
    n,
    ess,
    essRatio: ess / n,
    maxShare: 1 / total,
    cv2: n / ess - 1,
    logMean: max + Math.log(total / n),
    chi2: Math.expm1(2 * max + Math.log(squares / n)),
  };
}
