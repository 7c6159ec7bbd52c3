/** How work is divided: fixed by the work alone, so that a repeated run rounds alike. */

/** Less than this a thread is not worth waking others for: positions of sequences, rows of sampling. */
export const WORTH = { positions: 512, rows: 32 };

/**
 * Divides indices among so many threads, the heaviest first and to and fro, so that each gets as many and nearly the same weights.
 * Within a share indices keep their order.
 */
export function shares(weights: readonly number[], threads: number): number[][] {
  const order = weights.map((_, i) => i).sort((a, b) => weights[b]! - weights[a]! || a - b);
  const out = Array.from({ length: threads }, () => [] as number[]);
  order.forEach((index, i) => {
    const at = i % (2 * threads);
    out[at < threads ? at : 2 * threads - 1 - at]!.push(index);
  });
  return out.map((share) => share.sort((a, b) => a - b));
}

/** Threads worth using for an amount of work that each should have at least `worth` of. */
export const worthwhile = (amount: number, worth: number, threads: number): number =>
  Math.max(1, Math.min(threads, Math.floor(amount / worth)));
