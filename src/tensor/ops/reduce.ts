import { constant, normaliseAxis, Sym, type Operator, type Shape } from '../sym';
import { expand, reshape } from './layout';
import { div, equal, mul, sub, where, zerosOf } from './elementwise';

function reducedShape(x: Sym, axes: readonly number[], keepDims: boolean): number[] {
  return x.shape.flatMap((n, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [n]));
}

function reduction(op: Operator, axesAsInput: boolean) {
  return (x: Sym, axes: readonly number[], keepDims = false): Sym => {
    const list = axes.map((a) => normaliseAxis(a, x.shape.length, op.name)).sort((a, b) => a - b);
    if (list.length === 0) return x;
    const inputs = axesAsInput ? [x, constant(BigInt64Array.from(list.map(BigInt)), [list.length])] : [x];
    return new Sym(op, inputs, reducedShape(x, list, keepDims), x.dtype, axesAsInput ? { keepdims: keepDims ? 1 : 0 } : { axes: list });
  };
}

/** Shape of a reduction's result with the reduced axes kept as 1. */
function keptShape(node: Sym): number[] {
  const [x, axes] = node.inputs as [Sym, Sym];
  const list = Array.from((axes.leaf as { data: BigInt64Array }).data, Number);
  return reducedShape(x, list, true);
}

const SUM: Operator = {
  name: 'reduceSum',
  onnx: 'ReduceSum',
  vjp: (y, g) => [expand(reshape(g, keptShape(y)), y.inputs[0]!.shape), null],
};
export const reduceSum = reduction(SUM, true);

const SUM_SQUARE: Operator = {
  name: 'reduceSumSquare',
  onnx: 'ReduceSumSquare',
  vjp: (y, g) => [mul(y.inputs[0]!, reshape(mul(g, 2), keptShape(y))), null],
};
/** Σ x² in one pass. */
export const reduceSumSquare = reduction(SUM_SQUARE, true);

const MEAN: Operator = {
  name: 'reduceMean',
  onnx: 'ReduceMean',
  vjp: (y, g) => {
    const x = y.inputs[0]!;
    return [expand(reshape(div(g, x.size / Math.max(1, y.size)), keptShape(y)), x.shape), null];
  },
};
export const reduceMean = reduction(MEAN, true);

const MAX: Operator = {
  name: 'reduceMax',
  onnx: 'ReduceMax',
  // Every position that attains the maximum receives the gradient (ties are a null set for continuous inputs).
  vjp: (y, g) => {
    const x = y.inputs[0]!;
    const kept = keptShape(y);
    return [where(equal(x, reshape(y, kept)), expand(reshape(g, kept), x.shape), zerosOf(g)), null];
  },
};
export const reduceMax = reduction(MAX, true);

/** Sums g over the axes along which `shape` was broadcast: the VJP of broadcasting. */
export function sumTo(g: Sym, shape: Shape): Sym {
  const lead = g.shape.length - shape.length;
  const axes = g.shape.flatMap((n, i) => (i < lead || (shape[i - lead] === 1 && n !== 1) ? [i] : []));
  if (axes.length === 0) return g;
  return reshape(reduceSum(g, axes, true), shape);
}

const SOFTMAX: Operator = {
  name: 'softmax',
  onnx: 'Softmax',
  vjp: (p, g) => {
    const gp = mul(g, p);
    return [subProduct(gp, p)];
  },
};
/** p = softmax over the last axis. */
export function softmax(x: Sym): Sym {
  return new Sym(SOFTMAX, [x], x.shape, x.dtype, { axis: -1 });
}

/** gp − p·Σ gp over the last axis. */
function subProduct(gp: Sym, p: Sym): Sym {
  return sub(gp, mul(p, reduceSum(gp, [-1], true)));
}

const CUMSUM: Operator = { name: 'cumSum', onnx: 'CumSum' };
/** Inclusive running sum along an axis. No gradient. */
export function cumSum(x: Sym, axis: number): Sym {
  const a = normaliseAxis(axis, x.shape.length, 'cumSum');
  return new Sym(CUMSUM, [x, constant(BigInt64Array.of(BigInt(a)), [])], x.shape, x.dtype);
}

const TOPK: Operator = { name: 'topK', onnx: 'TopK' };
/** The k largest values along the last axis, in falling order. No gradient. */
export function topValues(x: Sym, k: number): Sym {
  const shape = [...x.shape.slice(0, -1), k];
  return new Sym(TOPK, [x, constant(BigInt64Array.of(BigInt(k)), [1])], shape, x.dtype, { axis: -1, largest: 1, sorted: 1, '#outputs': 2 });
}
