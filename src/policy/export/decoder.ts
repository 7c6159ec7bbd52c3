/**
 * A policy as `onnx/model.onnx` in the layout that Transformers.js (and Optimum) give decoders: open batch and length, the cache of keys
 * and values passed in and out. Standard operators only: com.microsoft's GroupQueryAttention counts a row's positions from its start and so
 * does not take left padding by mask.
 *
 * Inputs (int64): `input_ids` and `position_ids` [batch, sequence], `attention_mask` [batch, past + sequence]; f32
 * `past_key_values.{i}.key|value` [batch, kvHeads, past, headDim]. Outputs: `logits` [batch, sequence, vocab], `present.{i}.key|value`.
 */
import { writeModel, type OnnxValue } from '../../tensor/onnx';
import type { LlamaConfig } from '../config';
import { parameterTable } from '../parameters';
import { GraphBuilder, type Value } from './builder';

/** Protocol buffers end at 2 GiB; larger models would need their weights beside the graph. */
const LARGEST = 2 ** 31 - 2 ** 20;

/**
 * @param parameters flat, in the order of `parameterTable(config)`
 * @returns the bytes of an f32 model, opset 21
 * @throws RangeError when the number of parameters is not the config's, or the model would pass 2 GiB
 */
export function exportOnnx(config: LlamaConfig, parameters: Float32Array): Uint8Array {
  const table = parameterTable(config);
  if (parameters.length !== table.size) {
    throw new RangeError(`The policy has ${table.size} parameters; ${parameters.length} values were given.`);
  }
  const bytes = 4 * (table.size + config.maxPositions * config.headDim);
  if (bytes > LARGEST) {
    throw new RangeError(
      `model.onnx would take ${(bytes / 2 ** 30).toFixed(1)} GiB; the format ends at 2. Export model.safetensors alone.`,
    );
  }
  const { hiddenSize: d, intermediateSize: f, heads, kvHeads, headDim: hd } = config;
  const g = new GraphBuilder();
  /** The matrix of neighbouring parameters `first` … `last`, turned to [in, out] for x·W. */
  const linear = (first: string, last = first): Value => {
    const [a, b] = [table.byName.get(first)!, table.byName.get(last)!];
    const columns = a.shape[1]!;
    const data = parameters.subarray(a.offset, b.offset + b.size);
    return g.weight(`${first}.transposed`, transposed(data, columns), [columns, data.length / columns]);
  };
  const vector = (name: string): Value => {
    const { offset, size } = table.byName.get(name)!;
    return g.weight(name, parameters.subarray(offset, offset + size), [size]);
  };
  // The form that onnxruntime fuses into one SimplifiedLayerNormalization.
  const rmsNorm = (x: Value, name: string): Value => {
    const mean = g.node('ReduceMean', [g.node('Pow', [x, g.f32(2)]), g.i64([-1])], { keepdims: 1 });
    const root = g.node('Sqrt', [g.node('Add', [mean, g.f32(config.rmsNormEps)])]);
    return g.node('Mul', [g.node('Div', [x, root]), vector(name)]);
  };

  const embedding = table.byName.get('model.embed_tokens.weight')!;
  const tokens = g.weight(embedding.name, parameters.subarray(0, embedding.size), embedding.shape);
  let x = g.node('Gather', [tokens, 'input_ids']);
  const rotate = rotation(g, config);
  const bias = attentionBias(g, heads / kvHeads);
  const caches: OnnxValue[] = [];
  const presents: OnnxValue[] = [];
  for (let i = 0; i < config.layers; i++) {
    const layer = `model.layers.${i}`;
    const normed = rmsNorm(x, `${layer}.input_layernorm.weight`);
    const qkv = g.node('MatMul', [normed, linear(`${layer}.self_attn.q_proj.weight`, `${layer}.self_attn.v_proj.weight`)]);
    const [qk, values] = g.split(g.reshape(qkv, [0, 0, heads + 2 * kvHeads, hd]), 2, [heads + kvHeads, kvHeads]) as [Value, Value];
    const [queries, keys] = g.split(rotate(qk), 2, [heads, kvHeads]) as [Value, Value];
    const extended = (part: string, now: Value): Value => {
      const past = `past_key_values.${i}.${part}`;
      const shape = (positions: string) => ['batch_size', kvHeads, positions, hd];
      caches.push({ name: past, dtype: 'f32', shape: shape('past_sequence_length') });
      presents.push({ name: `present.${i}.${part}`, dtype: 'f32', shape: shape('total_sequence_length') });
      return g.node('Concat', [past, g.node('Transpose', [now], { perm: [0, 2, 1, 3] })], { axis: 2 }, `present.${i}.${part}`);
    };
    const [key, value] = [extended('key', keys), extended('value', values)];
    // The heads that share a key-value head are stacked as rows: [B, kv, G·S, hd].
    const scaled = g.node('Mul', [g.reshape(queries, [0, 0, kvHeads, heads / kvHeads, hd]), g.f32(1 / Math.sqrt(hd))]);
    const rows = g.reshape(g.node('Transpose', [scaled], { perm: [0, 2, 3, 1, 4] }), [0, kvHeads, -1, hd]);
    const scores = g.node('MatMul', [rows, g.node('Transpose', [key], { perm: [0, 1, 3, 2] })]);
    const attended = g.node('MatMul', [g.node('Softmax', [g.node('Add', [scores, bias])], { axis: -1 }), value]);
    const apart = g.node('Transpose', [g.reshape(attended, [0, 0, heads / kvHeads, -1, hd])], { perm: [0, 3, 1, 2, 4] });
    const merged = g.reshape(apart, [0, 0, heads * hd]);
    x = g.node('Add', [x, g.node('MatMul', [merged, linear(`${layer}.self_attn.o_proj.weight`)])]);

    const wide = linear(`${layer}.mlp.gate_proj.weight`, `${layer}.mlp.up_proj.weight`);
    const both = g.node('MatMul', [rmsNorm(x, `${layer}.post_attention_layernorm.weight`), wide]);
    const [gate, up] = g.split(both, -1, [f, f]) as [Value, Value];
    const gated = g.node('Mul', [g.node('Mul', [gate, g.node('Sigmoid', [gate])]), up]);
    x = g.node('Add', [x, g.node('MatMul', [gated, linear(`${layer}.mlp.down_proj.weight`)])]);
  }
  // A tied head is stored once; onnxruntime turns it when it loads the model.
  const head = config.tieEmbeddings ? g.node('Transpose', [tokens], { perm: [1, 0] }) : linear('lm_head.weight');
  g.node('MatMul', [rmsNorm(x, 'model.norm.weight'), head], {}, 'logits');

  const ids = (name: string, length: string): OnnxValue => ({ name, dtype: 'i64', shape: ['batch_size', length] });
  return writeModel({
    name: `llama-${config.layers}x${d}`,
    nodes: g.nodes,
    initializers: g.initializers,
    inputs: [
      ids('input_ids', 'sequence_length'),
      ids('attention_mask', 'total_sequence_length'),
      ids('position_ids', 'sequence_length'),
      ...caches,
    ],
    outputs: [{ name: 'logits', dtype: 'f32', shape: ['batch_size', 'sequence_length', config.vocabSize] }, ...presents],
  });
}

