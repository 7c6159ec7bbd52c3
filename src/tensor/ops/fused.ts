/**
 * Operators of onnxruntime that do in one pass what several standard ones do. Faster on its CPU providers, f32 only, without a gradient of their own: for
 * graphs that generate, and inside hand-written gradients. Each has a counterpart of plain operators that it is tested against.
 */
import { constant, outputOf, ShapeError, Sym, type Operator } from '../sym';
import { reshape } from './layout';

const MICROSOFT = 'com.microsoft';

const RMS_NORM: Operator = { name: 'fusedRmsNorm', onnx: 'SimplifiedLayerNormalization' };
/** x·w / √(mean x² + ε) over the last axis. */
export function fusedRmsNorm(x: Sym, w: Sym, eps: number): Sym {
  return new Sym(RMS_NORM, [x, w], x.shape, x.dtype, { axis: -1, epsilon: { f: eps }, stash_type: 1 });
}

/** x [N, d] by its root mean square: `normed` = x·scale, and `scale` [N, 1] = 1 / √(mean x² + ε). */
export function fusedNormalise(x: Sym, eps: number): { normed: Sym; scale: Sym } {
  const [n, d] = x.shape as [number, number];
  const attributes = { axis: -1, epsilon: { f: eps }, stash_type: 1, '#outputs': 2 };
  const normed = new Sym(RMS_NORM, [x, constant(new Float32Array(d).fill(1), [d])], x.shape, x.dtype, attributes);
  return { normed, scale: outputOf(normed, 1, [n, 1]) };
}

const SKIP_RMS_NORM: Operator = { name: 'skipRmsNorm', onnx: 'SkipSimplifiedLayerNormalization', domain: MICROSOFT };
/** The residual sum x + y, and its RMS norm. */
export function skipRmsNorm(x: Sym, y: Sym, w: Sym, eps: number): { sum: Sym; normed: Sym } {
  const normed = new Sym(SKIP_RMS_NORM, [x, y, w], x.shape, x.dtype, { epsilon: { f: eps }, '#outputs': 4, '#unused': [1, 2] });
  return { normed, sum: outputOf(normed, 3, x.shape) };
}

const FUSED_MATMUL: Operator = { name: 'fusedMatmul', onnx: 'FusedMatMul', domain: MICROSOFT };
/** op(a)·op(b) of the last two axes, op = transpose where asked, which copies nothing: a [..., m, k], b [..., k, n] before it. */
export function fusedMatmul(a: Sym, b: Sym, transA: boolean, transB: boolean): Sym {
  const [x, y] = [a.shape.slice(-2), b.shape.slice(-2)] as [[number, number], [number, number]];
  const [[m, k], [k2, n]] = [transA ? x.reverse() : x, transB ? y.reverse() : y] as [[number, number], [number, number]];
  if (k !== k2) throw new ShapeError(`fusedMatmul: [${a.shape.join()}] × [${b.shape.join()}]`);
  return new Sym(FUSED_MATMUL, [a, b], [...a.shape.slice(0, -2), m, n], a.dtype, { transA: transA ? 1 : 0, transB: transB ? 1 : 0 });
}

const ROTARY: Operator = { name: 'rotary', onnx: 'RotaryEmbedding', domain: MICROSOFT };
/** RoPE of x [B, T, heads·headDim] with half tables cos, sin [T, headDim/2]: row t of the tables is position t of every sequence. */
export function rotary(x: Sym, cos: Sym, sin: Sym): Sym {
  if (x.shape.length !== 3) throw new ShapeError(`rotary: [${x.shape.join()}] is not [batch, positions, width]`);
  return new Sym(ROTARY, [x, constant(BigInt64Array.of(0n), [1]), cos, sin], x.shape, x.dtype, { interleaved: 0 });
}

const QUICK_GELU: Operator = { name: 'fusedSilu', onnx: 'QuickGelu', domain: MICROSOFT };
/** x·sigmoid(x). */
export function fusedSilu(x: Sym): Sym {
  return new Sym(QUICK_GELU, [x], x.shape, x.dtype, { alpha: { f: 1 } });
}

/** Rows as a sequence of one batch: [N, width] → [1, N, width], for `rotary` where every row has a position of its own. */
export const asSequence = (x: Sym): Sym => reshape(x, [1, -1, x.shape[x.shape.length - 1]!]);
