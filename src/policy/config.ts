/** A policy's architecture, read from a Hugging Face `config.json`. */
import { HintedError } from '../base/errors';

export interface LlamaConfig {
  vocabSize: number;
  hiddenSize: number;
  intermediateSize: number;
  layers: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  maxPositions: number;
  ropeTheta: number;
  rmsNormEps: number;
  tieEmbeddings: boolean;
}

/** Bad content of a policy folder: what is wrong, and in `hint` what to do. */
export class PolicyFormatError extends HintedError {
  override readonly name = 'PolicyFormatError';
}

const HINT = 'Use a folder of the Llama family (RMSNorm, RoPE, SwiGLU) as Transformers saves it with save_pretrained().';

const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Throws PolicyFormatError for other architectures and for values that cannot be. */
export function parseConfig(json: unknown): LlamaConfig {
  if (typeof json !== 'object' || json === null) throw new PolicyFormatError('config.json is not a JSON object.', HINT);
  const c = json as Record<string, unknown>;
  const architecture = Array.isArray(c.architectures) ? String(c.architectures[0]) : String(c.model_type);
  if (c.model_type !== 'llama')
    throw new PolicyFormatError(`The architecture “${architecture}” is not supported; only the Llama family is.`, HINT);
  const unsupported = (
    [
      ['attention_bias', false],
      ['mlp_bias', false],
    ] as const
  ).find(([key, value]) => c[key] !== undefined && c[key] !== value);
  if (unsupported) throw new PolicyFormatError(`config.json sets ${unsupported[0]}, which is not supported.`, HINT);
  if (c.hidden_act !== undefined && c.hidden_act !== 'silu')
    throw new PolicyFormatError(`The activation “${show(c.hidden_act)}” is not supported; only silu is.`, HINT);
  const rope = (c.rope_parameters ?? c.rope_scaling ?? {}) as Record<string, unknown>;
  const ropeType = rope.rope_type ?? rope.type ?? 'default';
  if (ropeType !== 'default') throw new PolicyFormatError(`RoPE scaling of type “${show(ropeType)}” is not supported.`, HINT);
  const number = (key: string, fallback?: number): number => {
    const value = c[key] ?? fallback;
    if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) {
      throw new PolicyFormatError(
        `config.json: “${key}” is ${value === undefined ? 'missing' : `“${show(value)}”`}; a positive number is needed.`,
        HINT,
      );
    }
    return value;
  };
  const hiddenSize = number('hidden_size');
  const heads = number('num_attention_heads');
  const config: LlamaConfig = {
    vocabSize: number('vocab_size'),
    hiddenSize,
    intermediateSize: number('intermediate_size'),
    layers: number('num_hidden_layers'),
    heads,
    kvHeads: number('num_key_value_heads', heads),
    headDim: number('head_dim', hiddenSize / heads),
    maxPositions: number('max_position_embeddings'),
    ropeTheta: typeof rope.rope_theta === 'number' ? rope.rope_theta : number('rope_theta', 10_000),
    rmsNormEps: number('rms_norm_eps', 1e-6),
    tieEmbeddings: c.tie_word_embeddings === true,
  };
  if (config.heads % config.kvHeads !== 0) {
    throw new PolicyFormatError(`config.json: ${config.heads} attention heads cannot share ${config.kvHeads} key-value heads.`, HINT);
  }
  if (config.headDim % 2 !== 0)
    throw new PolicyFormatError(`config.json: the head dimension ${config.headDim} is odd; RoPE needs an even one.`, HINT);
  return config;
}

/** The config.json of a policy, as Transformers writes it. */
export function writeConfig(c: LlamaConfig, eosId: number, padId: number): Record<string, unknown> {
  return {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    vocab_size: c.vocabSize,
    hidden_size: c.hiddenSize,
    intermediate_size: c.intermediateSize,
    num_hidden_layers: c.layers,
    num_attention_heads: c.heads,
    num_key_value_heads: c.kvHeads,
    head_dim: c.headDim,
    hidden_act: 'silu',
    max_position_embeddings: c.maxPositions,
    initializer_range: 0.02,
    rms_norm_eps: c.rmsNormEps,
    rope_theta: c.ropeTheta,
    rope_scaling: null,
    attention_bias: false,
    mlp_bias: false,
    attention_dropout: 0,
    tie_word_embeddings: c.tieEmbeddings,
    use_cache: true,
    bos_token_id: null,
    eos_token_id: eosId,
    pad_token_id: padId,
    torch_dtype: 'float16',
  };
}
