/** The arithmetic of the charts: domains, ticks, places of labels. It is apart from the drawing so that it can be tested. */
import { extent } from 'd3-array';
import type { BinSeries, Series } from './types';

/** [min, max] of the finite values of all series. It is never empty: a single value, or none, gets room around it. */
export function domainOf(series: readonly Series[], axis: 0 | 1, include: readonly number[] = []): [number, number] {
  const values = series.flatMap((one) => one.points.map((point) => point[axis])).concat(include);
  const [low, high] = extent(values.filter(Number.isFinite));
  if (low === undefined || high === undefined) return [0, 1];
  if (low === high) return low === 0 ? [0, 1] : [low - Math.abs(low) * 0.1, high + Math.abs(high) * 0.1];
  return [low, high];
}

/** How many ticks fit into `pixels` without touching. */
export function tickCount(pixels: number, perTick = 70): number {
  return Math.max(2, Math.min(8, Math.floor(pixels / perTick)));
}

/** Runs of points with a finite y. A line is broken where a value is missing. */
export function segments(points: Series['points']): Series['points'][] {
  const runs: (readonly [number, number])[][] = [];
  let run: (readonly [number, number])[] = [];
  for (const point of points) {
    if (Number.isFinite(point[1])) run.push(point);
    else if (run.length > 0) {
      runs.push(run);
      run = [];
    }
  }
  if (run.length > 0) runs.push(run);
  return runs;
}

/**
 * Moves labels apart vertically so that they do not overlap. They keep their order and stay at least `gap` pixels apart, within [top,
 * bottom] as far as they fit. Returns their positions in the order given.
 */
export function spread(positions: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = positions.map((_, index) => index).sort((a, b) => positions[a]! - positions[b]!);
  const placed = [...positions];
  let previous = top - gap;
  for (const index of order) {
    placed[index] = Math.max(placed[index]!, previous + gap);
    previous = placed[index]!;
  }
  let limit = bottom;
  for (const index of [...order].reverse()) {
    placed[index] = Math.min(placed[index]!, limit);
    limit = placed[index] - gap;
  }
  return placed;
}

/** Largest count over bins and overflow columns, at least 1. */
export function maxCount(series: readonly BinSeries[]): number {
  let largest = 0;
  for (const one of series) {
    for (const bin of one.bins) largest = Math.max(largest, bin.count);
    largest = Math.max(largest, one.underflow ?? 0, one.overflow ?? 0);
  }
  return largest > 0 ? largest : 1;
}

/** Decade ticks of a log10 axis: every decade, or every n-th where there is no room. */
export function decades(low: number, high: number, most: number): number[] {
  const first = Math.ceil(low - 1e-9);
  const last = Math.floor(high + 1e-9);
  const step = Math.max(1, Math.ceil((last - first + 1) / most));
  const ticks: number[] = [];
  // Counted from decade 0, so that the ratio 1 has a tick whenever it is in range.
  for (let tick = Math.ceil(first / step) * step; tick <= last; tick += step) ticks.push(tick);
  return ticks;
}

/** The point of a series nearest to x (points ascending in x), or null. */
export function nearest(points: Series['points'], x: number): readonly [number, number] | null {
  let best: readonly [number, number] | null = null;
  for (const point of points) if (best === null || Math.abs(point[0] - x) < Math.abs(best[0] - x)) best = point;
  return best;
}
