/** Parameters as graphs see them: by role, out of the flat vector or as inputs of their own. */
import { input, reshape, slice, split, type DType, type Sym } from '../../tensor';
import type { LlamaConfig } from '../config';
import { parameterTable } from '../parameters';

export interface LayerWeights {
  inputNorm: Sym;
  /** [heads·headDim, hidden] */
  q: Sym;
  /** [kvHeads·headDim, hidden] */
  k: Sym;
  v: Sym;
  output: Sym;
  postNorm: Sym;
  /** [intermediate, hidden] */
  gate: Sym;
  up: Sym;
  /** Where neighbours are one matrix: q, k and v, gate and up, which are slices of it. */
  joint?: { qkv: Sym; gateUp: Sym };
  /** [hidden, intermediate] */
  down: Sym;
}

export interface Weights {
  embedding: Sym;
  layers: LayerWeights[];
  norm: Sym;
  /** [vocab, hidden]; the embedding when tied. */
  head: Sym;
}

/**
 * How a graph is given its parameters: 'flat' is one input `parameters` [P], cut by the graph (a copy each run); 'views' is one input a
 * parameter, named as in the checkpoint, which a runtime whose device tensors are arrays feeds without a copy.
 */
export type ParameterLayout = 'flat' | 'views';

export function weightInputs(config: LlamaConfig, layout: ParameterLayout, dtype: DType = 'f32'): Weights {
  const table = parameterTable(config);
  const flat = layout === 'flat' ? input('parameters', [table.size], dtype) : null;
  const take = (name: string): Sym => {
    const { offset, size, shape } = table.byName.get(name)!;
    return flat ? reshape(slice(flat, 0, offset, offset + size), [...shape]) : input(name, shape, dtype);
  };
  const embedding = take('model.embed_tokens.weight');
  return {
    embedding,
    layers: Array.from({ length: config.layers }, (_, i) => {
      const of = (name: string): Sym => take(`model.layers.${i}.${name}.weight`);
      return {
        inputNorm: of('input_layernorm'),
        q: of('self_attn.q_proj'),
        k: of('self_attn.k_proj'),
        v: of('self_attn.v_proj'),
        output: of('self_attn.o_proj'),
        postNorm: of('post_attention_layernorm'),
        gate: of('mlp.gate_proj'),
        up: of('mlp.up_proj'),
        down: of('mlp.down_proj'),
      };
    }),
    norm: take('model.norm.weight'),
    head: config.tieEmbeddings ? embedding : take('lm_head.weight'),
  };
}

/** As 'flat', with each layer's q, k and v, and gate and up, as one matrix: fewer operators, which pays on a GPU. */
export function jointWeights(config: LlamaConfig, dtype: DType = 'f32'): Weights {
  const table = parameterTable(config);
  const { hiddenSize: h, intermediateSize: f, vocabSize } = config;
  const [q, kv] = [config.heads * config.headDim, config.kvHeads * config.headDim];
  const layer = [[h], [q + 2 * kv, h], [h, q], [h], [2 * f, h], [h, f]];
  const shapes = [
    [vocabSize, h],
    ...Array.from({ length: config.layers }, () => layer).flat(),
    [h],
    ...(config.tieEmbeddings ? [] : [[vocabSize, h]]),
  ];
  const sizes = shapes.map((shape) => shape.reduce((a, b) => a * b, 1));
  const parts = split(input('parameters', [table.size], dtype), 0, sizes).map((part, i) => reshape(part, shapes[i]!));
  const [embedding, norm] = [parts[0]!, parts[1 + config.layers * layer.length]!];
  return {
    embedding,
    layers: Array.from({ length: config.layers }, (_, i): LayerWeights => {
      const [inputNorm, qkv, output, postNorm, gateUp, down] = parts.slice(1 + i * layer.length) as [Sym, Sym, Sym, Sym, Sym, Sym];
      return {
        inputNorm,
        q: slice(qkv, 0, 0, q),
        k: slice(qkv, 0, q, q + kv),
        v: slice(qkv, 0, q + kv, q + 2 * kv),
        output,
        postNorm,
        gate: slice(gateUp, 0, 0, f),
        up: slice(gateUp, 0, f, 2 * f),
        down,
        joint: { qkv, gateUp },
      };
    }),
    norm,
    head: config.tieEmbeddings ? embedding : parts.at(-1)!,
  };
}

/** The weights in the flat vector's order: joining them (or their gradients) end to end gives a vector of its layout. */
export function inOrder(w: Weights): Sym[] {
  const layers = w.layers.flatMap((l) =>
    l.joint
      ? [l.inputNorm, l.joint.qkv, l.output, l.postNorm, l.joint.gateUp, l.down]
      : [l.inputNorm, l.q, l.k, l.v, l.output, l.postNorm, l.gate, l.up, l.down],
  );
  return [w.embedding, ...layers, w.norm, ...(w.head === w.embedding ? [] : [w.head])];
}
