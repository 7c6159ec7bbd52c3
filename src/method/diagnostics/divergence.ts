/**
 * Estimates of how far π_θ is from μ. The KL estimators k1, k2, k3 are those of KL(μ‖π_θ) from tokens drawn from μ, with
 * log ρ = log π_θ − log μ; on tokens that were not drawn from μ they estimate nothing.
 */
import { mean } from '../statistics';

/** −log ρ: unbiased, either sign. */
export const k1 = (logRatio: number): number => -logRatio;
/** ½ log² ρ: biased, never negative. */
export const k2 = (logRatio: number): number => 0.5 * logRatio * logRatio;
/** ρ − 1 − log ρ: unbiased and never negative. */
export const k3 = (logRatio: number): number => Math.expm1(logRatio) - logRatio;

export interface KlEstimates {
  k1: number;
  k2: number;
  k3: number;
}

/** Token means of the three estimators, in nats. */
export function klEstimates(logRatios: ArrayLike<number>): KlEstimates {
  const average = (f: (logRatio: number) => number) => mean(Float64Array.from(logRatios, f));
  return { k1: average(k1), k2: average(k2), k3: average(k3) };
}

/** χ²(π_θ‖μ) = E_μ[ρ²] − 1, estimated from draws of μ; per token or per sequence, as the ratios are. */
export function chiSquare(logRatios: ArrayLike<number>): number {
  return mean(Float64Array.from(logRatios, (r) => Math.expm1(2 * r)));
}

/** exp(−mean log p): perplexity per token. */
export function perplexity(logProbs: ArrayLike<number>): number {
  return Math.exp(-mean(logProbs));
}

/** Share of ratios outside [1 − low, 1 + high]. */
export function clipFraction(logRatios: ArrayLike<number>, low = 0.2, high = low): number {
  let outside = 0;
  for (let i = 0; i < logRatios.length; i++) {
    const ratio = Math.exp(logRatios[i]!);
    if (ratio < 1 - low || ratio > 1 + high) outside++;
  }
  return outside / logRatios.length;
}
