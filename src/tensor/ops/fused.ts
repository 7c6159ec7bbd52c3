/**
 * Operators of onnxruntime that do in one pass what several standard ones do. Faster on its CPU providers, f32 only, without a gradient: for
 * graphs that generate. Each has a counterpart of plain operators that it is tested against.
 */
import { constant, outputOf, ShapeError, Sym, type Operator } from '../sym';
import { reshape } from './layout';

const MICROSOFT = 'com.microsoft';

const RMS_NORM: Operator = { name: 'fusedRmsNorm', onnx: 'SimplifiedLayerNormalization' };
/** x·w / √(mean x² + ε) over the last axis. */
export function fusedRmsNorm(x: Sym, w: Sym, eps: number): Sym {
  return new Sym(RMS_NORM, [x, w], x.shape, x.dtype, { axis: -1, epsilon: { f: eps }, stash_type: 1 });
}

const SKIP_RMS_NORM: Operator = { name: 'skipRmsNorm', onnx: 'SkipSimplifiedLayerNormalization', domain: MICROSOFT };
/** The residual sum x + y, and its RMS norm. */
export function skipRmsNorm(x: Sym, y: Sym, w: Sym, eps: number): { sum: Sym; normed: Sym } {
  const normed = new Sym(SKIP_RMS_NORM, [x, y, w], x.shape, x.dtype, { epsilon: { f: eps }, '#outputs': 4, '#unused': [1, 2] });
  return { normed, sum: outputOf(normed, 3, x.shape) };
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
