/** Operators for axes whose length is known only when the graph runs (`open` inputs). Without a gradient, on every provider. */
import { constant, normaliseAxis, ShapeError, Sym, type Operator } from '../sym';

const AS_MATRIX: Operator = { name: 'asMatrix', onnx: 'Flatten' };
/** The axes before `axis` as one and those from it on as another: reshape cannot say so where two lengths are open. */
export function asMatrix(x: Sym, axis: number): Sym {
  const a = normaliseAxis(axis, x.shape.length, 'asMatrix');
  const size = (axes: readonly number[]): number => axes.reduce((n, d) => n * d, 1);
  return new Sym(AS_MATRIX, [x], [size(x.shape.slice(0, a)), size(x.shape.slice(a))], x.dtype, { axis: a });
}

const SLICE: Operator = { name: 'sliceOpen', onnx: 'Slice' };
/**
 * x[start … end) along one axis, where a bound may be an i64 [1] that is fed and a negative one counts from the end. `length` is what the shape rules
 * take the result for.
 */
export function sliceOpen(x: Sym, axis: number, start: number | Sym, end: number | Sym, length: number): Sym {
  const a = normaliseAxis(axis, x.shape.length, 'sliceOpen');
  if (!(length > 0 && length <= x.shape[a]!)) throw new ShapeError(`sliceOpen: ${length} positions of axis ${a} of [${x.shape.join()}]`);
  const bound = (n: number | Sym): Sym => (typeof n === 'number' ? constant(BigInt64Array.of(BigInt(n)), [1]) : n);
  const shape = x.shape.map((n, i) => (i === a ? length : n));
  return new Sym(SLICE, [x, bound(start), bound(end), bound(a)], shape, x.dtype);
}
