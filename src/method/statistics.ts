/** Means and seeded bootstrap intervals. */
import { createRandom } from '../policy/random';

export const RESAMPLES = 2000;
export type Interval = [low: number, high: number];
export interface Estimate {
  mean: number;
  /** 95 % percentile bootstrap interval. */
  ci95: Interval;
}

/** Arithmetic mean; NaN for none. */
export function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length;
}

export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

/** Quantile of ascending values, linear between order statistics (Hyndman–Fan type 7). */
export function quantile(ascending: ArrayLike<number>, q: number): number {
  const at = (ascending.length - 1) * q;
  const low = Math.floor(at);
  const high = Math.min(low + 1, ascending.length - 1);
  return ascending[low]! + (at - low) * (ascending[high]! - ascending[low]!);
}

/** Work in pieces, for a thread that must not be held up: between two pieces it may do something else. */
export type Pieces<T> = Generator<void, T, void>;

/** All pieces at once. */
export function whole<T>(pieces: Pieces<T>): T {
  for (;;) {
    const piece = pieces.next();
    if (piece.done) return piece.value;
  }
}

/** Draws of a piece: about a millisecond. */
const PIECE = 20_000;

/** `bootstrap` in pieces. */
export function* bootstrapInPieces(
  groups: readonly ArrayLike<number>[],
  seed: number,
  purpose: string,
  resamples = RESAMPLES,
): Pieces<Interval> {
  if (groups.length === 0 || groups.some((group) => group.length === 0)) return [NaN, NaN];
  const random = createRandom(seed, `bootstrap/${purpose}`);
  const means = new Float64Array(resamples);
  const size = groups.reduce((n, group) => n + group.length, 0);
  let draws = 0;
  for (let b = 0; b < resamples; b++) {
    let total = 0;
    for (const group of groups) {
      let drawn = 0;
      for (let i = 0; i < group.length; i++) drawn += group[random.int(group.length)]!;
      total += drawn / group.length;
    }
    means[b] = total / groups.length;
    if ((draws += size) < PIECE) continue;
    draws = 0;
    yield;
  }
  means.sort();
  return [quantile(means, 0.025), quantile(means, 0.975)];
}

/**
 * 95 % percentile bootstrap of the unweighted mean of group means, each group resampled with replacement within itself.
 * One group gives the ordinary bootstrap of a mean. Deterministic in (seed, purpose).
 */
export function bootstrap(groups: readonly ArrayLike<number>[], seed: number, purpose: string, resamples = RESAMPLES): Interval {
  return whole(bootstrapInPieces(groups, seed, purpose, resamples));
}

/** `estimate` in pieces. */
export function* estimateInPieces(values: ArrayLike<number>, seed: number, purpose: string): Pieces<Estimate> {
  return { mean: mean(values), ci95: yield* bootstrapInPieces([values], seed, purpose) };
}

/** Mean with its bootstrap interval. */
export function estimate(values: ArrayLike<number>, seed: number, purpose: string): Estimate {
  return whole(estimateInPieces(values, seed, purpose));
}
