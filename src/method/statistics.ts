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

/** What a bootstrap says of one signed number. */
export interface Tested extends Estimate {
  /** Two-sided: twice the smaller share of resamples on either side of 0, never below 1 / resamples. */
  p: number;
}

/** From the resampled values of a statistic and its value on the data. */
function tested(value: number, resampled: Float64Array): Tested {
  const n = resampled.length;
  let [below, above] = [0, 0];
  for (const x of resampled) {
    if (x <= 0) below++;
    if (x >= 0) above++;
  }
  resampled.sort();
  return {
    mean: value,
    ci95: [quantile(resampled, 0.025), quantile(resampled, 0.975)],
    p: Math.min(1, Math.max(1 / n, (2 * Math.min(below, above)) / n)),
  };
}

/**
 * Crossed bootstrap of a mean over seeds and problems: seeds are drawn with replacement, and within each set problems, the same ones for every seed,
 * since all seeds are measured on the same problems. The statistic is the mean over seeds of the unweighted mean of the sets' means.
 *
 * @param values [seed][set][problem]; every seed has the same sets and problems
 */
export function crossedBootstrap(
  values: readonly (readonly ArrayLike<number>[])[],
  seed: number,
  purpose: string,
  resamples = RESAMPLES,
): Tested {
  const random = createRandom(seed, `crossed/${purpose}`);
  const sizes = values[0]!.map((set) => set.length);
  const resampled = new Float64Array(resamples);
  for (let b = 0; b < resamples; b++) {
    const seeds = values.map(() => values[random.int(values.length)]!);
    let total = 0;
    for (const [set, size] of sizes.entries()) {
      let drawn = 0;
      for (let i = 0; i < size; i++) {
        const problem = random.int(size);
        for (const one of seeds) drawn += one[set]![problem]!;
      }
      total += drawn / size / seeds.length;
    }
    resampled[b] = total / sizes.length;
  }
  const value = mean(values.map((sets) => mean(sets.map((set) => mean(set)))));
  return tested(value, resampled);
}

/** Bootstrap of a mean over problems, each problem's values (say of several seeds) drawn together. @param clusters by problem */
export function clusterBootstrap(clusters: readonly ArrayLike<number>[], seed: number, purpose: string, resamples = RESAMPLES): Tested {
  const random = createRandom(seed, `cluster/${purpose}`);
  const sums = clusters.map((cluster) => sum(cluster));
  const counts = clusters.map((cluster) => cluster.length);
  const resampled = new Float64Array(resamples);
  for (let b = 0; b < resamples; b++) {
    let [total, n] = [0, 0];
    for (let i = 0; i < clusters.length; i++) {
      const k = random.int(clusters.length);
      total += sums[k]!;
      n += counts[k]!;
    }
    resampled[b] = total / n;
  }
  return tested(sum(sums) / sum(counts), resampled);
}

/** Bootstrap of mean(a) − mean(b), each drawn from by itself. */
export function twoSampleBootstrap(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  seed: number,
  purpose: string,
  resamples = RESAMPLES,
): Tested {
  const random = createRandom(seed, `two-sample/${purpose}`);
  const drawnMean = (values: ArrayLike<number>): number => {
    let total = 0;
    for (let i = 0; i < values.length; i++) total += values[random.int(values.length)]!;
    return total / values.length;
  };
  return tested(
    mean(a) - mean(b),
    Float64Array.from({ length: resamples }, () => drawnMean(a) - drawnMean(b)),
  );
}

/** Quantiles of Student's t: 97.5 % by degrees of freedom 1 … 10. */
const T975 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

/**
 * Mean over seeds with Student's t interval, for figures of which a seed gives one. All NaN but the mean for fewer than two; p by the t distribution.
 */
export function overSeeds(values: readonly number[]): Tested {
  const n = values.length;
  const m = mean(values);
  if (n < 2) return { mean: m, ci95: [NaN, NaN], p: 1 };
  const error = Math.sqrt(sum(values.map((x) => (x - m) ** 2)) / (n - 1) / n);
  const t = T975[Math.min(n - 1, T975.length) - 1]!;
  return { mean: m, ci95: [m - t * error, m + t * error], p: error === 0 ? (m === 0 ? 1 : 0) : twoSidedT(Math.abs(m) / error, n - 1) };
}

/** P(|T| > t) with ν degrees of freedom, by Simpson's rule on the density. */
function twoSidedT(t: number, nu: number): number {
  const density = (x: number): number => (1 + (x * x) / nu) ** (-(nu + 1) / 2);
  const integral = (to: number): number => {
    const steps = 2000;
    let total = density(0) + density(to);
    for (let i = 1; i < steps; i++) total += (i % 2 === 1 ? 4 : 2) * density((i * to) / steps);
    return (total * to) / steps / 3;
  };
  // Beyond 1,000 what is left is negligible for ν ≥ 1 beside the digits that are shown.
  return Math.max(0, 1 - integral(Math.min(t, 1000)) / integral(1000));
}

/** Holm's step-down adjustment: adjusted p-values in the order given. */
export function holm(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((a, b) => p[a]! - p[b]!);
  const adjusted = new Array<number>(p.length);
  let largest = 0;
  order.forEach((at, rank) => {
    largest = Math.max(largest, Math.min(1, p[at]! * (p.length - rank)));
    adjusted[at] = largest;
  });
  return adjusted;
}
