/** Grouping of sequences of different lengths into a few fixed shapes, so that graphs are built once and padding stays small. */

export interface MicroBatch {
  /** Indices into the given sequences; fewer than `batch` where rows are padding. */
  rows: number[];
  batch: number;
  length: number;
}

/** Lengths are rounded up to this many positions. */
export const LENGTH_STEP = 16;
/** Rows × positions that one micro-batch aims at: enough for full-speed matrix products, small enough for a phone's memory. */
export const TARGET_POSITIONS = 1024;

export const roundUp = (n: number, step: number): number => Math.ceil(n / step) * step;

/** Rows of a whole micro-batch of the given length. */
export const fullBatch = (length: number, positions = TARGET_POSITIONS): number => 4 * Math.max(1, Math.floor(positions / length / 4));

/**
 * Micro-batches for sequences with the given numbers of positions. Longest first; deterministic. Each length has three batch sizes
 * (whole, half, a quarter), so that few graphs are built and a remainder wastes little.
 */
export function microBatches(lengths: readonly number[], positions = TARGET_POSITIONS): MicroBatch[] {
  const order = lengths.map((_, i) => i).sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  const out: MicroBatch[] = [];
  for (let at = 0; at < order.length;) {
    const length = roundUp(Math.max(1, lengths[order[at]!]!), LENGTH_STEP);
    const quarter = fullBatch(length, positions) / 4;
    const left = order.length - at;
    const batch = left > 2 * quarter ? 4 * quarter : left > quarter ? 2 * quarter : quarter;
    const rows = order.slice(at, at + batch);
    out.push({ rows, batch, length });
    at += rows.length;
  }
  return out;
}
