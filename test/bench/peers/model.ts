/** What every training peer starts from: the bundled policy's weights as named matrices, and the batch as dense arrays. */
import { parseConfig, type LlamaConfig } from '../../../src/policy/config';
import { ropeTable } from '../../../src/policy/graphs/llama';
import { parameterTable } from '../../../src/policy/parameters';
import { readSafetensors, toFloat32 } from '../../../src/policy/safetensors';
import type { TrainBatch } from '../engine';

export interface Matrix {
  shape: number[];
  data: Float32Array;
}

/** q, k, v and gate, up are one matrix each, as in our own graph. */
export interface Weights {
  embedding: Matrix;
  norm: Matrix;
  layers: { inputNorm: Matrix; qkv: Matrix; output: Matrix; postNorm: Matrix; gateUp: Matrix; down: Matrix }[];
}

export interface TrainModel {
  config: LlamaConfig;
  weights: Weights;
}

/** @throws Error for a policy with a head of its own: the peers are written for a tied one. */
export function readModel(configJson: string, safetensors: Uint8Array): TrainModel {
  const config = parseConfig(JSON.parse(configJson));
  if (!config.tieEmbeddings) throw new Error('The peers need a tied head.');
  const stored = readSafetensors(safetensors);
  const { byName } = parameterTable(config);
  const take = (...names: string[]): Matrix => {
    const parts = names.map((name) => ({ shape: byName.get(name)!.shape, data: toFloat32(stored.get(name)!) }));
    const data = new Float32Array(parts.reduce((n, p) => n + p.data.length, 0));
    parts.reduce((at, p) => (data.set(p.data, at), at + p.data.length), 0);
    const rows = parts.reduce((n, p) => n + p.shape[0], 0);
    return { shape: [rows, ...parts[0]!.shape.slice(1)], data };
  };
  return {
    config,
    weights: {
      embedding: take('model.embed_tokens.weight'),
      norm: take('model.norm.weight'),
      layers: Array.from({ length: config.layers }, (_, i) => {
        const of = (...names: string[]): Matrix => take(...names.map((n) => `model.layers.${i}.${n}.weight`));
        return {
          inputNorm: of('input_layernorm'),
          qkv: of('self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj'),
          output: of('self_attn.o_proj'),
          postNorm: of('post_attention_layernorm'),
          gateUp: of('mlp.gate_proj', 'mlp.up_proj'),
          down: of('mlp.down_proj'),
        };
      }),
    },
  };
}

/** A batch of sequences of one length as [batch, length] arrays, with the RoPE tables [length, headDim]. */
export interface DenseBatch {
  batch: number;
  length: number;
  ids: Int32Array;
  targets: Int32Array;
  mask: Float32Array;
  /** Response tokens: the loss is the sum over them divided by this. */
  tokens: number;
  cos: Float32Array;
  sin: Float32Array;
}

export function denseBatch(config: LlamaConfig, { examples }: TrainBatch): DenseBatch {
  const length = examples[0]!.ids.length - 1;
  const batch = examples.length;
  const out = { ids: new Int32Array(batch * length), targets: new Int32Array(batch * length), mask: new Float32Array(batch * length) };
  for (const [i, { ids, from }] of examples.entries()) {
    if (ids.length !== length + 1) throw new Error('The sequences of a dense batch have one length.');
    out.ids.set(ids.slice(0, -1), i * length);
    out.targets.set(ids.slice(1), i * length);
    out.mask.fill(1, i * length + from - 1, (i + 1) * length);
  }
  return { batch, length, ...out, tokens: out.mask.reduce((a, b) => a + b, 0), ...ropeTable(config, length) };
}

/** AdamW as our policy has it by default (src/policy/types.ts). */
export const ADAMW = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.01, clipNorm: 1 };

export interface Trainer {
  /** What it ran on, and how. */
  readonly detail: string;
  /** One optimizer step; the loss before its update. */
  step(): Promise<number>;
  dispose(): void;
}
