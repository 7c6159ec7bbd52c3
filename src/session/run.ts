/** A run while a command writes it: the record as last written, over the database that keeps it. */
import { HintedError } from '../base/errors';
import type { ArmId } from '../method/arms';
import type { EvaluatedSet } from '../method/evaluate';
import type { EvaluatedId } from '../method/plan';
import type { ArmCommit, RewritingCommit, RunStorage, StoredArm, StoredRewriting } from '../method/run-storage';
import type { Policy } from '../policy/types';
import type { RunPatch, RunRecord, RunStore } from '../storage';

/** Backend and runtime in words, for provenance: 'wasm, 2 threads (onnxruntime-web 1.30.0)'. */
export function deviceName({ backend }: Policy): string {
  const threads = backend.name === 'webgpu' ? '' : `, ${backend.threads} ${backend.threads === 1 ? 'thread' : 'threads'}`;
  return `${backend.name}${threads}${backend.detail ? ` (${backend.detail})` : ''}`;
}

export class OpenRun implements RunStorage {
  record: RunRecord;
  private readonly store: RunStore;
  private readonly policy: Policy;
  private readonly device: string;
  private readonly written: (record: RunRecord) => void;

  /** `written` hears of every revision that this session has made itself. @throws HintedError for another policy's run. */
  constructor(record: RunRecord, store: RunStore, policy: Policy, written: (record: RunRecord) => void) {
    if (record.policyId !== null && record.policyId !== policy.id) {
      throw new HintedError(
        `This run was made with policy ${record.policyId}, but ${policy.id} is loaded.`,
        'Open the run again to start afresh with the loaded policy; the old run stays in the list.',
      );
    }
    this.record = record;
    this.store = store;
    this.policy = policy;
    this.device = deviceName(policy);
    this.written = written;
  }

  get id(): string {
    return this.record.run;
  }

  async rewriting(): Promise<StoredRewriting> {
    const { filtered, stageSeconds, stages, counts } = this.record;
    return { ...(await this.store.rewriteProgress(this.id)), filtered, stageSeconds, stages, counts };
  }

  async commitRewriting({ candidates = [], rows = [], ...patch }: RewritingCommit): Promise<void> {
    this.update(await this.store.commitRewrite(this.record, candidates, rows, { ...this.provenance(), ...patch }));
  }

  async arm(arm: ArmId): Promise<StoredArm | null> {
    const pointer = this.record.arms[arm];
    const checkpoint = pointer && (await this.store.checkpoint(this.id, arm));
    return pointer && checkpoint ? { step: pointer.step, steps: pointer.steps, done: pointer.done, checkpoint } : null;
  }

  async commitArm(arm: ArmId, { checkpoint, ...commit }: ArmCommit): Promise<void> {
    const { seed } = this.record.config.arms[arm]!;
    const training = { arm, ...commit, checkpoint: { ...checkpoint, seed }, device: this.device };
    this.update(await this.store.commitTraining(this.record, training, this.provenance()));
  }

  evaluatedSets(policy: EvaluatedId): Promise<EvaluatedSet[]> {
    return this.store.evaluations(this.id, policy);
  }

  async commitEvaluatedSet(policy: EvaluatedId, set: EvaluatedSet): Promise<void> {
    this.update(await this.store.commitEvaluation(this.record, { policy, ...set, device: this.device }, this.provenance()));
  }

  private update(record: RunRecord): void {
    this.record = record;
    this.written(record);
  }

  private provenance(): RunPatch {
    const { devices } = this.record;
    return {
      policyId: this.policy.id,
      policyName: this.policy.name,
      devices: devices.includes(this.device) ? devices : [...devices, this.device],
    };
  }
}
