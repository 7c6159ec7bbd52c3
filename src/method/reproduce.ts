/** The whole paper on one policy: T over the training problems, the four arms from one shared start, and their evaluation. */
import type { PolicyCheckpoint, TrainablePolicy } from '../policy/types';
import type { Task } from '../tasks/types';
import { armExamples } from './arms';
import { evaluate, type EvaluationEvent } from './evaluate';
import type { ReproducePlan } from './presets';
import { rewrite } from './rewrite';
import { trainArm } from './train';
import { DEFAULT_ARMS } from './arms';
import type { ArmId, EvaluationResult, RewriteEvent, RewriteProgress, RewrittenRow, TrainMetrics } from './types';

export type EvaluatedId = ArmId | 'base';
export const EVALUATED: readonly EvaluatedId[] = ['base', ...DEFAULT_ARMS];

/** An arm's training so far. The checkpoint belongs to the last of the metrics. */
export interface ArmProgress {
  metrics: TrainMetrics[];
  checkpoint: PolicyCheckpoint | null;
  done: boolean;
}

/** What is durable of a run; an empty one starts it. The consumer of the events keeps it up to date. */
export interface ReproduceProgress {
  rewriting: RewriteProgress;
  arms: Partial<Record<ArmId, ArmProgress>>;
  evaluations: Partial<Record<EvaluatedId, EvaluationResult>>;
}

export type ReproduceEvent =
  | { type: 'rewrite'; event: RewriteEvent }
  | { type: 'train'; arm: ArmId; metrics: TrainMetrics }
  /** A durable point of training: everything up to the last metrics yielded for this arm. */
  | { type: 'checkpoint'; arm: ArmId; checkpoint: PolicyCheckpoint; done: boolean }
  | { type: 'evaluate'; id: EvaluatedId; event: EvaluationEvent }
  | { type: 'done'; rows: RewrittenRow[]; evaluations: Record<EvaluatedId, EvaluationResult> };

export interface ReproduceOptions {
  /** Seconds between checkpoints inside an arm. Default 15. */
  checkpointSeconds?: number;
  signal?: AbortSignal;
}

/**
 * Runs a plan and yields what happens. Parts that `progress` holds are not done again; a part in the middle goes on from its last durable
 * point. `policy` itself is π_0 and stays as it is: each arm trains a fork.
 * @throws as rewrite, trainArm and evaluate do; the signal's reason when aborted.
 */
export async function* reproduce(
  policy: TrainablePolicy,
  task: Task,
  plan: ReproducePlan,
  progress: ReproduceProgress,
  { checkpointSeconds = 15, signal }: ReproduceOptions = {},
): AsyncGenerator<ReproduceEvent, void, void> {
  const rows = new Map(progress.rewriting.rows.map((row) => [row.problemId, row]));
  for await (const event of rewrite(policy, task, plan.rewrite, { progress: progress.rewriting, signal })) {
    if (event.type === 'chunk' || event.type === 'rows') for (const row of event.rows) rows.set(row.problemId, row);
    yield { type: 'rewrite', event };
  }
  const dataset = [...rows.values()].sort((a, b) => (a.problemId < b.problemId ? -1 : 1));

  const evaluations: Partial<Record<EvaluatedId, EvaluationResult>> = { ...progress.evaluations };
  for (const id of EVALUATED) {
    const evaluated = evaluations[id];
    const arm = id === 'base' ? null : progress.arms[id];
    if (evaluated && (id === 'base' || arm?.done)) continue;
    const trained = id === 'base' ? policy : await policy.fork();
    try {
      if (id !== 'base') yield* runArm(trained, id, dataset, plan, arm ?? null, checkpointSeconds, signal);
      if (evaluated) continue;
      for await (const event of evaluate(trained, task, plan.evaluation, signal)) {
        if (event.type === 'done') evaluations[id] = event.result;
        yield { type: 'evaluate', id, event };
      }
    } finally {
      if (id !== 'base') await trained.dispose();
    }
  }
  yield { type: 'done', rows: dataset, evaluations: evaluations as Record<EvaluatedId, EvaluationResult> };
}

/** Trains one arm's policy, or brings it to the state that its progress describes. */
async function* runArm(
  policy: TrainablePolicy,
  arm: ArmId,
  rows: readonly RewrittenRow[],
  plan: ReproducePlan,
  progress: ArmProgress | null,
  checkpointSeconds: number,
  signal?: AbortSignal,
): AsyncGenerator<ReproduceEvent, void, void> {
  const resume = progress?.checkpoint ? { checkpoint: progress.checkpoint, step: progress.metrics.at(-1)!.step } : undefined;
  if (progress?.done) {
    await policy.restore(progress.checkpoint!);
    return;
  }
  let saved = Date.now();
  for await (const event of trainArm(policy, armExamples(arm, rows), plan.arms[arm]!, resume, signal)) {
    if (event.type !== 'step') continue;
    const { metrics } = event;
    yield { type: 'train', arm, metrics };
    const done = metrics.step === metrics.steps;
    if (done || (event.latest && Date.now() - saved >= checkpointSeconds * 1000)) {
      yield { type: 'checkpoint', arm, checkpoint: await policy.checkpoint(), done };
      saved = Date.now();
    }
  }
}
