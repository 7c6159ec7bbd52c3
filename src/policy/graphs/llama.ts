/**
 * The Llama architecture as symbols: RMSNorm, RoPE, grouped-query attention, SwiGLU. One definition serves training, scoring and
 * prefill; they differ in how positions attend, which each passes in. Decoding in blocks has a layer of its own (`decoding.ts`).
 */
import {
  add,
  concat,
  constant,
  expand,
  fusedNormalise,
  gemm,
  gather,
  isOpen,
  mul,
  neg,
  reduceMean,
  reduceSumSquare,
  rotary,
  reduceSum,
  reciprocal,
  reshape,
  sigmoid,
  slice,
  sqrt,
  sub,
  transpose,
  typedArray,
  upperTriangle,
  withVjp,
  type DType,
  type Sym,
} from '../../tensor';
import { LENGTH_STEP, roundUp } from '../buckets';
import type { LlamaConfig } from '../config';
import { blockAttention } from './attention';
import { gpuAttention, gpuRmsNorm, gpuSwiGlu } from './gpu';
import type { Weights } from './weights';

/** x·w / √(mean x² + ε) over the last axis of x [N, d]; `fused`: on onnxruntime's CPU providers. */
export function rmsNorm(x: Sym, w: Sym, eps: number, fused = false): Sym {
  const d = x.shape[1]!;
  const { normed, scale } = fused ? fusedNormalise(x, eps) : normalise(x, eps);
  return withVjp(mul(normed, w), [x, w], (g) => {
    // With x̂ = x·scale: ∂w = Σ g·x̂, ∂x = scale·(g·w − x̂·mean(g·w·x̂)). That mean is a product of what ∂w sums with w / d.
    const t = mul(g, normed);
    const mean = fused ? gemm(t, reshape(mul(w, 1 / d), [d, 1])) : reduceMean(mul(t, w), [1], true);
    return [mul(scale, sub(mul(g, w), mul(normed, mean))), reduceSum(t, [0])];
  });
}

function normalise(x: Sym, eps: number): { normed: Sym; scale: Sym } {
  const scale = reciprocal(sqrt(add(mul(reduceSumSquare(x, [1], true), 1 / x.shape[1]!), eps)));
  return { normed: mul(x, scale), scale };
}

/**
 * Which operators a graph is made of: 'plain' standard ones, on every provider and in f64; 'fused' where onnxruntime's CPU providers have one
 * operator for several (f32); 'gpu' the same operators where WebGPU has
 * them, too, and otherwise few large ones.
 */
export type Kernels = 'plain' | 'gpu' | 'fused';

/** Rotates pairs (i, i + d/2) of the last axis by position; cos and sin broadcast against x. The VJP is the inverse rotation. */
export function rope(x: Sym, cos: Sym, sin: Sym): Sym {
  const half = x.shape[x.shape.length - 1]! / 2;
  const rotated = concat([neg(slice(x, -1, half, 2 * half)), slice(x, -1, 0, half)], -1);
  return withVjp(add(mul(x, cos), mul(rotated, sin)), [x], (g) => [rope(g, cos, neg(sin))]);
}

const halves = new WeakMap<Float32Array, Sym>();

/** `rope` of x [B, T, heads·headDim] by tables of T positions ('fused': at least T), as one operator or as several. */
function rotate(config: LlamaConfig, x: Sym, table: RopeTable, kernels: Kernels): Sym {
  const [batch, length, width] = x.shape as [number, number, number];
  const hd = config.headDim;
  if (kernels === 'plain') {
    const full = (data: Float32Array): Sym => constant(typedArray(x.dtype, data), [length, 1, hd]);
    return reshape(rope(reshape(x, [batch, length, width / hd, hd]), full(table.cos), full(table.sin)), [batch, length, width]);
  }
  // The operator reads the first T positions of a longer table. Layers share it: a constant of its own for each would be most of the model's bytes.
  const half = (data: Float32Array): Sym => {
    const table = halves.get(data) ?? constant(firstHalves(data, hd), [data.length / hd, hd / 2]);
    halves.set(data, table);
    return table;
  };
  const inverse = { cos: table.cos, sin: table.sin.map((v) => -v) };
  return withVjp(rotary(x, half(table.cos), half(table.sin)), [x], (g) => [rotate(config, g, inverse, kernels)]);
}

/** A table that also multiplies by `scale`: rotation is linear, so the queries' 1/√headDim costs nothing there. */
export function scaledTable(table: RopeTable, scale: number): RopeTable {
  return { cos: table.cos.map((v) => v * scale), sin: table.sin.map((v) => v * scale) };
}

/** The first half of each position's entries: both halves are equal. */
export function firstHalves(table: Float32Array, headDim: number): Float32Array {
  return table.filter((_, i) => i % headDim < headDim / 2);
}

export interface RopeTable {
  cos: Float32Array;
  sin: Float32Array;
}

/** cos and sin of position·θ^(−2i/d), both halves: [positions, headDim] each. */
export function ropeTable(config: LlamaConfig, positions: number): RopeTable {
  const d = config.headDim;
  const cos = new Float32Array(positions * d);
  const sin = new Float32Array(positions * d);
  for (let p = 0; p < positions; p++) {
    for (let i = 0; i < d / 2; i++) {
      const angle = p * config.ropeTheta ** ((-2 * i) / d);
      cos[p * d + i] = cos[p * d + i + d / 2] = Math.cos(angle);
      sin[p * d + i] = sin[p * d + i + d / 2] = Math.sin(angle);
    }
  }
  return { cos, sin };
}

