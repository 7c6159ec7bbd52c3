/** Histogram of positive quantities on a logarithmic axis. */

export interface LogHistogram {
  /** bins + 1 ascending edges as natural logarithms; bin i holds edges[i] ≤ x < edges[i+1], the last one its upper edge too. */
  edges: Float64Array;
  counts: Uint32Array;
  /** Below the first edge, zeros (log −∞) included. */
  underflow: number;
  /** Above the last edge. */
  overflow: number;
  /** Not a number. */
  invalid: number;
}

/**
 * Bins values given as natural logarithms into equal steps between two logarithms.
 * @throws RangeError unless min < max and bins is a positive integer.
 */
export function logHistogram(logValues: ArrayLike<number>, min: number, max: number, bins: number): LogHistogram {
  if (!(min < max) || !Number.isInteger(bins) || bins < 1) {
    throw new RangeError(`A histogram needs min < max and at least one bin, not ${min} … ${max} in ${bins}.`);
  }
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => (i === bins ? max : min + ((max - min) * i) / bins));
  const result: LogHistogram = { edges, counts: new Uint32Array(bins), underflow: 0, overflow: 0, invalid: 0 };
  for (let i = 0; i < logValues.length; i++) {
    const value = logValues[i]!;
    if (Number.isNaN(value)) result.invalid++;
    else if (value < min) result.underflow++;
    else if (value > max) result.overflow++;
    else result.counts[binOf(value, edges)]!++;
  }
  return result;
}

function binOf(value: number, edges: Float64Array): number {
  const bins = edges.length - 1;
  const width = (edges[bins]! - edges[0]!) / bins;
  let bin = Math.min(bins - 1, Math.floor((value - edges[0]!) / width));
  // The division can land one bin off at an edge; the edges decide.
  if (value < edges[bin]!) bin--;
  else if (bin < bins - 1 && value >= edges[bin + 1]!) bin++;
  return bin;
}
