/**
 * A run as pieces of work: the rewriting, the training of each arm, the evaluation of π_0 and of each arm. What each piece needs and which part
 * of the configuration its result depends on is written here and nowhere else. The command line, the worker, the page's queue, the adoption of
 * earlier results and "out of date" all read it.
 */
import type { TrainablePolicy } from '../policy/types';
import type { Task } from '../tasks/types';
import { ARM_DEFINITIONS, armsOf, type ArmId } from './arms';
import type { EvaluatedSet, EvaluationConfig } from './evaluate';
import type { RunStorage } from './run-storage';
import type { EvaluationResult, RewriteConfig, RewriteEvent, TrainConfig, TrainMetrics } from './types';
import { evaluateWork } from './work/evaluate';
import { rewriteWork } from './work/rewrite';
import { trainWork } from './work/train';

/** What is evaluated: π_0, or an arm's trained policy. */
export type EvaluatedId = ArmId | 'base';
export type WorkKind = 'rewrite' | 'train' | 'evaluate';
export type WorkId = 'rewrite' | `train:${ArmId}` | `evaluate:${EvaluatedId}`;

/** Everything that decides a run, besides the task and the policy it starts from. */
export interface RunPlan {
  rewrite: RewriteConfig;
  /** The arms that the run has. */
  arms: Partial<Record<ArmId, TrainConfig>>;
  evaluation: EvaluationConfig;
}

export type WorkEvent =
  /** A durable point ('chunk', 'rows', 'stage-end', 'done') is told after it is durable. */
  | { type: 'rewrite'; event: RewriteEvent; samples: { done: number; of: number } | null }
  /** Before the first step of this visit: `from` steps were done before. */
  | { type: 'training'; arm: ArmId; from: number; steps: number }
  | { type: 'train'; arm: ArmId; metrics: TrainMetrics }
  /** Steps up to `step` are durable. */
  | { type: 'checkpoint'; arm: ArmId; step: number; steps: number }
  | { type: 'sampled'; policy: EvaluatedId; done: number; of: number }
  | { type: 'evaluated-set'; policy: EvaluatedId; set: EvaluatedSet }
  | { type: 'evaluated'; policy: EvaluatedId; result: EvaluationResult };

export interface WorkContext {
  /** π_0. Each piece that trains or evaluates an arm works on a fork of it. */
  policy: TrainablePolicy;
  task: Task;
  plan: RunPlan;
  storage: RunStorage;
  signal?: AbortSignal | undefined;
  /** Seconds between checkpoints inside an arm. Default 15. */
  checkpointSeconds?: number;
  /** True when somebody asks for a checkpoint now. */
  checkpointWanted?: () => boolean;
  /** Sets to evaluate; default: the task's test sets. */
  sets?: readonly string[] | undefined;
}

export interface Work {
  readonly id: WorkId;
  readonly kind: WorkKind;
  /** The arm that it trains or the policy that it evaluates; null for the rewriting. */
  readonly of: EvaluatedId | null;
  /** Pieces that must be done first. */
  readonly needs: readonly WorkId[];
  /** The part of the configuration that its result depends on, apart from what its needs depend on. */
  readonly reads: (plan: RunPlan) => unknown;
  /**
   * Does what is missing of it and stores it; what is stored is told again and not done again.
   * @throws HintedError where a need is not done; what rewriting, training and evaluation throw; the signal's reason.
   */
  readonly run: (context: WorkContext) => AsyncGenerator<WorkEvent, void, void>;
}

/** The pieces of a run with these arms, in the order in which they are done. */
export function worksOf(arms: readonly ArmId[]): Work[] {
  return [
    { id: 'rewrite', kind: 'rewrite', of: null, needs: [], reads: (plan) => plan.rewrite, run: rewriteWork },
    ...arms.map((arm): Work => ({
      id: `train:${arm}`,
      kind: 'train',
      of: arm,
      needs: ['rewrite'],
      reads: (plan) => plan.arms[arm],
      run: (context) => trainWork(context, arm),
    })),
    ...evaluatedOf(arms).map((id): Work => ({
      id: `evaluate:${id}`,
      kind: 'evaluate',
      of: id,
      needs: id === 'base' ? [] : [`train:${id}`],
      reads: (plan) => plan.evaluation,
      run: (context) => evaluateWork(context, id),
    })),
  ];
}

export const evaluatedOf = (arms: readonly ArmId[]): EvaluatedId[] => ['base', ...arms];

/** The piece of this id. @throws RangeError where these arms have none. */
export function workOf(id: WorkId, arms: readonly ArmId[]): Work {
  const found = worksOf(arms).find((work) => work.id === id);
  if (!found) throw new RangeError(`A run of the arms ${arms.join(', ')} has no piece “${id}”.`);
  return found;
}

/** Everything of a plan that the result of a piece depends on: two plans in which it is equal share the result. */
export function dependsOn(id: WorkId, plan: RunPlan): unknown[] {
  const { needs, reads } = workOf(id, armsOf(plan.arms));
  return [reads(plan), ...needs.map((need) => dependsOn(need, plan))];
}

export const nameOf = (id: EvaluatedId): string => (id === 'base' ? 'Start π₀' : ARM_DEFINITIONS[id].name);
