/** The parameter store: one flat vector with a named table, in an order that lets fused layers be slices. */
import type { LlamaConfig } from './config';
import { createRandom } from './random';

export interface Parameter {
  /** Name in the Hugging Face checkpoint. */
  name: string;
  shape: readonly [number, number] | readonly [number];
  offset: number;
  size: number;
  /** Weight decay applies to matrices, not to norm gains. */
  decay: boolean;
}

export interface ParameterTable {
  parameters: readonly Parameter[];
  byName: ReadonlyMap<string, Parameter>;
  /** Total number of values. */
  size: number;
}

const tables = new WeakMap<LlamaConfig, ParameterTable>();

/** q, k, v and gate, up are neighbours, so each group is one matrix multiplication over a contiguous slice. */
export function parameterTable(config: LlamaConfig): ParameterTable {
  let table = tables.get(config);
  if (!table) tables.set(config, (table = makeTable(config)));
  return table;
}

function makeTable(c: LlamaConfig): ParameterTable {
  const parameters: Parameter[] = [];
  let offset = 0;
  const push = (name: string, ...shape: [number, number] | [number]): void => {
    const size = shape.reduce((a, b) => a * b, 1);
    parameters.push({ name, shape, offset, size, decay: shape.length === 2 });
    offset += size;
  };
  push('model.embed_tokens.weight', c.vocabSize, c.hiddenSize);
  for (let i = 0; i < c.layers; i++) {
    const layer = `model.layers.${i}`;
    push(`${layer}.input_layernorm.weight`, c.hiddenSize);
    push(`${layer}.self_attn.q_proj.weight`, c.heads * c.headDim, c.hiddenSize);
    push(`${layer}.self_attn.k_proj.weight`, c.kvHeads * c.headDim, c.hiddenSize);
    push(`${layer}.self_attn.v_proj.weight`, c.kvHeads * c.headDim, c.hiddenSize);
    push(`${layer}.self_attn.o_proj.weight`, c.hiddenSize, c.heads * c.headDim);
    push(`${layer}.post_attention_layernorm.weight`, c.hiddenSize);
    push(`${layer}.mlp.gate_proj.weight`, c.intermediateSize, c.hiddenSize);
    push(`${layer}.mlp.up_proj.weight`, c.intermediateSize, c.hiddenSize);
    push(`${layer}.mlp.down_proj.weight`, c.hiddenSize, c.intermediateSize);
  }
  push('model.norm.weight', c.hiddenSize);
  if (!c.tieEmbeddings) push('lm_head.weight', c.vocabSize, c.hiddenSize);
  return { parameters, byName: new Map(parameters.map((p) => [p.name, p])), size: offset };
}

/** Normal(0, 0.02) matrices (residual projections scaled by 1/√(2·layers), as GPT-2), gains 1. */
export function initialParameters(c: LlamaConfig, seed: number): Float32Array {
  const table = parameterTable(c);
  const out = new Float32Array(table.size);
  const random = createRandom(seed, 'initial-parameters');
  for (const p of table.parameters) {
    if (!p.decay) {
      out.fill(1, p.offset, p.offset + p.size);
      continue;
    }
    const residual = p.name.endsWith('o_proj.weight') || p.name.endsWith('down_proj.weight');
    const std = residual ? 0.02 / Math.sqrt(2 * c.layers) : 0.02;
    for (let i = 0; i < p.size; i += 2) {
      // Box–Muller.
      const r = std * Math.sqrt(-2 * Math.log(1 - random.next()));
      const a = 2 * Math.PI * random.next();
      out[p.offset + i] = r * Math.cos(a);
      if (i + 1 < p.size) out[p.offset + i + 1] = r * Math.sin(a);
    }
  }
  return out;
}

/** 1 where weight decay applies, 0 elsewhere. */
export function decayMask(table: ParameterTable): Float32Array {
  const mask = new Float32Array(table.size);
  for (const p of table.parameters) if (p.decay) mask.fill(1, p.offset, p.offset + p.size);
  return mask;
}
