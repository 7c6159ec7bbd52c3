import { broadcastShapes, ShapeError, Sym, type Operator } from '../sym';
import { sumTo } from './reduce';
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
    const [a, b] = y.inputs as [Sym, Sym];
    const ta = y.attributes.transA === 1;
    const tb = y.attributes.transB === 1;
    // y = op(A)·op(B) ⇒ d op(A) = g·op(B)ᵀ, d op(B) = op(A)ᵀ·g; a transposed operand takes the transpose of that.
    return [ta ? gemm(b, g, tb, true) : gemm(g, b, false, !tb), tb ? gemm(g, a, true, ta) : gemm(a, g, !ta, false)];
  },
};
/** op(A)·op(B) of matrices, op = transpose where asked: saves the transposes of a linear layer's backward. */
export function gemm(a: Sym, b: Sym, transA = false, transB = false): Sym {
  if (a.shape.length !== 2 || b.shape.length !== 2) throw new ShapeError('gemm takes matrices');
  const [m, k] = transA ? [a.shape[1]!, a.shape[0]!] : [a.shape[0]!, a.shape[1]!];
  const [k2, n] = transB ? [b.shape[1]!, b.shape[0]!] : [b.shape[0]!, b.shape[1]!];
  if (k !== k2) throw new ShapeError(`gemm: inner dimensions ${k} and ${k2} differ`);
  return new Sym(GEMM, [a, b], [m, n], a.dtype, { transA: transA ? 1 : 0, transB: transB ? 1 : 0 });
}
