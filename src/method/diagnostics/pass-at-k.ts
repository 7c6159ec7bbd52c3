import { mean } from '../statistics';

/**
 * Unbiased pass@k = 1 − C(n−c, k) / C(n, k) from n samples of which c are correct, as a product to avoid large binomials.
 * @throws RangeError unless 0 ≤ c ≤ n and 1 ≤ k ≤ n, all integers.
 */
export function passAtK(n: number, c: number, k: number): number {
  if (![n, c, k].every(Number.isInteger) || c < 0 || c > n || k < 1 || k > n) {
    throw new RangeError(`pass@k needs 0 ≤ c ≤ n and 1 ≤ k ≤ n, not n = ${n}, c = ${c}, k = ${k}.`);
  }
  if (n - c < k) return 1;
  let miss = 1;
  for (let i = n - c + 1; i <= n; i++) miss *= 1 - k / i;
  return 1 - miss;
}

/** Mean pass@k over problems. */
export function meanPassAtK(results: readonly { sampled: number; correct: number }[], k: number): number {
  return mean(results.map(({ sampled, correct }) => passAtK(sampled, correct, k)));
}
