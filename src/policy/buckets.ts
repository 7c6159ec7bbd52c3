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
export const TARGET_POSITIONS = 1536;
const BATCHES = [1, 2, 4, 8, 12, 16, 24, 32, 48];

export const roundUp = (n: number, step: number): number => Math.ceil(n / step) * step;

/** Micro-batches for sequences with the given numbers of positions. Longest first; deterministic. */
export function microBatches(lengths: readonly number[], positions = TARGET_POSITIONS): MicroBatch[] {
  const order = lengths.map((_, i) => i).sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  const out: MicroBatch[] = [];
  for (let at = 0; at < order.length; ) {
    const length = roundUp(Math.max(1, lengths[order[at]!]!), LENGTH_STEP);
    const left = order.length - at;
    const limit = BATCHES.findLast((b) => b * length <= positions) ?? 1;
    const batch = left >= limit ? limit : BATCHES.find((b) => b >= left)!;
    const rows = order.slice(at, at + batch);
    out.push({ rows, batch, length });
    at += rows.length;
  }
  return out;
}
