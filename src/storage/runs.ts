/** Runs on top of a backend: each method is one transaction, so that what is stored is always a state the run was in. */
import { armsOf, byArm } from '../method/arms';
import type { ArmId, Candidate, RewriteProgress, RewrittenRow, TrainMetrics } from '../method/types';
import type { Backend, Change } from './backend';
import { compact, compactCandidate, compactRow } from './compact';
import { configHash } from './hash';
import type { ArmPointer, CheckpointRecord, EvaluatedId, EvaluationRecord, RunConfig, RunRecord } from './records';
import { RUN_STORES, SCHEMA_VERSION, STORE_NAMES } from './schema';

/** What changes of a run's record with a write; `revision` and `updatedAt` are set here. */
export type RunPatch = Partial<Pick<RunRecord, 'policyId' | 'policyName' | 'devices' | 'stages' | 'stageSeconds' | 'filtered' | 'counts'>>;

export interface TrainingCommit {
  arm: ArmId;
  /** Optimizer steps of the arm that the checkpoint stands after, of how many. */
  step: number;
  steps: number;
  done: boolean;
  /** The metrics since the last commit. */
  metrics: TrainMetrics[];
  checkpoint: Omit<CheckpointRecord, 'run' | 'arm'>;
  /** What computed the steps since the last commit. */
  device: string;
}

export class RunStore {
  readonly backend: Backend;
  private readonly appVersion: string;
  private readonly now: () => Date;

  constructor(backend: Backend, appVersion: string, now: () => Date = () => new Date()) {
    this.backend = backend;
    this.appVersion = appVersion;
    this.now = now;
  }

  /**
   * The run of this configuration, created where there is none. With `policyId`: the one made with that policy or not begun;
   * without: the last one worked on.
   */
  async open(config: RunConfig, policyId: string | null): Promise<RunRecord> {
    const hash = configHash(config);
    const same = (await this.list()).filter((run) => run.configHash === hash);
    const found = same.find((run) => policyId === null || run.policyId === null || run.policyId === policyId);
    if (found) return found;
    const at = this.now().toISOString();
    const { rewrite, arms, evaluation } = config;
    const record: RunRecord = {
      // The first run of a configuration is named by it; one made with another policy gets that policy's id too.
      run: same.length === 0 ? hash : `${hash}-${policyId}`,
      schema: SCHEMA_VERSION,
      appVersion: this.appVersion,
      configHash: hash,
      config,
      policyId: null,
      policyName: null,
      seeds: {
        data: rewrite.dataSeed,
        rewrite: rewrite.seed,
        evaluation: evaluation.seed,
        arms: byArm((arm) => arms[arm]!.seed, armsOf(arms)),
      },
      devices: [],
      createdAt: at,
      updatedAt: at,
      revision: 0,
      stages: {},
      stageSeconds: {},
      filtered: [],
      counts: null,
      arms: {},
    };
    await this.backend.write([{ store: 'runs', put: record }]);
    return record;
  }

  get(run: string): Promise<RunRecord | undefined> {
    return this.backend.get('runs', [run]);
  }

  /** The last one worked on first. */
  async list(): Promise<RunRecord[]> {
    const runs = await this.backend.range('runs', []);
    return runs.sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : a.updatedAt > b.updatedAt ? -1 : 0));
  }

  async delete(run: string): Promise<void> {
    await this.backend.write(RUN_STORES.map((store) => ({ store, delete: [run] })));
  }

  /** Runs, settings and checkpoints, all of them. */
  async clear(): Promise<void> {
    await this.backend.write(STORE_NAMES.map((store) => ({ store, delete: [] })));
  }

  /** Candidates by stage, problem and k; rows by problem. */
  async rewriteProgress(run: string): Promise<RewriteProgress> {
    const [candidates, rows] = await Promise.all([this.backend.range('candidates', [run]), this.backend.range('rows', [run])]);
    return { candidates: candidates.map((record) => record.candidate), rows: rows.map((record) => record.row) };
  }

  async rows(run: string): Promise<RewrittenRow[]> {
    return (await this.backend.range('rows', [run])).map((record) => record.row);
  }

  async metrics(run: string, arm: ArmId): Promise<TrainMetrics[]> {
    return (await this.backend.range('metrics', [run, arm])).flatMap((record) => record.metrics);
  }

  checkpoint(run: string, arm: ArmId): Promise<CheckpointRecord | undefined> {
    return this.backend.get('checkpoints', [run, arm]);
  }

  evaluations(run: string, policy?: EvaluatedId): Promise<EvaluationRecord[]> {
    return this.backend.range('evaluations', policy === undefined ? [run] : [run, policy]);
  }

  /** A finished chunk of problems and the run's record. Returns the record as written. */
  commitRewrite(record: RunRecord, candidates: Candidate[], rows: RewrittenRow[], patch: RunPatch = {}): Promise<RunRecord> {
    const { run } = record;
    return this.commit(record, patch, [
      ...candidates.map((candidate): Change => {
        const { stage, problemId: problem, k } = candidate;
        return { store: 'candidates', put: { run, stage, problem, k, candidate: compactCandidate(candidate) } };
      }),
      ...rows.map((row): Change => ({ store: 'rows', put: { run, problem: row.problemId, row: compactRow(row) } })),
    ]);
  }

  /** Checkpoint, its metrics, and the pointer to both. */
  commitTraining(record: RunRecord, commit: TrainingCommit, patch: RunPatch = {}): Promise<RunRecord> {
    const { run } = record;
    const { arm, metrics, checkpoint } = commit;
    const chunk = record.arms[arm]?.chunks ?? 0;
    const vectors = {
      parameters: compact(checkpoint.parameters),
      ...(checkpoint.m && { m: compact(checkpoint.m) }),
      ...(checkpoint.v && { v: compact(checkpoint.v) }),
    };
    const changes: Change[] = [{ store: 'checkpoints', put: { ...checkpoint, ...vectors, run, arm } }];
    if (metrics.length > 0) changes.push({ store: 'metrics', put: { run, arm, chunk, metrics } });
    const { step, steps, done, device } = commit;
    const pointer: ArmPointer = { step, steps, done, device, chunks: chunk + (metrics.length > 0 ? 1 : 0) };
    return this.commit({ ...record, arms: { ...record.arms, [arm]: pointer } }, patch, changes);
  }

  commitEvaluation(record: RunRecord, evaluation: Omit<EvaluationRecord, 'run' | 'at'>, patch: RunPatch = {}): Promise<RunRecord> {
    const put: EvaluationRecord = { ...evaluation, run: record.run, at: this.now().toISOString() };
    return this.commit(record, patch, [{ store: 'evaluations', put }]);
  }

  async setting(key: string): Promise<unknown> {
    return (await this.backend.get('settings', [key]))?.value ?? null;
  }

  async setSetting(key: string, value: unknown): Promise<void> {
    await this.backend.write([{ store: 'settings', put: { key, value } }]);
  }

  private async commit(record: RunRecord, patch: RunPatch, changes: Change[]): Promise<RunRecord> {
    const next: RunRecord = {
      ...record,
      ...patch,
      schema: SCHEMA_VERSION,
      appVersion: this.appVersion,
      updatedAt: this.now().toISOString(),
      revision: record.revision + 1,
    };
    await this.backend.write([...changes, { store: 'runs', put: next }]);
    return next;
  }
}
