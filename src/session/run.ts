/** A run while a command writes it: the record as last written, and what the page has been sent of it. */
import type { Candidate, RewrittenRow } from '../method/types';
import type { Policy } from '../policy/types';
import type { EvaluationRecord, RunPatch, RunRecord, RunStore, TrainingCommit } from '../storage';
import { SessionError } from './errors';

/** Backend and runtime in words, for provenance: 'wasm, 2 threads (onnxruntime-web 1.30.0)'. */
export function deviceName({ backend }: Policy): string {
  const threads = backend.name === 'webgpu' ? '' : `, ${backend.threads} ${backend.threads === 1 ? 'thread' : 'threads'}`;
  return `${backend.name}${threads}${backend.detail ? ` (${backend.detail})` : ''}`;
}

export class OpenRun {
  record: RunRecord;
  readonly store: RunStore;
  readonly device: string;
  private readonly policy: Policy;
  private readonly written: (record: RunRecord) => void;

  /** `written` hears of every revision that this session has made itself. @throws SessionError for another policy's run. */
  constructor(record: RunRecord, store: RunStore, policy: Policy, written: (record: RunRecord) => void) {
    if (record.policyId !== null && record.policyId !== policy.id) {
      throw new SessionError(
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

  async commitRewrite(candidates: Candidate[], rows: RewrittenRow[], patch: RunPatch = {}): Promise<void> {
    this.update(await this.store.commitRewrite(this.record, candidates, rows, { ...this.provenance(), ...patch }));
  }

  async commitTraining(commit: TrainingCommit): Promise<void> {
    this.update(await this.store.commitTraining(this.record, commit, this.provenance()));
  }

  async commitEvaluation(evaluation: Omit<EvaluationRecord, 'run' | 'at'>): Promise<void> {
    this.update(await this.store.commitEvaluation(this.record, evaluation, this.provenance()));
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
