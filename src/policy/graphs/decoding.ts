/**
 * Generation graphs. A KV cache that is copied at every token would cost more than the arithmetic, so one run produces a block of
 * S tokens: the cache is read once, the block's own keys and values stay inside the graph, and sampling happens in it too.
 */
import {
  add,
  asSequence,
  concat,
  flatten,
  fusedRmsNorm,
  fusedSilu,
  gather,
  gemm,
  input,
  mul,
  reshape,
  rotary,
  skipRmsNorm,
  slice,
  split,
  type Sym,
} from '../../tensor';
import type { LlamaConfig } from '../config';
import { sampleToken, type Draw, type SamplingMode } from './draw';
import { LayerCache, SharedPrompts, type BlockShape } from './layer-cache';
import { causalAttention, decoder, rmsNorm, rope, swiGlu, type Kernels } from './llama';
import { jointWeights, weightInputs, type LayerWeights } from './weights';
import type { GraphOptions } from './training';

export type { SamplingMode } from './draw';
export type { BlockShape } from './layer-cache';

/** Keys `k<layer>` and values `v<layer>` of prompts, [B, kvHeads, T, headDim]. Inputs: the parameters, `ids` i32 [B, T]. */
export function prefillGraph(config: LlamaConfig, batch: number, length: number, options: GraphOptions = {}): Record<string, Sym> {
  const { dtype = 'f32', kernels = 'plain', layout = 'flat' } = options;
  const outputs: Record<string, Sym> = {};
  let layer = 0;
  const attend = causalAttention(config, batch, length, dtype, kernels, (k, v) => {
    outputs[`k${layer}`] = k;
    outputs[`v${layer++}`] = v;
  });
  const weights = kernels === 'gpu' ? jointWeights(config, dtype) : weightInputs(config, layout, dtype);
  decoder(config, weights, flatten(input('ids', [batch, length], 'i32')), attend, kernels);
  return outputs;
}

/**
 * Generates `steps` tokens for each of `batch` rows. Inputs:
 * - the parameters; `first` i32 [B]: the last token of each row, not yet in the cache;
 * - `k<layer>`, `v<layer>` [B, kvHeads, C, headDim]; `cacheBias` [B, 1, 1, C]: 0 where the row has a position, −1e9 elsewhere;
 * - `cos`, `sin` [S, B, headDim/2]: RoPE tables of the positions to be filled;
 * - with `shape.shared` what `SharedPrompts` describes; the cache then holds what the row has generated. A row may stand for several responses that have
 *   drawn the same tokens so far: `responseRows` i32 [Q], the row of each response, and `leaders` i32 [B], the response whose tokens the row goes on with;
 * - `uniforms` [S, Q] in [0, 1) unless greedy (Q = B where responses share nothing); `inverseTemperature` [1] unless 'unit' or greedy; with top-p `topP` [1].
 *
 * Outputs: `tokens` i32 [Q, S], `logProbs` [Q, S] under π_θ at temperature 1, `behaviorLogProbs` [Q, S] under the distribution drawn
 * from, and what the block adds to the cache: `newK<layer>`, `newV<layer>` [B, kvHeads, S, headDim]. A token is the number of cumulative
 * probabilities that do not exceed the uniform (inverse CDF). Behind its first token that is not its leader's, what a response drew means nothing.
 *
 * B, C, Q and the numbers and lengths of shared prompts are open: one session serves them all.
 */
