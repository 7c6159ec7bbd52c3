/**
 * The parts of a layer as a GPU takes them, where each operator costs a dispatch whatever its size: few operators, and gradients written out for them.
 * `llama.ts` has the same in plain ones.
 */
import {
  add,
  concat,
  constant,
  div,
  einsum,
  fusedRmsNorm,
  fusedSilu,
  gemm,
  matmul,
  mul,
  reduceSumSquare,
  reshape,
  rotary,
  sigmoid,
  softmax,
  split,
  sqrt,
  sub,
  transpose,
  typedArray,
  withVjp,
  type Sym,
} from '../../tensor';
import type { LlamaConfig } from '../config';
import { firstHalves, ropeTable } from './llama';

const vector = (x: Sym, values: ArrayLike<number>, shape: number[]): Sym => constant(typedArray(x.dtype, values), shape);

/** x·w / √(mean x² + ε) of x [N, d]. */
export function gpuRmsNorm(x: Sym, w: Sym, eps: number): Sym {
  const [n, d] = x.shape as [number, number];
  return withVjp(fusedRmsNorm(x, w, eps), [x, w], (g) => {
    // With s = √(Σx² + dε), u = x/s and h = √d·g·w: ∂x = (h − u·Σ u·h)/s, ∂w = √d·Σ g·u, the sum over rows as a product.
    const s = sqrt(add(reduceSumSquare(x, [1], true), d * eps));
    const u = div(x, s);
    const h = einsum('nd,d,a->nd', g, w, vector(x, [Math.sqrt(d)], [1]));
    const along = reshape(einsum('nd,nd->n', u, h), [n, 1]);
    const root = vector(x, new Float32Array(n).fill(Math.sqrt(d)), [1, n]);
    return [div(sub(h, mul(u, along)), s), reshape(gemm(root, mul(g, u)), [d])];
  });
}

/** SwiGLU of m [N, hidden] by the joint matrix of gate and up [2f, hidden]: silu(gate)·up, [N, f]. */
export function gpuSwiGlu(m: Sym, gateUp: Sym): Sym {
  const f = gateUp.shape[0]! / 2;
  const both = gemm(m, gateUp, false, true);
  const [gate, up] = split(both, 1, [f, f]) as [Sym, Sym];
  const a = fusedSilu(gate);
  return withVjp(mul(a, up), [both], (g) => {
    const s = sigmoid(gate);
    // silu′ = s + a·(1 − s)
    return [concat([einsum('nf,nf,nf->nf', g, up, add(s, mul(a, sub(1, s)))), mul(g, a)], 1)];
  });
}

/**
 * Tables that turn a position's heads as they come out of the joint product, [T·(heads + 2·kvHeads), headDim/2]: queries, which take 1/√headDim along,
 * keys, and values, which stay as they are.
 */
function jointTable({ heads, kvHeads, headDim: hd, ...config }: LlamaConfig, length: number): { cos: Float32Array; sin: Float32Array } {
  const table = ropeTable({ heads, kvHeads, headDim: hd, ...config }, length);
  const [cos, sin] = [firstHalves(table.cos, hd), firstHalves(table.sin, hd)];
  const [half, count] = [hd / 2, heads + 2 * kvHeads];
  const out = { cos: new Float32Array(length * count * half), sin: new Float32Array(length * count * half) };
  for (let t = 0; t < length; t++) {
    for (let head = 0; head < count; head++) {
      const scale = head < heads ? 1 / Math.sqrt(hd) : 1;
      for (let i = 0; i < half; i++) {
        const at = (t * count + head) * half + i;
        const turns = head < heads + kvHeads;
        out.cos[at] = turns ? scale * cos[t * half + i]! : 1;
        out.sin[at] = turns ? scale * sin[t * half + i]! : 0;
      }
    }
  }
  return out;
}

/** Causal attention of each row's positions, from the joint product qkv [B·T, (heads + 2·kvHeads)·headDim] to [B·T, heads·headDim]. */
export function gpuAttention(
  config: LlamaConfig,
  qkv: Sym,
  batch: number,
  length: number,
  mask: Sym,
  keep?: (k: Sym, v: Sym) => void,
): Sym {
  const { heads, kvHeads, headDim: hd } = config;
  const [count, group] = [heads + 2 * kvHeads, heads / kvHeads];
  const table = jointTable(config, length);
  const rows = [length * count, hd / 2];
  const [cos, sin, back] = [table.cos, table.sin, table.sin.map((v) => -v)].map((t) => vector(qkv, t, rows)) as [Sym, Sym, Sym];
  const swap = (x: Sym): Sym => transpose(x, [0, 1, 3, 2]);

  const turned = rotary(reshape(qkv, [batch, length * count, hd]), cos, sin);
  const byHead = transpose(reshape(turned, [batch, length, count, hd]), [0, 2, 1, 3]);
  const [queries, k, v] = split(byHead, 1, [heads, kvHeads, kvHeads]) as [Sym, Sym, Sym];
  keep?.(k, v);
  // The heads that share a key-value head are stacked as rows.
  const q = reshape(queries, [batch, kvHeads, group * length, hd]);
  const scores = reshape(matmul(q, swap(k)), [batch, kvHeads, group, length, length]);
  const p = reshape(softmax(add(scores, mask)), [batch, kvHeads, group * length, length]);
  const out = matmul(p, v);
  const joined = reshape(transpose(reshape(out, [batch, kvHeads, group, length, hd]), [0, 3, 1, 2, 4]), [batch * length, heads * hd]);
  return withVjp(joined, [qkv], (gJoined) => {
    const g = reshape(transpose(reshape(gJoined, [batch, length, kvHeads, group, hd]), [0, 2, 3, 1, 4]), out.shape);
    // ∂scores = p·(g·vᵀ − Σ g·out), as in `attention`.
    const along = reshape(einsum('bhmd,bhmd->bhm', g, out), [batch, kvHeads, group * length, 1]);
    const gScores = mul(p, sub(matmul(g, swap(v)), along));
    const gQueries = reshape(matmul(gScores, k), [batch, heads, length, hd]);
    const all = concat([gQueries, matmul(swap(gScores), q), matmul(swap(p), g)], 1);
    return [reshape(rotary(reshape(transpose(all, [0, 2, 1, 3]), [batch, length * count, hd]), cos, back), qkv.shape)];
  });
}
