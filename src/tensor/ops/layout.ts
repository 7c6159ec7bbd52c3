import { isOpen, openFactors, quotient, sameSize } from '../open';
import { constant, lengthOf, normaliseAxis, outputOf, ShapeError, Sym, type Operator, type Shape } from '../sym';
import { mul } from './elementwise';
import { sumTo } from './reduce';

/** Numbers that an operator takes as an input; open sizes among them are computed when the graph runs. */
function i64(values: readonly number[]): Sym {
  const fixed = (some: readonly number[]): Sym => constant(BigInt64Array.from(some.map(BigInt)), [some.length]);
  if (!values.some(isOpen)) return fixed(values);
  const parts: Sym[] = [];
  for (let at = 0; at < values.length;) {
    let end = at;
    while (end < values.length && !isOpen(values[end]!)) end++;
    if (end > at) parts.push(fixed(values.slice(at, end)));
    if (end < values.length) parts.push(openSize(values[end++]!));
    at = end;
  }
  return concat(parts, 0);
}

function openSize(size: number): Sym {
  const { factor, primes } = openFactors(size);
  const product = primes.map(lengthOf).reduce((a, b) => mul(a, b));
  return factor === 1 ? product : mul(product, constant(BigInt64Array.of(BigInt(factor)), [1]));
}

const RESHAPE: Operator = { name: 'reshape', onnx: 'Reshape', vjp: ({ inputs: [x] }, g) => [reshape(g, x!.shape), null] };
/** Same values, new shape; one dimension may be −1. */
export function reshape(x: Sym, shape: Shape): Sym {
  const known = shape.filter((n) => n !== -1);
  const out = shape.map((n) => (n === -1 ? quotient(x.shape, known) : n));
  if (!sameSize(out, x.shape)) throw new ShapeError(`reshape: [${x.shape.join()}] does not fit [${shape.join()}]`);
  if (out.length === x.shape.length && out.every((n, i) => n === x.shape[i])) return x;
  // A −1 stays one, and one open size becomes one: cheaper than computing it.
  const single = shape.includes(-1) || out.filter(isOpen).length !== 1 ? shape : out.map((n) => (isOpen(n) ? -1 : n));
  return new Sym(RESHAPE, [x, i64(single)], out, x.dtype);
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
    return [pad(g, axis, start, x.shape[axis]! - start - y.shape[axis]!), null, null, null];
  },
};
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

const PAD: Operator = {
  name: 'pad',
  onnx: 'Pad',
  vjp: (y, g) => {
    const { '#axis': axis, '#before': before } = y.attributes as { '#axis': number; '#before': number };
    return [slice(g, axis, before, before + y.inputs[0]!.shape[axis]!), null];
  },
};
/** Zeros before and after along one axis. */
export function pad(x: Sym, axis: number, before: number, after: number): Sym {
  const a = normaliseAxis(axis, x.shape.length, 'pad');
  if (before === 0 && after === 0) return x;
  const amounts = [before, after].flatMap((n) => x.shape.map((_, i) => (i === a ? n : 0)));
  const shape = x.shape.map((n, i) => (i === a ? before + n + after : n));
  return new Sym(PAD, [x, i64(amounts)], shape, x.dtype, { '#axis': a, '#before': before });
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
/** As few groups as a tree of the same depth has: all but the last are full. */
function groupsOf<T>(items: readonly T[]): T[][] {
  let size = CONCAT_LIMIT;
  while (size * CONCAT_LIMIT < items.length) size *= CONCAT_LIMIT;
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
export function concat(parts: readonly Sym[], axis: number): Sym {
  const first = parts[0];
  if (!first) throw new ShapeError('concat: no parts');
  if (parts.length === 1) return first;
  if (parts.length > CONCAT_LIMIT) {
    return concat(
      groupsOf(parts).map((group) => concat(group, axis)),
      axis,
    );
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

const SPLIT: Operator = { name: 'split', onnx: 'Split' };
/**
 * x cut into parts of these sizes along an axis: one operator where slices are one each. Many parts are cut by way of fewer, larger ones, since
 * WebGPU binds few buffers to a kernel. No gradient.
 */
export function split(x: Sym, axis: number, sizes: readonly number[]): Sym[] {
  const a = normaliseAxis(axis, x.shape.length, 'split');
  const total = (some: readonly number[]): number => some.reduce((sum, n) => sum + n, 0);
  if (total(sizes) !== x.shape[a]) throw new ShapeError(`split: parts of ${sizes.join()} do not fill axis ${a} of [${x.shape.join()}]`);
  if (sizes.length === 1) return [x];
  if (sizes.length > CONCAT_LIMIT) {
    const groups = groupsOf(sizes);
    return split(x, a, groups.map(total)).flatMap((part, i) => split(part, a, groups[i]!));
  }
  const shape = (size: number): number[] => x.shape.map((n, i) => (i === a ? size : n));
  const first = new Sym(SPLIT, [x, i64(sizes)], shape(sizes[0]!), x.dtype, { axis: a, '#outputs': sizes.length });
  return sizes.map((size, i) => (i === 0 ? first : outputOf(first, i, shape(size))));
}

const EXPAND: Operator = { name: 'expand', onnx: 'Expand', vjp: ({ inputs: [x] }, g) => [sumTo(g, x!.shape), null] };
/** Broadcast to a shape. */
export function expand(x: Sym, shape: Shape): Sym {
  if (shape.length === x.shape.length && shape.every((n, i) => n === x.shape[i])) return x;
  return new Sym(EXPAND, [x, i64(shape)], shape, x.dtype);
}

const TRILU: Operator = { name: 'upperTriangle', onnx: 'Trilu' };
/** x [m, n] above its diagonal, 0 elsewhere. No gradient. */
export function upperTriangle(x: Sym): Sym {
  return new Sym(TRILU, [x, constant(BigInt64Array.of(1n), [])], x.shape, x.dtype, { upper: 1 });
}