export function blockGraph(config: LlamaConfig, shape: BlockShape, mode: SamplingMode, options: GraphOptions = {}): Record<string, Sym> {
  const { dtype = 'f32', kernels = 'plain', layout = 'flat' } = options;
  const { batch, steps } = shape;
  const { headDim: hd, layers, rmsNormEps: eps } = config;
  const weights = kernels === 'gpu' ? jointWeights(config, dtype) : weightInputs(config, layout, dtype);
  const ofAll = (name: string, width: number, count = batch, axis = 'batch'): Sym => input(name, [steps, count, width], dtype, { 1: axis });
  const perStep = (all: Sym): Sym[] => {
    const parts = kernels === 'gpu' ? split(all, 0, new Array<number>(steps).fill(1)) : all;
    return Array.from({ length: steps }, (_, s) =>
      reshape(Array.isArray(parts) ? parts[s]! : slice(parts, 0, s, s + 1), [-1, all.shape[2]!]),
    );
  };
  const tables = [ofAll('cos', hd / 2), ofAll('sin', hd / 2)] as const;
  const [cos, sin] = tables.map(perStep) as [Sym[], Sym[]];
  const scale = 1 / Math.sqrt(hd);
  // On a GPU all steps' queries at once.
  const scaled = kernels === 'gpu' ? tables.map((t) => perStep(mul(t, scale))) : [cos, sin].map((t) => t.map((x) => mul(x, scale)));
  const responses = shape.shared?.responses;
  const uniforms = mode === 'greedy' ? null : perStep(responses ? ofAll('uniforms', 1, responses, 'responses') : ofAll('uniforms', 1));
  const responseRows = responses ? input('responseRows', [responses], 'i32', { 0: 'responses' }) : null;
  const leaders = responses ? input('leaders', [batch], 'i32', { 0: 'batch' }) : null;
  const inParts = responses !== undefined || kernels === 'fused';
  const shared = shape.shared ? new SharedPrompts(config, shape.shared, batch, dtype) : null;
  const caches = Array.from({ length: layers }, (_, l) => new LayerCache(config, shape, l, dtype, shared, kernels === 'gpu'));
  const bias = input('cacheBias', [batch, 1, 1, shape.cache], dtype, { 0: 'batch', 3: 'cache' });
  const sampled: Draw[] = [];

  let ids = input('first', [batch], 'i32', { 0: 'batch' });
  for (let s = 0; s < steps; s++) {
    const table = { key: { cos: cos[s]!, sin: sin[s]! }, query: { cos: scaled[0]![s]!, sin: scaled[1]![s]! } };
    // The residual stream is `x + y`: a sublayer's output is added where the next norm reads it.
    let x = gather(weights.embedding, ids);
    let y: Sym | null = null;
    const norm = (w: Sym): Sym => {
      if (!y) return kernels !== 'plain' ? fusedRmsNorm(x, w, eps) : rmsNorm(x, w, eps);
      if (kernels !== 'plain') {
        const { sum, normed } = skipRmsNorm(x, y, w, eps);
        x = sum;
        return normed;
      }
      x = add(x, y);
      return rmsNorm(x, w, eps);
    };
    for (const [l, layer] of weights.layers.entries()) {
      y = attend(config, norm(layer.inputNorm), layer, caches[l]!, table, bias, kernels);
      const m = norm(layer.postNorm);
      const width = config.intermediateSize;
      const [gate, up] = layer.joint
        ? (split(gemm(m, layer.joint.gateUp, false, true), 1, [width, width]) as [Sym, Sym])
        : [gemm(m, layer.gate, false, true), gemm(m, layer.up, false, true)];
      y = gemm(kernels !== 'plain' ? mul(fusedSilu(gate), up) : swiGlu(gate, up), layer.down, false, true);
    }
    const logits = gemm(norm(weights.norm), weights.head, false, true);
    const draw = sampleToken(logits, { uniform: uniforms?.[s] ?? null, rows: responseRows, inParts }, mode, dtype);
    sampled.push(draw);
    const tokens = reshape(draw.token, [-1]);
    ids = leaders ? gather(tokens, leaders) : tokens;
  }
  const joined = (part: 'token' | 'logp' | 'behaviorLogp'): Sym =>
    concat(
      sampled.map((d) => d[part]),
      1,
    );
  return {
    tokens: joined('token'),
    logProbs: joined('logp'),
    behaviorLogProbs: joined('behaviorLogp'),
    ...Object.fromEntries(caches.flatMap((c, l) => [[`newK${l}`, concat(c.newK, 2)] as const, [`newV${l}`, c.values] as const])),
  };
}

/** RoPE's cos and sin of one position a row, [B, headDim/2] each: both halves of a head are equal. */
interface HalfTable {
  cos: Sym;
  sin: Sym;
}

/** One new position per row attends to its row's cache and itself: h [B, hidden] → [B, hidden]. */
function attend(
  config: LlamaConfig,
  h: Sym,
  layer: LayerWeights,
  cache: LayerCache,
  table: { query: HalfTable; key: HalfTable },
  bias: Sym,
  kernels: Kernels,
): Sym {
  const { heads, kvHeads, headDim: hd } = config;
  const turn = (x: Sym, count: number, { cos, sin }: HalfTable): Sym => {
    if (kernels !== 'plain') return rotary(asSequence(x), cos, sin);
    const both = (t: Sym): Sym => reshape(concat([t, t], 1), [-1, 1, hd]);
    return rope(reshape(x, [-1, count, hd]), both(cos), both(sin));
  };
  const project = (w: Sym): Sym => gemm(h, w, false, true);
  const [queries, k, v] = layer.joint
    ? (split(project(layer.joint.qkv), 1, [heads * hd, kvHeads * hd, kvHeads * hd]) as [Sym, Sym, Sym])
    : [project(layer.q), project(layer.k), project(layer.v)];
  const q = reshape(turn(queries, heads, table.query), [-1, kvHeads, heads / kvHeads, hd]);
  cache.add(turn(k, kvHeads, table.key), v);
  return gemm(reshape(cache.attend(q, bias), [-1, heads * hd]), layer.output, false, true);
}
