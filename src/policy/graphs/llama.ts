/**
 * The Llama architecture as symbols: RMSNorm, RoPE, grouped-query attention, SwiGLU. One definition serves training, scoring,
 * prefill and decoding; they differ in how positions attend, which each passes in.
 */
import {
  add,
  concat,
  constant,
  gemm,
  gather,
  matmul,
  mul,
  neg,
  reduceMean,
  reduceSum,
  reciprocal,
  reshape,
  sigmoid,
  slice,
  softmax,
  sqrt,
  sub,
  transpose,
  typedArray,
  withVjp,
  type DType,
  type Sym,
} from '../../tensor';
import type { LlamaConfig } from '../config';
import { parameterTable } from '../parameters';

export interface LayerWeights {
  inputNorm: Sym;
  /** [(heads + 2·kvHeads)·headDim, hidden] */
  qkv: Sym;
  output: Sym;
  postNorm: Sym;
  /** [2·intermediate, hidden] */
  gateUp: Sym;
  down: Sym;
}

export interface Weights {
  embedding: Sym;
  layers: LayerWeights[];
  norm: Sym;
  /** [vocab, hidden]; the embedding when tied. */
  head: Sym;
}

/** Views into the flat parameter vector. */
export function weightsOf(config: LlamaConfig, flat: Sym): Weights {
  const table = parameterTable(config);
  const take = (first: string, last: string, shape: number[]): Sym => {
    const a = table.byName.get(first)!;
    const b = table.byName.get(last)!;
    return reshape(slice(flat, 0, a.offset, b.offset + b.size), shape);
  };
  const one = (name: string): Sym => take(name, name, [...table.byName.get(name)!.shape]);
  const { hiddenSize: d, intermediateSize: f } = config;
  const embedding = one('model.embed_tokens.weight');
  return {
    embedding,
    layers: Array.from({ length: config.layers }, (_, i) => {
      const l = `model.layers.${i}`;
      return {
        inputNorm: one(`${l}.input_layernorm.weight`),
        qkv: take(`${l}.self_attn.q_proj.weight`, `${l}.self_attn.v_proj.weight`, [
          (config.heads + 2 * config.kvHeads) * config.headDim,
          d,
        ]),
        output: one(`${l}.self_attn.o_proj.weight`),
        postNorm: one(`${l}.post_attention_layernorm.weight`),
        gateUp: take(`${l}.mlp.gate_proj.weight`, `${l}.mlp.up_proj.weight`, [2 * f, d]),
        down: one(`${l}.mlp.down_proj.weight`),
      };
    }),
    norm: one('model.norm.weight'),
    head: config.tieEmbeddings ? embedding : one('lm_head.weight'),
  };
}

/** The views in the flat vector's order: joining them (or their gradients) end to end gives a vector of its layout. */
export function inOrder(w: Weights): Sym[] {
  const layers = w.layers.flatMap((l) => [l.inputNorm, l.qkv, l.output, l.postNorm, l.gateUp, l.down]);
  return [w.embedding, ...layers, w.norm, ...(w.head === w.embedding ? [] : [w.head])];
}

/** x·w / √(mean x² + ε) over the last axis. */
export function rmsNorm(x: Sym, w: Sym, eps: number): Sym {
  const r = reciprocal(sqrt(add(reduceMean(mul(x, x), [-1], true), eps)));
  const xr = mul(x, r);
  // With h = g·w: ∂x = r·h − x·r³·mean(x·h), written with x·r; ∂w = Σ g·x·r.
  return withVjp(mul(xr, w), [x, w], (g) => {
    const h = mul(g, w);
    const gx = mul(r, sub(h, mul(xr, reduceMean(mul(xr, h), [-1], true))));
    const rows = x.shape.map((_, i) => i).slice(0, -1);
    return [gx, reduceSum(mul(g, xr), rows)];
  });
}

/** Rotates pairs (i, i + d/2) of the last axis by position; cos and sin broadcast against x. The VJP is the inverse rotation. */
export function rope(x: Sym, cos: Sym, sin: Sym): Sym {
  const half = x.shape[x.shape.length - 1]! / 2;
  const rotated = concat([neg(slice(x, -1, half, 2 * half)), slice(x, -1, 0, half)], -1);
  return withVjp(add(mul(x, cos), mul(rotated, sin)), [x], (g) => [rope(g, cos, neg(sin))]);
}

