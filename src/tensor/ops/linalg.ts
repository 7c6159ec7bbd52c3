import { broadcastShapes, ShapeError, Sym, type Operator } from '../sym';
import { sumTo } from './reduce';
import { add } from './elementwise';
import { transpose } from './layout';

const swapLast = (x: Sym): Sym => {
  const r = x.shape.length;
  return transpose(x, [...Array(r - 2).keys(), r - 1, r - 2]);
};

const MATMUL: Operator = {
  name: 'matmul',
  onnx: 'MatMul',
  vjp: ({ inputs: [a, b] }, g) => [sumTo(matmul(g, swapLast(b!)), a!.shape), sumTo(matmul(swapLast(a!), g), b!.shape)],
};
/** Batched [..., m, k] × [..., k, n]. */
export function matmul(a: Sym, b: Sym): Sym {
  const [m, k] = a.shape.slice(-2) as [number, number];
  const [k2, n] = b.shape.slice(-2) as [number, number];
  if (a.shape.length < 2 || b.shape.length < 2 || k !== k2) throw new ShapeError(`matmul: [${a.shape.join()}] × [${b.shape.join()}]`);
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2), 'matmul');
  return new Sym(MATMUL, [a, b], [...batch, m, n], a.dtype);
}

const GEMM: Operator = {
  name: 'gemm',
  onnx: 'Gemm',
  vjp: (y, g) => {
    const [a, b, c] = y.inputs as [Sym, Sym, Sym | undefined];
    const ta = y.attributes.transA === 1;
    const tb = y.attributes.transB === 1;
    // y = op(A)·op(B) + C ⇒ d op(A) = g·op(B)ᵀ, d op(B) = op(A)ᵀ·g; a transposed operand takes the transpose of that.
    return [ta ? gemm(b, g, tb, true) : gemm(g, b, false, !tb), tb ? gemm(g, a, true, ta) : gemm(a, g, !ta, false), ...(c ? [g] : [])];
  },
};
/**
 * op(A)·op(B) + C of matrices, op = transpose where asked: saves the transposes of a linear layer's backward, and the pass over memory that
 * adding C (of the result's shape) afterwards would take.
 */
export function gemm(a: Sym, b: Sym, transA = false, transB = false, c?: Sym): Sym {
  if (a.shape.length !== 2 || b.shape.length !== 2) throw new ShapeError('gemm takes matrices');
  const [m, k] = transA ? [a.shape[1]!, a.shape[0]!] : [a.shape[0]!, a.shape[1]!];
  const [k2, n] = transB ? [b.shape[1]!, b.shape[0]!] : [b.shape[0]!, b.shape[1]!];
  if (k !== k2) throw new ShapeError(`gemm: inner dimensions ${k} and ${k2} differ`);
  if (c && (c.shape.length !== 2 || c.shape[0] !== m || c.shape[1] !== n))
    throw new ShapeError(`gemm: C is [${c.shape.join()}], the product [${m},${n}]`);
  return new Sym(GEMM, [a, b, ...(c ? [c] : [])], [m, n], a.dtype, { transA: transA ? 1 : 0, transB: transB ? 1 : 0 });
}

/** total + part; a product that nothing else has used yet is computed on top of the total instead of being added to it. */
export function accumulate(total: Sym, part: Sym): Sym {
  const fits = part.op === GEMM && part.inputs.length === 2 && total.shape.length === 2;
  if (!fits) return add(total, part);
  const [a, b] = part.inputs as [Sym, Sym];
  return gemm(a, b, part.attributes.transA === 1, part.attributes.transB === 1, total);
}

const EINSUM: Operator = { name: 'einsum', onnx: 'Einsum' };
/**
 * Σ of products by an equation with small letters for axes, 'nd,nd->n'. On WebGPU one operator, a thread for each result: for elementwise products
 * and short sums, not for products of matrices. No gradient.
 */
export function einsum(equation: string, ...operands: Sym[]): Sym {
  const [terms, result] = equation.split('->') as [string, string];
  const lengths = new Map<string, number>();
  terms.split(',').forEach((term, i) => {
    const shape = operands[i]?.shape;
    if (shape?.length !== term.length) throw new ShapeError(`einsum: ${equation} does not fit its operands`);
    [...term].forEach((axis, at) => {
      if ((lengths.get(axis) ?? shape[at]) !== shape[at]) throw new ShapeError(`einsum: two lengths of ${axis} in ${equation}`);
      lengths.set(axis, shape[at]!);
    });
  });
  const shape = Array.from(result, (axis) => lengths.get(axis)!);
  return new Sym(EINSUM, operands, shape, operands[0]!.dtype, { equation });
}
