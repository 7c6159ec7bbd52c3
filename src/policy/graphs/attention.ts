/** Causal attention by blocks of queries, with its own gradient. */
import {
  add,
  concat,
  fusedMatmul,
  matmul,
  mul,
  pad,
  reduceSum,
  reshape,
  slice,
  softmax,
  sub,
  transpose,
  withVjp,
  type Sym,
} from '../../tensor';

const swapLast = (x: Sym): Sym => transpose(x, [0, 1, 3, 2]);

/** op(a)·op(b) over the last two axes. */
type Product = (a: Sym, b: Sym, transA: boolean, transB: boolean) => Sym;
const plainProduct: Product = (a, b, transA, transB) => matmul(transA ? swapLast(a) : a, transB ? swapLast(b) : b);

/**
 * softmax(q·kᵀ + mask)·v, like q, for q [B, h, g, T, d] and what each g of them share, k and v [B, h, T, d]. `ends` are the ends of the blocks of
 * queries, the last of them T: a block reads the keys before its end, and `mask(from, end)` [end − from, end] says which. `fused`: on onnxruntime's
 * CPU providers.
 *
 * The VJP needs p and the output only: with D = Σ_d g·o, ∂scores = p·(g·vᵀ − D), two passes over the scores (Dao et al. 2022, without its tiling).
 * Blocks' queries are disjoint, so that their gradients are joined; those of keys are summed from the shortest on, each padded no further than needed.
 */
export function blockAttention(
  q: Sym,
  k: Sym,
  v: Sym,
  ends: readonly number[],
  mask: (from: number, end: number) => Sym,
  fused: boolean,
): Sym {
  const product = fused ? fusedMatmul : plainProduct;
  const [batch, heads, group, , d] = q.shape as [number, number, number, number, number];
  /** The queries of a block, those that share keys stacked as rows: larger products, no broadcasting. */
  const cut = (x: Sym, from: number, end: number): Sym => reshape(slice(x, 3, from, end), [batch, heads, group * (end - from), d]);
  const uncut = (x: Sym): Sym => reshape(x, [batch, heads, group, x.shape[2]! / group, d]);
  const blocks = ends.map((end, i) => {
    const from = ends[i - 1] ?? 0;
    const [rows, keys, values] = [cut(q, from, end), slice(k, 2, 0, end), slice(v, 2, 0, end)];
    const scores = product(rows, keys, false, true);
    const p = reshape(softmax(add(reshape(scores, [batch, heads, group, end - from, end]), mask(from, end))), scores.shape);
    return { from, end, rows, keys, values, p, out: matmul(p, values) };
  });
  const joined = (parts: readonly Sym[]): Sym => concat(parts.map(uncut), 3);
  const grown = (x: Sym, part: Sym): Sym => add(pad(x, 3, 0, part.shape[3]! - x.shape[3]!), part);
  return withVjp(joined(blocks.map((b) => b.out)), [q, k, v], (g) => {
    const parts = blocks.map(({ from, end, rows, keys, values, p, out }) => {
      const gRows = cut(g, from, end);
      const gScores = mul(p, sub(product(gRows, values, false, true), reduceSum(mul(gRows, out), [-1], true)));
      // Keys' and values' as columns: of both operands it is the smaller that the product transposes.
      return { q: matmul(gScores, keys), k: product(rows, gScores, true, false), v: product(gRows, p, true, false) };
    });
    const summed = (columns: readonly Sym[]): Sym => swapLast(columns.reduce(grown));
    return [joined(parts.map((x) => x.q)), summed(parts.map((x) => x.k)), summed(parts.map((x) => x.v))];
  });
}
