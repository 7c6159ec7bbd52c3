/**
 * A run kept in a folder, so that the same command continues it:
 *   plan.json            what the run is: its plan, policy and task
 *   rewriting.jsonl      one line a finished chunk: its candidates and rows
 *   rewriting.json       what is known of the stages so far, and their counts at the end
 *   arms/<arm>.json      metrics so far and the name of the checkpoint that belongs to them
 *   arms/<arm>-<step>.checkpoint   flat f32 parameters, first and second moments, one after the other
 *   metrics/<arm>.jsonl  the metrics again, a line a step, for other programs
 *   evaluated/<policy>.json        finished test sets
 */
import { appendFile, mkdir, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArmId } from '../../method/arms';
import type { EvaluatedSet } from '../../method/evaluate';
import type { EvaluatedId } from '../../method/plan';
import {
  NOTHING_REWRITTEN,
  type ArmCommit,
  type RewritingCommit,
  type RunStorage,
  type StoredArm,
  type StoredRewriting,
} from '../../method/run-storage';
import type { Candidate, RewrittenRow, TrainMetrics } from '../../method/types';
import type { PolicyCheckpoint } from '../../policy/types';
import { asInput, InputError } from '../errors';
import { writeWhole } from '../output';
import { decode, encode } from './typed-json';

interface ArmFile {
  metrics: TrainMetrics[];
  done: boolean;
  steps: number;
  checkpoint: { file: string; policyId: string; step: number; moments: boolean };
}

export class RunDirectory implements RunStorage {
  private constructor(readonly dir: string) {}

  private path(...parts: string[]): string {
    return join(this.dir, ...parts);
  }

  /**
   * Opens or makes the folder of a run. `identity` is everything that decides its numbers.
   * @throws InputError when the folder holds another run or cannot be written.
   */
  static async open(dir: string, identity: unknown): Promise<RunDirectory> {
    const run = new RunDirectory(dir);
    await asInput(() => mkdir(run.path('arms'), { recursive: true }));
    const text = `${JSON.stringify(identity, null, 2)}\n`;
    const before = await readFile(run.path('plan.json'), 'utf8').catch(() => null);
    if (before !== null && before !== text) {
      throw new InputError(
        `${dir} holds a run with another plan or policy (see its plan.json); choose another --out, or delete the folder.`,
      );
    }
    if (before === null) await writeWhole(run.path('plan.json'), text);
    return run;
  }

  /** The folder of a run that is there. */
  static at(dir: string): RunDirectory {
    return new RunDirectory(dir);
  }

  async rewriting(): Promise<StoredRewriting> {
    const chunks = await this.chunks();
    const known = await this.json<Partial<StoredRewriting>>('rewriting.json');
    return {
      ...NOTHING_REWRITTEN,
      ...known,
      candidates: chunks.flatMap(({ candidates }) => candidates),
      rows: chunks.flatMap(({ rows }) => rows),
    };
  }

  /** The chunk is durable first: what is known of the stages never runs ahead of it. */
  async commitRewriting({ candidates = [], rows = [], ...changed }: RewritingCommit): Promise<void> {
    if (candidates.length + rows.length > 0) await appendFile(this.path('rewriting.jsonl'), `${encode({ candidates, rows })}\n`);
    const known = (await this.json<Partial<StoredRewriting>>('rewriting.json')) ?? {};
    await writeWhole(this.path('rewriting.json'), `${JSON.stringify({ ...known, ...changed }, null, 2)}\n`);
  }

  async arm(arm: ArmId): Promise<StoredArm | null> {
    const file = await this.armFile(arm);
    if (!file) return null;
    const { done, steps, metrics } = file;
    return { done, steps, step: metrics.at(-1)?.step ?? 0, checkpoint: await this.readCheckpoint(file.checkpoint) };
  }

  async metrics(arm: ArmId): Promise<TrainMetrics[]> {
    return (await this.armFile(arm))?.metrics ?? [];
  }

  async evaluatedSets(policy: EvaluatedId): Promise<EvaluatedSet[]> {
    return (await this.json<EvaluatedSet[]>('evaluated', `${policy}.json`)) ?? [];
  }

  async commitEvaluatedSet(policy: EvaluatedId, set: EvaluatedSet): Promise<void> {
    const sets = [...(await this.evaluatedSets(policy)), set];
    await writeWhole(this.path('evaluated', `${policy}.json`), JSON.stringify(sets));
  }

  private armFile(arm: ArmId): Promise<ArmFile | null> {
    return this.json<ArmFile>('arms', `${arm}.json`);
  }

  private async json<T>(...parts: string[]): Promise<T | null> {
    const text = await readFile(this.path(...parts), 'utf8').catch(() => null);
    return text === null ? null : asInput(() => JSON.parse(text) as T);
  }

  /** Finished chunks. A last line that was cut by a crash is removed: its chunk is drawn again. */
  private async chunks(): Promise<{ candidates: Candidate[]; rows: RewrittenRow[] }[]> {
    const text = await readFile(this.path('rewriting.jsonl'), 'utf8').catch(() => '');
    const end = text.lastIndexOf('\n') + 1;
    if (end < text.length) await truncate(this.path('rewriting.jsonl'), Buffer.byteLength(text.slice(0, end)));
    const lines = text.slice(0, end).split('\n').slice(0, -1);
    return asInput(() => lines.map((line) => decode(line) as { candidates: Candidate[]; rows: RewrittenRow[] }));
  }

  private async readCheckpoint({ file, policyId, step, moments }: ArmFile['checkpoint']): Promise<PolicyCheckpoint> {
    const bytes = await asInput(() => readFile(this.path('arms', file)));
    const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    const size = all.length / (moments ? 3 : 1);
    const checkpoint: PolicyCheckpoint = { policyId, step, parameters: all.slice(0, size) };
    return moments ? { ...checkpoint, m: all.slice(size, 2 * size), v: all.slice(2 * size) } : checkpoint;
  }

  /** The pointer is written last, then the file that it replaces is removed. */
  async commitArm(arm: ArmId, { steps, done, metrics: fresh, checkpoint }: ArmCommit): Promise<void> {
    const { policyId, step, parameters, m, v } = checkpoint;
    const metrics = [...(await this.metrics(arm)), ...fresh];
    const file = `${arm}-${step}.checkpoint`;
    const parts = m && v ? [parameters, m, v] : [parameters];
    await writeWhole(
      this.path('arms', file),
      Buffer.concat(parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength))),
    );
    const pointer: ArmFile = { metrics, done, steps, checkpoint: { file, policyId, step, moments: parts.length === 3 } };
    await writeWhole(this.path('arms', `${arm}.json`), JSON.stringify(pointer));
    for (const old of await readdir(this.path('arms'))) {
      if (old.startsWith(`${arm}-`) && old.endsWith('.checkpoint') && old !== file) await rm(this.path('arms', old));
    }
    await this.write(`metrics/${arm}.jsonl`, metrics.map((one) => `${JSON.stringify(one)}\n`).join(''));
  }

  /** A result for the reader. */
  async write(name: string, text: string): Promise<void> {
    await writeWhole(this.path(name), text);
  }
}