/** SwiGLU: silu(gate)·up, [N, f] each. */
export function swiGlu(gate: Sym, up: Sym): Sym {
  const s = sigmoid(gate);
  const a = mul(gate, s);
  return withVjp(mul(a, up), [gate, up], (g) => {
    // ∂up = g·a; silu′ = s + a·(1 − s), so that ∂gate = up·(∂up + s·(g − ∂up)).
    const gUp = mul(g, a);
    return [mul(up, add(gUp, mul(s, sub(g, gUp)))), gUp];
  });
}

/** Keys, values and queries of a layer's positions, [N, heads·headDim] or [N, kvHeads·headDim]. */
export interface Projections {
  q: Sym;
  k: Sym;
  v: Sym;
  /** q, k and v side by side, where the weights are joint: used instead of them. */
  qkv?: Sym | undefined;
}
/** How a layer's positions attend: → [N, heads·headDim]. */
export type Attend = (x: Projections, layer: number) => Sym;

/** Hidden states after the final norm, [N, hidden], of token ids [N]; of the positions `picked` i32 [R] only, [R, hidden], where that is given. */
export function decoder(config: LlamaConfig, w: Weights, ids: Sym, attend: Attend, kernels: Kernels = 'plain', picked?: Sym): Sym {
  let x = gather(w.embedding, ids, kernels === 'fused');
  const norm = (weight: Sym): Sym =>
    kernels === 'gpu' ? gpuRmsNorm(x, weight, config.rmsNormEps) : rmsNorm(x, weight, config.rmsNormEps, kernels === 'fused');
  for (const [i, layer] of w.layers.entries()) {
    const h = norm(layer.inputNorm);
    const project = (weight: Sym): Sym => gemm(h, weight, false, true);
    const qkv = layer.joint && project(layer.joint.qkv);
    let attended = attend({ q: project(layer.q), k: project(layer.k), v: project(layer.v), qkv }, i);
    // Behind the last attention no position looks at another any more.
    if (picked && layer === w.layers.at(-1)) [x, attended] = [gather(x, picked, true), gather(attended, picked, true)];
    x = gemm(attended, layer.output, false, true, x);
    const m = norm(layer.postNorm);
    const glu = layer.joint ? gpuSwiGlu(m, layer.joint.gateUp) : swiGlu(gemm(m, layer.gate, false, true), gemm(m, layer.up, false, true));
    x = gemm(glu, layer.down, false, true, x);
  }
  return norm(w.norm);
}

/** Fewer positions than this are not split into query blocks. */
const SPLIT_FROM = 64;

/**
 * Ends of the blocks of queries that attend together: a block reads the keys up to its own end only, so that 4 blocks save 3/8 of the work. A
 * GPU, which pays for every operator, takes all at once.
 */
function queryBlocks(length: number, kernels: Kernels): number[] {
  const count = kernels === 'fused' && length >= SPLIT_FROM && length % 4 === 0 ? 4 : 1;
  return Array.from({ length: count }, (_, i) => ((i + 1) * length) / count);
}

/** Full causal attention within each of `batch` rows of `length` positions. Padding at the end of a row is harmless: nobody looks ahead. */
export function causalAttention(
  config: LlamaConfig,
  batch: number,
  length: number,
  dtype: DType,
  kernels: Kernels = 'plain',
  keep?: (k: Sym, v: Sym) => void,
): Attend {
  const { heads, kvHeads, headDim: hd } = config;
  const group = heads / kvHeads;
  const table = ropeTable(config, isOpen(length) ? roundUp(config.maxPositions, LENGTH_STEP) : length);
  const queryTable = scaledTable(table, 1 / Math.sqrt(hd));
  const ends = queryBlocks(length, kernels);
  const turned = (x: Sym, by: RopeTable): Sym => rotate(config, reshape(x, [batch, length, -1]), by, kernels);
  return (x) => {
    if (x.qkv) return gpuAttention(config, x.qkv, batch, length, causalMask(0, length, length, dtype), keep);
    const byHead = (y: Sym): Sym => transpose(reshape(y, [batch, length, kvHeads, hd]), [0, 2, 1, 3]);
    const q = transpose(reshape(turned(x.q, queryTable), [batch, length, kvHeads, group, hd]), [0, 2, 3, 1, 4]);
    const [k, v] = [byHead(turned(x.k, table)), byHead(x.v)];
    keep?.(k, v);
    const out = blockAttention(q, k, v, ends, (from, end) => causalMask(from, end, length, dtype), kernels === 'fused');
    return reshape(transpose(out, [0, 3, 1, 2, 4]), [batch * length, heads * hd]);
  };
}

/** [end − from, end]: −1e9 where a position would look ahead. */
function causalMask(from: number, end: number, length: number, dtype: DType): Sym {
  if (isOpen(length))
    return slice(slice(upperTriangle(expand(constant(typedArray(dtype, [-1e9]), [1, 1]), [length, length])), 0, from, end), 1, 0, end);
  const bias = typedArray(dtype, (end - from) * end);
  for (let i = from; i < end; i++) for (let j = i + 1; j < end; j++) bias[(i - from) * end + j] = -1e9;
  return constant(bias, [end - from, end]);
}
