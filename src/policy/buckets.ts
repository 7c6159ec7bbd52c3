/** Grouping of sequences of different lengths into micro-batches, so that little of what is computed is padding. */

export interface MicroBatch {
  /** Indices into the given sequences; fewer than `batch` where rows are padding. */
  rows: number[];
  batch: number;
  length: number;
}

/** The shapes that micro-batches may have, and what one more run of a graph costs, in positions. */
export interface ShapeRule {
  lengthStep: number;
  rows(count: number): number;
  runCost: number;
}

/** For a graph with open axes, which takes any number of rows, and any positions in multiples of 4; multiples of 8 make fewer shapes. A run's fixed part takes the time of some 30 positions. */
export const OPEN_SHAPES: ShapeRule = { lengthStep: 8, rows: (n) => n, runCost: 32 };

const FIXED_ROWS = [1, 2, 3, 4, 6, 8, 12, 16];
/** For graphs that are built for each shape: few of them. */
export const FIXED_SHAPES: ShapeRule = {
  lengthStep: 16,
  rows: (n) => FIXED_ROWS.find((r) => r >= n) ?? roundUp(n, 8),
  runCost: 32,
};

/** Rows × positions that one micro-batch holds at most: enough for full-speed matrix products, small enough for a phone's memory. */
export const TARGET_POSITIONS = 1024;
/** Lengths of prompts and tables are rounded up to this many positions. */
export const LENGTH_STEP = 16;

export const roundUp = (n: number, step: number): number => Math.ceil(n / step) * step;

/**
 * Micro-batches for sequences with the given numbers of positions: of all ways to cut the sequences, ordered by length, into groups, the one
 * with the least to compute, each run's fixed cost included. Longest first; a pure function of its arguments.
 */
export function microBatches(lengths: readonly number[], shapes: ShapeRule = OPEN_SHAPES, positions = TARGET_POSITIONS): MicroBatch[] {
  const order = lengths.map((_, i) => i).sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  const lengthAt = (i: number): number => roundUp(Math.max(1, lengths[order[i]!]!), shapes.lengthStep);
  /** Of the first n sequences: the least cost, and where the last group of it starts. */
  const best = [{ cost: 0, from: 0 }, ...order.map(() => ({ cost: Infinity, from: 0 }))];
  for (let from = 0; from < order.length; from++) {
    const length = lengthAt(from);
    for (let end = from + 1; end <= order.length; end++) {
      const size = shapes.rows(end - from) * length;
      if (size > positions && end > from + 1) break;
      const cost = best[from]!.cost + size + shapes.runCost;
      if (cost < best[end]!.cost) best[end] = { cost, from };
    }
  }
  const out: MicroBatch[] = [];
  for (let end = order.length; end > 0; end = best[end]!.from) {
    const { from } = best[end]!;
    out.push({ rows: order.slice(from, end), batch: shapes.rows(end - from), length: lengthAt(from) });
  }
  return out.reverse();
}

/** The share of what these micro-batches compute that is padding. */
export function paddingShare(lengths: readonly number[], batches: readonly MicroBatch[]): number {
  const computed = batches.reduce((sum, { batch, length }) => sum + batch * length, 0);
  return 1 - lengths.reduce((a, b) => a + b, 0) / computed;
}
