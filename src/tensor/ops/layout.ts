import { constant, normaliseAxis, ShapeError, Sym, typedArray, type Operator, type Shape } from '../sym';
import { sumTo } from './reduce';

const i64 = (values: readonly number[]): Sym => constant(BigInt64Array.from(values.map(BigInt)), [values.length]);

const RESHAPE: Operator = { name: 'reshape', onnx: 'Reshape', vjp: ({ inputs: [x] }, g) => [reshape(g, x!.shape), null] };
/** Same values, new shape; one dimension may be −1. */
export function reshape(x: Sym, shape: Shape): Sym {
  const known = shape.reduce((a, n) => (n === -1 ? a : a * n), 1);
  const out = shape.map((n) => (n === -1 ? x.size / known : n));
  if (out.reduce((a, b) => a * b, 1) !== x.size) throw new ShapeError(`reshape: [${x.shape.join()}] does not fit [${shape.join()}]`);
  if (out.length === x.shape.length && out.every((n, i) => n === x.shape[i])) return x;
  // A −1 stays one, so that it also fits an axis that is open until the graph runs.
  return new Sym(RESHAPE, [x, i64(shape)], out, x.dtype);
}

const TRANSPOSE: Operator = {
  name: 'transpose',
  onnx: 'Transpose',
  vjp: (y, g) => {
    const perm = y.attributes.perm as readonly number[];
    return [
      transpose(
        g,
        perm.map((_, i) => perm.indexOf(i)),
      ),
    ];
  },
};
/** Output axis i is input axis perm[i]. */
export function transpose(x: Sym, perm: readonly number[]): Sym {
  if ([...perm].sort((a, b) => a - b).some((p, i) => p !== i) || perm.length !== x.shape.length) {
    throw new ShapeError(`transpose: [${perm.join()}] is not a permutation of the ${x.shape.length} axes`);
  }
  return new Sym(
    TRANSPOSE,
    [x],
    perm.map((p) => x.shape[p]!),
    x.dtype,
    { perm },
  );
}

const SLICE: Operator = {
  name: 'slice',
  onnx: 'Slice',
  vjp: (y, g) => {
    const x = y.inputs[0]!;
    const axis = y.attributes['#axis'] as number;
    const start = y.attributes['#start'] as number;
    const zeros = (n: number): Sym[] => (n === 0 ? [] : [zeroBlock(x, axis, n)]);
    const parts = [...zeros(start), g, ...zeros(x.shape[axis]! - start - y.shape[axis]!)];
    return [concat(parts, axis), null, null, null];
  },
};
function zeroBlock(like: Sym, axis: number, n: number): Sym {
  const shape = like.shape.map((d, i) => (i === axis ? n : d));
  return expand(
    constant(
      typedArray(like.dtype, [0]),
      shape.map(() => 1),
    ),
    shape,
  );
}
/** x[start … end) along one axis. */
export function slice(x: Sym, axis: number, start: number, end: number): Sym {
  const a = normaliseAxis(axis, x.shape.length, 'slice');
  if (!(0 <= start && start < end && end <= x.shape[a]!))
    throw new ShapeError(`slice: [${start}, ${end}) is outside axis ${a} of [${x.shape.join()}]`);
  if (start === 0 && end === x.shape[a]) return x;
  const shape = x.shape.map((n, i) => (i === a ? end - start : n));
  // Names with '#' are the engine's own notes and are not encoded: ONNX takes the bounds as inputs.
  return new Sym(SLICE, [x, i64([start]), i64([end]), i64([a])], shape, x.dtype, { '#axis': a, '#start': start });
}

const CONCAT: Operator = {
  name: 'concat',
  onnx: 'Concat',
  vjp: (y, g) => {
    const axis = y.attributes.axis as number;
    let at = 0;
    return y.inputs.map((x) => slice(g, axis, at, (at += x.shape[axis]!)));
  },
};
/** WebGPU binds few buffers to a kernel, so long lists are joined as a tree. */
const CONCAT_LIMIT = 7;
export function concat(parts: readonly Sym[], axis: number): Sym {
  const first = parts[0];
  if (!first) throw new ShapeError('concat: no parts');
  if (parts.length === 1) return first;
  if (parts.length > CONCAT_LIMIT) {
    const groups: Sym[] = [];
    const size = Math.ceil(parts.length / CONCAT_LIMIT);
    for (let i = 0; i < parts.length; i += size) groups.push(concat(parts.slice(i, i + size), axis));
    return concat(groups, axis);
  }
  const a = normaliseAxis(axis, first.shape.length, 'concat');
  for (const p of parts) {
    if (p.dtype !== first.dtype || p.shape.length !== first.shape.length || p.shape.some((n, i) => i !== a && n !== first.shape[i])) {
      throw new ShapeError(`concat: [${p.shape.join()}] does not join [${first.shape.join()}] along axis ${a}`);
    }
  }
  const shape = first.shape.map((n, i) => (i === a ? parts.reduce((sum, p) => sum + p.shape[a]!, 0) : n));
  return new Sym(CONCAT, [...parts], shape, first.dtype, { axis: a });
}

const EXPAND: Operator = { name: 'expand', onnx: 'Expand', vjp: ({ inputs: [x] }, g) => [sumTo(g, x!.shape), null] };
/** Broadcast to a shape. */
export function expand(x: Sym, shape: Shape): Sym {
  if (shape.length === x.shape.length && shape.every((n, i) => n === x.shape[i])) return x;
  return new Sym(EXPAND, [x, i64(shape)], shape, x.dtype);
}
