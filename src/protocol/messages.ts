/** The whole vocabulary between the page and the policy worker, on one screen. Plain data, structured-cloneable. */
import type { AccuracyResult, ArmId, Candidate, EvaluationResult, RewriteConfig, RewriteEvent, Stage, TrainConfig, TrainMetrics } from '../method/types';
import type { BackendInfo } from '../policy/types';

export const PROTOCOL_VERSION = 1;

export type BackendChoice = 'auto' | 'wasm' | 'webgpu';

export interface PolicyInfo {
  id: string;
  name: string;
  parameterCount: number;
  maxLength: number;
  vocabSize: number;
  backend: BackendInfo;
  /** WebGPU measured against WASM, tokens/s, once both are known. */
  measured?: { wasm: number; webgpu?: number; note: string };
}

/** What a run of the whole method is keyed by; a reload with the same configuration continues it. */
export interface RunConfig {
  task: string;
  policyUrl: string;
  rewrite: RewriteConfig;
  arms: Record<ArmId, TrainConfig>;
  evaluation: { problems: number; runs: number; seed: number; temperature: number; maxNewTokens: number };
}

/** Page → worker. Every command carries `request`; the answer stream carries it back. */
export type Command =
  | { type: 'load'; request: number; policyUrl: string; backend: BackendChoice; threads?: number }
  | { type: 'open-run'; request: number; config: RunConfig }
  | { type: 'rewrite'; request: number; runId: string }
  | { type: 'train'; request: number; runId: string; arm: ArmId }
  | { type: 'evaluate'; request: number; runId: string; arm: ArmId | 'base' }
  /** One prompt, one sample, with the log-prob of each token: the try-it box. */
  | { type: 'sample-one'; request: number; question: string; temperature: number; seed: number }
  | { type: 'stop'; request: number; target: number }
  /** Write a checkpoint now: the page is being hidden. */
  | { type: 'flush'; request: number };

/** Worker → page. */
export type Reply =
  | { type: 'loaded'; request: number; policy: PolicyInfo }
  | { type: 'load-progress'; request: number; loaded: number; total: number; what: string }
  | { type: 'policy-changed'; request: number; policy: PolicyInfo }
  | { type: 'run'; request: number; run: RunSnapshot }
  | { type: 'rewrite'; request: number; event: RewriteEvent }
  | { type: 'train'; request: number; arm: ArmId; metrics: TrainMetrics[] }
  | { type: 'evaluated-set'; request: number; arm: ArmId | 'base'; set: string; result: AccuracyResult }
  | { type: 'evaluated'; request: number; arm: ArmId | 'base'; result: EvaluationResult }
  | { type: 'sampled'; request: number; text: string; pieces: { text: string; logProb: number }[] }
  | { type: 'progress'; request: number; done: number; of: number; etaSeconds: number | null }
  /** The command ended; no more replies carry its request id. */
  | { type: 'done'; request: number }
  | { type: 'stopped'; request: number }
  | { type: 'failed'; request: number; message: string; hint: string };

/** What IndexedDB holds of a run when it is opened: the page draws this first. */
export interface RunSnapshot {
  id: string;
  config: RunConfig;
  candidates: Candidate[];
  rows: RewriteRows;
  counts: Record<Stage, number> | null;
  arms: Partial<Record<ArmId, { metrics: TrainMetrics[]; done: boolean }>>;
  evaluations: Partial<Record<ArmId | 'base', EvaluationResult>>;
}
export type RewriteRows = import('../method/types').RewrittenRow[];
