/** Where a run is kept while the plan's pieces of work make it: in the browser's database, in a folder, or in memory. */
import type { PolicyCheckpoint } from '../policy/types';
import type { ArmId } from './arms';
import type { EvaluatedSet } from './evaluate';
import type { SamplingStage, Stage } from './operators';
import type { EvaluatedId } from './plan';
import type { Candidate, RewriteProgress, RewrittenRow, TrainMetrics } from './types';

export interface StageSummary {
  accepted: number;
  problems: number;
  generatedTokens: number;
  seconds: number;
}

/** What is durable of a rewriting. */
export interface StoredRewriting extends RewriteProgress {
  filtered: string[];
  /** Time spent in each stage so far, over interruptions. */
  stageSeconds: Partial<Record<SamplingStage, number>>;
  /** Ended stages. */
  stages: Partial<Record<SamplingStage, StageSummary>>;
  /** Null until the rewriting is complete. */
  counts: Record<Stage, number> | null;
}

/** What a finished chunk adds, and which of the other fields it changes. */
export type RewritingCommit = { candidates?: Candidate[]; rows?: RewrittenRow[] } & Partial<
  Pick<StoredRewriting, 'filtered' | 'stageSeconds' | 'stages' | 'counts'>
>;

/** What is durable of an arm: the checkpoint stands after `step` of its steps. */
export interface StoredArm {
  step: number;
  steps: number;
  done: boolean;
  checkpoint: PolicyCheckpoint;
}
/** A checkpoint with the metrics since the last one. */
export type ArmCommit = StoredArm & { metrics: TrainMetrics[] };

/** Each commit is durable when its promise resolves, and whole or not there at all. */
export interface RunStorage {
  rewriting(): Promise<StoredRewriting>;
  commitRewriting(commit: RewritingCommit): Promise<void>;
  arm(arm: ArmId): Promise<StoredArm | null>;
  commitArm(arm: ArmId, commit: ArmCommit): Promise<void>;
  evaluatedSets(policy: EvaluatedId): Promise<EvaluatedSet[]>;
  commitEvaluatedSet(policy: EvaluatedId, set: EvaluatedSet): Promise<void>;
}

export const NOTHING_REWRITTEN: Readonly<StoredRewriting> = {
  candidates: [],
  rows: [],
  filtered: [],
  stageSeconds: {},
  stages: {},
  counts: null,
};

/** A run that lives as long as the program. What it holds is plain data. */
export class MemoryRun implements RunStorage {
  constructor(
    readonly data: {
      rewriting: StoredRewriting;
      arms: Partial<Record<ArmId, StoredArm & { metrics: TrainMetrics[] }>>;
      evaluations: Partial<Record<EvaluatedId, EvaluatedSet[]>>;
    } = { rewriting: { ...NOTHING_REWRITTEN }, arms: {}, evaluations: {} },
  ) {}

  async rewriting(): Promise<StoredRewriting> {
    return this.data.rewriting;
  }

  async commitRewriting({ candidates = [], rows = [], ...changed }: RewritingCommit): Promise<void> {
    const { rewriting } = this.data;
    this.data.rewriting = {
      ...rewriting,
      ...changed,
      candidates: [...rewriting.candidates, ...candidates],
      rows: [...rewriting.rows, ...rows],
    };
  }

  async arm(arm: ArmId): Promise<StoredArm | null> {
    return this.data.arms[arm] ?? null;
  }

  async commitArm(arm: ArmId, { metrics, ...stored }: ArmCommit): Promise<void> {
    this.data.arms[arm] = { ...stored, metrics: [...(this.data.arms[arm]?.metrics ?? []), ...metrics] };
  }

  async evaluatedSets(policy: EvaluatedId): Promise<EvaluatedSet[]> {
    return this.data.evaluations[policy] ?? [];
  }

  async commitEvaluatedSet(policy: EvaluatedId, set: EvaluatedSet): Promise<void> {
    this.data.evaluations[policy] = [...(this.data.evaluations[policy] ?? []), set];
  }
}