/** RoPE of [B, S, heads, hd]: pairs (i, i + hd/2) turned by position·θ^(−2i/hd), from a table over the model's positions. */
function rotation(g: GraphBuilder, { maxPositions, headDim, ropeTheta }: LlamaConfig): (x: Value) => Value {
  const half = headDim / 2;
  const table = (name: string, of: (angle: number) => number): Value => {
    const data = new Float32Array(maxPositions * half);
    for (let p = 0; p < maxPositions; p++) {
      for (let i = 0; i < half; i++) data[p * half + i] = of(p * ropeTheta ** ((-2 * i) / headDim));
    }
    const rows = g.node('Gather', [g.weight(name, data, [maxPositions, half]), 'position_ids']);
    return g.node('Unsqueeze', [rows, g.i64([2])]);
  };
  const [cos, sin] = [table('rope.cos', Math.cos), table('rope.sin', Math.sin)];
  return (x) => {
    const [a, b] = g.split(x, -1, [half, half]) as [Value, Value];
    const first = g.node('Sub', [g.node('Mul', [a, cos]), g.node('Mul', [b, sin])]);
    const second = g.node('Add', [g.node('Mul', [b, cos]), g.node('Mul', [a, sin])]);
    return g.node('Concat', [first, second], { axis: -1 });
  };
}

/**
 * 0 where a query may look at a key, −1e9 elsewhere: not ahead, not at padding. [B, 1, G·S, past + S], the S queries repeated for the G heads
 * of a group. Finite, so that a padding query, which may look at nothing, gives numbers and not NaN.
 */
function attentionBias(g: GraphBuilder, group: number): Value {
  const lengthOf = (x: Value): Value => g.node('Gather', [g.node('Shape', [x]), g.i64(1)], { axis: 0 });
  const total = lengthOf('attention_mask');
  const past = g.node('Sub', [total, lengthOf('input_ids')]);
  const keys = g.node('Range', [g.i64(0), total, g.i64(1)]);
  const queries = g.node('Unsqueeze', [g.node('Range', [past, total, g.i64(1)]), g.i64([1])]);
  const kept = g.node('Unsqueeze', [g.node('Greater', ['attention_mask', g.i64(0)]), g.i64([1, 2])]);
  const allowed = g.node('And', [g.node('LessOrEqual', [keys, queries]), kept]);
  const bias = g.node('Where', [allowed, g.f32(0), g.f32(-1e9)]);
  return group === 1
    ? bias
    : g.node(
        'Concat',
        Array.from({ length: group }, () => bias),
        { axis: 2 },
      );
}

function transposed(data: Float32Array, columns: number): Float32Array {
  const rows = data.length / columns;
  const out = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = data[r * columns + c]!;
  return out;
}