/** cos and sin of position·θ^(−2i/d), both halves: [positions, headDim] each. */
export function ropeTable(config: LlamaConfig, positions: number): { cos: Float32Array; sin: Float32Array } {
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

/** SwiGLU: silu(gate)·up of [N, 2f] → [N, f]. */
export function swiGlu(gateUp: Sym): Sym {
  const f = gateUp.shape[1]! / 2;
  const gate = slice(gateUp, 1, 0, f);
  const up = slice(gateUp, 1, f, 2 * f);
  const s = sigmoid(gate);
  const a = mul(gate, s);
  return withVjp(mul(a, up), [gateUp], (g) => {
    // silu′ = s + a·(1 − s)
    const gGate = mul(mul(g, up), add(s, mul(a, sub(1, s))));
    return [concat([gGate, mul(g, a)], 1)];
  });
}

/** How a layer's positions attend: [N, (heads + 2·kvHeads)·headDim] → [N, heads·headDim]. */
export type Attend = (qkv: Sym, layer: number) => Sym;

/** Hidden states after the final norm, [N, hidden], of token ids [N]. */
export function decoder(config: LlamaConfig, w: Weights, ids: Sym, attend: Attend): Sym {
  let x = gather(w.embedding, ids);
  for (const [i, layer] of w.layers.entries()) {
    const qkv = gemm(rmsNorm(x, layer.inputNorm, config.rmsNormEps), layer.qkv, false, true);
    x = add(x, gemm(attend(qkv, i), layer.output, false, true));
    const gateUp = gemm(rmsNorm(x, layer.postNorm, config.rmsNormEps), layer.gateUp, false, true);
    x = add(x, gemm(swiGlu(gateUp), layer.down, false, true));
  }
  return rmsNorm(x, w.norm, config.rmsNormEps);
}

/** Splits [B·T, …] into q [B, kv, G, T, hd] and k, v [B, T, kv, hd]; rotates q and k. */
export function splitHeads(config: LlamaConfig, qkv: Sym, batch: number, length: number, cos: Sym, sin: Sym): { q: Sym; k: Sym; v: Sym } {
  const { heads, kvHeads, headDim: hd } = config;
  const group = heads / kvHeads;
  const all = reshape(qkv, [batch, length, heads + 2 * kvHeads, hd]);
  // q and k are neighbours: one rotation for both. cos and sin: [T, 1, hd] or [B, T, 1, hd].
  const qk = rope(slice(all, 2, 0, heads + kvHeads), cos, sin);
  const q = transpose(reshape(slice(qk, 2, 0, heads), [batch, length, kvHeads, group, hd]), [0, 2, 3, 1, 4]);
  return { q, k: slice(qk, 2, heads, heads + kvHeads), v: slice(all, 2, heads + kvHeads, heads + 2 * kvHeads) };
}

/** Full causal attention within each of `batch` rows of `length` positions. Padding at the end of a row is harmless: nobody looks ahead. */
export function causalAttention(config: LlamaConfig, batch: number, length: number, dtype: DType, keep?: (k: Sym, v: Sym) => void): Attend {
  const { heads, kvHeads, headDim: hd } = config;
  const group = heads / kvHeads;
  const table = ropeTable(config, length);
  const cos = constant(typedArray(dtype, table.cos), [length, 1, hd]);
  const sin = constant(typedArray(dtype, table.sin), [length, 1, hd]);
  const bias = typedArray(dtype, length * length);
  for (let i = 0; i < length; i++) for (let j = i + 1; j < length; j++) bias[i * length + j] = -1e9;
  const mask = constant(bias, [length, length]);
  return (qkv) => {
    const { q, k, v } = splitHeads(config, qkv, batch, length, cos, sin);
    keep?.(k, v);
    // The heads that share a key-value head are stacked as rows: larger products, no broadcasting.
    const rows = reshape(mul(q, 1 / Math.sqrt(hd)), [batch, kvHeads, group * length, hd]);
    const scores = matmul(rows, transpose(k, [0, 2, 3, 1]));
    const p = softmax(add(reshape(scores, [batch, kvHeads, group, length, length]), mask));
    const out = matmul(reshape(p, [batch, kvHeads, group * length, length]), transpose(v, [0, 2, 1, 3]));
    const merged = transpose(reshape(out, [batch, kvHeads, group, length, hd]), [0, 3, 1, 2, 4]);
    return reshape(merged, [batch * length, heads * hd]);
  };
}
