/**
 * What the rest of the project knows of a language model. Nothing here knows a task or a browser.
 *
 * Conventions: token ids are Int32Array; log-probs are natural logarithms; a "response" includes its EOS
 * token when the model (or the expert) ended it.
 */

import type { Objective } from './objective';

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** Text ↔ ids. Backed by @huggingface/tokenizers and @huggingface/jinja. */
export interface Tokenizer {
  readonly vocabSize: number;
  readonly eosId: number;
  readonly padId: number;
  /** Ids of the text exactly as given: special tokens written out in the text are recognised, none are added. */
  encode(text: string): Int32Array;
  /** `skipSpecial` leaves EOS and template tokens out. Default true. */
  decode(ids: ArrayLike<number>, skipSpecial?: boolean): string;
  /** The model's chat template, rendered. With `addGenerationPrompt` (default true) it ends where the response starts. */
  renderChat(messages: ChatMessage[], addGenerationPrompt?: boolean): string;
}

/** One finished sample from a policy. */
export interface Rollout {
  /** The caller's key of the prompt (a problem id). */
  key: string;
  /** 0 … n−1 among the samples of this prompt. */
  candidate: number;
  prompt: Int32Array;
  /** Response tokens, EOS included when `finish` is 'eos'. */
  tokens: Int32Array;
  /** log π_θ(token) at temperature 1, no truncation. */
  logProbs: Float32Array;
  /** log of the distribution actually drawn from (temperature and top-p applied): the recorded μ. */
  behaviorLogProbs: Float32Array;
  finish: 'eos' | 'length';
}

export interface SampleRequest {
  prompts: { key: string; tokens: Int32Array }[];
  /** Samples per prompt (K). */
  n: number;
  /** 0 = greedy. */
  temperature: number;
  /** 1 = no truncation. */
  topP: number;
  seed: number;
  /** Separates random streams, e.g. 'self', 'guided', 'evaluate/easy/3'. */
  purpose: string;
  maxNewTokens: number;
  /** Checked between session runs; an aborted stream throws the signal's reason. */
  signal?: AbortSignal;
  /** Told of a sample's tokens and log-probs so far, whenever there are more and more will come. Not of samples that replicas draw. */
  onPart?: (tokens: readonly number[], logProbs: readonly number[]) => void;
}

/** A sequence to score or to train on: `ids[from …]` is the response, `ids[0 … from−1]` the prompt. from ≥ 1. */
export interface Sequence {
  ids: Int32Array;
  from: number;
}

/** Per response token (length ids.length − from). */
export interface Score {
  logProbs: Float32Array;
  /** H_t of π_θ(·|prefix), in nats. */
  entropies: Float32Array;
}

export interface BackendInfo {
  /** 'cpu' = onnxruntime-node. */
  name: 'cpu' | 'wasm' | 'webgpu';
  threads: number;
  /** GPU adapter or runtime version, for provenance. */
  detail: string;
}

export interface Policy {
  /** Stable content id: architecture + SHA-256 of the parameters (first 12 hex digits). */
  readonly id: string;
  readonly name: string;
  readonly tokenizer: Tokenizer;
  readonly backend: BackendInfo;
  /** Longest prompt + response in tokens. */
  readonly maxLength: number;
  readonly parameterCount: number;
  /** Yields each rollout when it finishes (not in order). Deterministic in (seed, purpose, key, candidate). */
  sample(request: SampleRequest): AsyncGenerator<Rollout, void, void>;
  score(sequences: Sequence[], signal?: AbortSignal): Promise<Score[]>;
  dispose(): Promise<void>;
}

/** Per-token inputs an objective may need beyond the sequence itself; each of length ids.length − from. */
export interface TrainExample extends Sequence {
  refLogProbs?: Float32Array;
  oldLogProbs?: Float32Array;
  behaviorLogProbs?: Float32Array;
  advantage?: number;
}

/** Sums over response tokens of what was accumulated; divide by `tokens` for means. */
export interface AccumulateResult {
  tokens: number;
  /** Σ ℓ_t of the objective. */
  loss: number;
  /** Σ −log p_t. */
  nll: number;
  entropy: number;
  /** Σ w_t and Σ w_t² with w_t = −∂ℓ_t/∂log p_t: for SFT 1, for DFT p_t. Kish ESS = (Σw)²/Σw². */
  weight: number;
  weightSquared: number;
  /** Number of response tokens that are the argmax. */
  correctTokens: number;
}

export interface ApplyOptions {
  learningRate: number;
  /** AdamW; defaults β=(0.9, 0.95), ε=1e-8, weight decay 0.01, clip 1.0 */
  beta1?: number;
  beta2?: number;
  epsilon?: number;
  weightDecay?: number;
  clipNorm?: number;
}

export interface ApplyResult {
  /** Global gradient norm before clipping. */
  gradNorm: number;
  /** False: the gradient was not finite and nothing was changed. */
  applied: boolean;
  step: number;
}

/** Everything needed to go on training: flat f32 vectors in the parameter store's order. */
export interface PolicyCheckpoint {
  policyId: string;
  /** Optimizer steps applied. */
  step: number;
  parameters: Float32Array;
  /** First and second AdamW moments; absent before the first step. */
  m?: Float32Array;
  v?: Float32Array;
}

export interface ExportOptions {
  /** Type of the weights in model.safetensors. Default F32. */
  dtype?: 'F32' | 'F16';
  /** With onnx/model.onnx for Transformers.js; its weights are always f32. */
  onnx?: boolean;
}

/** What became of a step whose figures were read later. */
export interface StepReport {
  sums: AccumulateResult;
  /** As in `ApplyResult`. */
  gradNorm: number;
  applied: boolean;
}

/** Optimizer steps whose figures stay where they were computed until they are asked for: asking makes everybody wait. */
export interface DeferredSteps {
  /** `accumulate` and `apply` as one. A step with a loss or gradient that is not finite changes nothing, and neither does any after it until `read`. */
  step(examples: TrainExample[], objective: Objective, totalTokens: number, options: ApplyOptions): Promise<void>;
  /** Reports of the steps since the last read, in order. */
  read(): Promise<StepReport[]>;
}

export interface TrainablePolicy extends Policy {
  /**
   * Forward, loss and backward; adds to the gradient accumulator.
   * `totalTokens` is the global number of response tokens N of the optimizer step that this is a part of (1/N Σ m_t ℓ_t).
   */
  accumulate(examples: TrainExample[], objective: Objective, totalTokens: number): Promise<AccumulateResult>;
  /** Clip by global norm, AdamW, clear the accumulator. */
  apply(options: ApplyOptions): Promise<ApplyResult>;
  /** Where figures of a step are not at hand when it is done. */
  readonly deferred?: DeferredSteps | undefined;
  checkpoint(): Promise<PolicyCheckpoint>;
  restore(checkpoint: PolicyCheckpoint): Promise<void>;
  /** A second policy with the same parameters and fresh moments, sharing sessions and tokenizer. */
  fork(): Promise<TrainablePolicy>;
  /** The Hugging Face folder: file name → bytes. */
  exportFolder(options?: ExportOptions): Promise<Map<string, Uint8Array>>;
}
