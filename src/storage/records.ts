/** What is stored, record by record. Token ids and log-probs are typed arrays, which IndexedDB keeps as such. */
import type { ArmId } from '../method/arms';
import type { EvaluatedSet } from '../method/evaluate';
import type { SamplingStage, Stage } from '../method/operators';
import type { EvaluatedId, RunPlan } from '../method/plan';
import type { StageSummary } from '../method/run-storage';
import type { Candidate, RewrittenRow, TrainMetrics } from '../method/types';
import type { TaskSpec } from '../tasks/dataset/types';

export type { EvaluatedId } from '../method/plan';
export type { StageSummary } from '../method/run-storage';

/** What a run of the whole method is keyed by; a reload with the same configuration continues it. */
export interface RunConfig extends RunPlan {
  /** Id of a built-in world, or the key of a stored task: its id and a hash of its content. */
  task: string;
  policyUrl: string;
}

/** Points at the checkpoint and at the metrics that belong to it; always written in their transaction. */
export interface ArmPointer {
  /** Optimizer steps that are durable. */
  step: number;
  /** Of the whole arm. */
  steps: number;
  /** Number of metrics chunks. */
  chunks: number;
  done: boolean;
  /** Backend and version that computed the last chunk. */
  device: string;
}

export interface RunRecord {
  run: string;
  /** Version of these records' shape: `SCHEMA_VERSION` when written. */
  schema: number;
  appVersion: string;
  configHash: string;
  config: RunConfig;
  /** Null while nothing has been computed. */
  policyId: string | null;
  policyName: string | null;
  /** Seeds of the run in one place, for provenance. */
  seeds: { data: number; rewrite: number; evaluation: number; arms: Partial<Record<ArmId, number>> };
  /** Every device that computed a part of it, e.g. 'wasm, 2 threads (onnxruntime-web 1.30.0)'. */
  devices: string[];
  /** ISO 8601. */
  createdAt: string;
  updatedAt: string;
  /** Grows with each write, so that another tab's changes are noticed. */
  revision: number;
  /** Ended stages. */
  stages: Partial<Record<SamplingStage, StageSummary>>;
  /** Time spent in each stage so far, over interruptions. */
  stageSeconds: Partial<Record<SamplingStage, number>>;
  filtered: string[];
  counts: Record<Stage, number> | null;
  arms: Partial<Record<ArmId, ArmPointer>>;
}

/** Key [run, stage, problem, k]. */
export interface CandidateRecord {
  run: string;
  stage: SamplingStage;
  problem: string;
  k: number;
  candidate: Candidate;
}

/** Key [run, problem]. */
export interface RowRecord {
  run: string;
  problem: string;
  row: RewrittenRow;
}

/** Key [run, arm, chunk]: the steps between two checkpoints. */
export interface MetricsRecord {
  run: string;
  arm: ArmId;
  chunk: number;
  metrics: TrainMetrics[];
}

/** Key [run, arm]: the last one only. Flat f32 vectors in the order of the policy's parameter store. */
export interface CheckpointRecord {
  run: string;
  arm: ArmId;
  policyId: string;
  /** Optimizer steps of the policy. */
  step: number;
  /** Seed of the example order, with which the remaining steps replay. */
  seed: number;
  parameters: Float32Array;
  /** AdamW moments; left out once the arm is done. */
  m?: Float32Array;
  v?: Float32Array;
}

/** Key [run, policy, set]. */
export interface EvaluationRecord extends EvaluatedSet {
  run: string;
  policy: EvaluatedId;
  device: string;
  at: string;
}

/** Key: `key`. Small preferences such as the backend choice. */
export interface SettingRecord {
  key: string;
  value: unknown;
}

/** Key: `task`, the task's id and a hash of its content. What a list shows; never changes once written. */
export interface TaskRecord {
  task: string;
  name: string;
  description: string;
  sets: { id: string; name: string; rows: number }[];
  grader: string;
  /** ISO 8601. */
  addedAt: string;
}

/** Key: `task`. The content, apart from the list, as it may be megabytes. */
export interface TaskContentRecord {
  task: string;
  spec: TaskSpec;
}

export interface Records {
  runs: RunRecord;
  candidates: CandidateRecord;
  rows: RowRecord;
  metrics: MetricsRecord;
  checkpoints: CheckpointRecord;
  evaluations: EvaluationRecord;
  settings: SettingRecord;
  tasks: TaskRecord;
  taskContents: TaskContentRecord;
}
export type StoreName = keyof Records;
