/** The vocabulary of the method: what rewriting, training and evaluation take and yield. Plain data, structured-cloneable. */
import type { Verdict } from '../tasks/types';
import type { SamplingStage, Stage } from './operators/stages';

export type { SamplingStage, Stage } from './operators/stages';

/** An objective by name and parameters: what crosses worker and file boundaries. The registry is src/method/objectives. */
export interface ObjectiveSpec {
  id: string;
  params?: Record<string, number>;
}

/**
 * What is known of a response's tokens, EOS included; null where it is not known. Candidates, rows and the expert's text carry both alike.
 */
export interface LogProbs {
  /** log π_0 per token, given the plain prompt unless said otherwise. */
  policyLogProbs: Float32Array | null;
  /** log μ per token: of the distribution that the response was drawn from. Recorded when sampled, or the expert's grammar's. */
  behaviorLogProbs: Float32Array | null;
}

/** One graded response of a sampling stage, whoever sampled it. */
export interface GradedCandidate extends LogProbs {
  problemId: string;
  stage: SamplingStage;
  /** 0 … K−1 */
  k: number;
  text: string;
  /** At T=1, under the prompt it was sampled with (plain for self, retell for guided). */
  policyLogProbs: Float32Array | null;
  /** Guided: log π_0 per token given the plain prompt, where known for a candidate that need not be kept. */
  plainLogProbs?: Float32Array;
  /** Null where not known. */
  finish: 'eos' | 'length' | null;
  verdict: Verdict;
  /** Right and usable: what T chooses among. */
  correct: boolean;
}

/** One graded sample of a policy that runs here. */
export interface Candidate extends GradedCandidate {
  tokens: Int32Array;
  policyLogProbs: Float32Array;
  behaviorLogProbs: Float32Array;
  finish: 'eos' | 'length';
}

/** What an operator decided for one problem, whoever sampled: a row of its data set as far as it is known (of D_mix, eq. 4, for T). */
export interface DecidedRow extends LogProbs {
  problemId: string;
  family: string;
  question: string;
  gold: string;
  stage: Stage;
  /** Kept response, without EOS. */
  completion: string;
  /** Index k of the kept candidate; −1 where the expert's text stays. */
  kept: number;
  /** Number correct and sampled in the stage that decided (c and K): Z ≈ c/K. */
  correctCount: number;
  sampledCount: number;
  expert: LogProbs & { text: string };
}

/** A row of a policy that runs here: the response kept for a problem, trained with the plain prompt. */
export interface RewrittenRow extends DecidedRow {
  /** Rendered plain prompt and its ids. */
  prompt: string;
  promptTokens: Int32Array;
  /** Of the kept response, with EOS. */
  tokens: Int32Array;
  policyLogProbs: Float32Array;
  expert: DecidedRow['expert'] & { tokens: Int32Array; policyLogProbs: Float32Array };
}

export interface RewriteConfig {
  /** Problem set and how many of it. */
  set: string;
  problems: number;
  /** Seed of the problem choice. */
  dataSeed: number;
  k: number;
  temperature: number;
  topP: number;
  seed: number;
  maxNewTokens: number;
  /** Problems per durable chunk: a stop loses at most the chunk in progress. */
  chunk: number;
}

export type RewriteEvent =
  | { type: 'stage-start'; stage: SamplingStage; problems: number }
  | { type: 'candidate'; candidate: Candidate }
  /** All candidates of these problems in this stage are final, and each decided problem has its row: a durable point. */
  | { type: 'chunk'; stage: SamplingStage; problemIds: string[]; rows: RewrittenRow[]; done: number; of: number }
  | { type: 'stage-end'; stage: SamplingStage; accepted: number; problems: number; generatedTokens: number; seconds: number }
  /** Rows of a stage that does not sample, all at once: a durable point. */
  | { type: 'rows'; stage: Stage; rows: RewrittenRow[] }
  | { type: 'filtered'; problemIds: string[]; reason: 'overlong' }
  | { type: 'done'; counts: Record<Stage, number>; filtered: number };

/** What a resumed rewriting is given: everything durable so far. */
export interface RewriteProgress {
  candidates: Candidate[];
  rows: RewrittenRow[];
}

export type { ArmId } from './arms';

export interface TrainConfig {
  objective: ObjectiveSpec;
  learningRate: number;
  /** Fraction of steps of linear warm-up before cosine decay towards 0. */
  warmup: number;
  epochs: number;
  batchSize: number;
  /** Order of examples and nothing else. */
  seed: number;
  weightDecay: number;
  clipNorm: number;
  beta1: number;
  beta2: number;
  /** prompt + response; longer rows are filtered and counted. */
  maxLength: number;
}

export interface TrainMetrics {
  step: number;
  steps: number;
  learningRate: number;
  /** Token means over the optimizer step's batch. */
  loss: number;
  nll: number;
  entropy: number;
  /** Kish ESS / n of the step's token weights. For DFT: concentration of gradient mass, not an importance weight. */
  essRatio: number;
  meanWeight: number;
  gradNorm: number;
  tokenAccuracy: number;
  tokens: number;
  seconds: number;
}

export interface AccuracyResult {
  accuracy: number;
  /** 95 % interval, percentile bootstrap over problems of the per-problem mean (seeded). */
  ci95: [number, number];
  problems: number;
  runs: number;
}

/** avg@n per test set. `average` is the unweighted mean of the sets' accuracies. */
export interface EvaluationResult {
  sets: Record<string, AccuracyResult>;
  average: number;
  /** 95 % bootstrap interval of `average`, problems resampled within each set. */
  averageCi95: [number, number];
}

/** Every number shown says where it comes from. */
export type Provenance = 'paper' | 'recorded' | 'measured';
