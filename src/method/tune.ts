/** Learning rates for the arms: the same trials for each, judged on the validation split. */
import type { TrainablePolicy } from '../policy/types';
import type { Task } from '../tasks/types';
import { armConfig, armExamples, byArm, DEFAULT_ARMS } from './arms';
import { evaluate } from './evaluate';
import { DATA_SEED, MAX_NEW_TOKENS } from './presets';
import { rewritten } from './rewrite';
import { mean } from './statistics';
import { trainArm, TrainingStopped } from './train';
import type { ArmId, RewriteConfig, RewrittenRow } from './types';

export interface TunePlan {
  /** Peak learning rates: one trial each, for every arm and seed. */
  rates: readonly number[];
  /** Each seed has its own rewriting, order and evaluation. None should be a seed that results are reported for. */
  seeds: readonly number[];
  /** Training problems. */
  problems: number;
  k: number;
  validation: { problems: number; runs: number };
  /** Default: the paper's four. */
  arms?: readonly ArmId[];
  /** Which trials to run; default: all. */
  wanted?: (arm: ArmId, rate: number) => boolean;
}

export interface Trial {
  arm: ArmId;
  rate: number;
  seed: number;
  /** Validation accuracy; 0 where training stopped at a non-finite loss. */
  accuracy: number;
  /** Token mean of −log p in the last step. */
  nll: number | null;
}

export type TuneEvent =
  | { type: 'rewritten'; seed: number; rows: number }
  | { type: 'base'; seed: number; accuracy: number }
  | { type: 'trial'; trial: Trial; done: number; of: number }
  | { type: 'done'; trials: Trial[]; base: number; chosen: Partial<Record<ArmId, { rate: number; accuracy: number }>> };

/** Runs all trials of a plan. @throws as rewrite, trainArm and evaluate do. */
export async function* tune(
  policy: TrainablePolicy,
  task: Task,
  plan: TunePlan,
  signal?: AbortSignal,
): AsyncGenerator<TuneEvent, void, void> {
  const { arms = DEFAULT_ARMS, wanted = () => true } = plan;
  const trials: Trial[] = [];
  const bases: number[] = [];
  const of = plan.seeds.length * arms.reduce((n, arm) => n + plan.rates.filter((rate) => wanted(arm, rate)).length, 0);
  for (const seed of plan.seeds) {
    const { rows } = await rewritten(policy, task, rewriteConfig(plan, seed), { signal });
    yield { type: 'rewritten', seed, rows: rows.length };
    const base = await validationAccuracy(policy, task, plan, seed, signal);
    bases.push(base);
    yield { type: 'base', seed, accuracy: base };
    for (const arm of arms) {
      for (const rate of plan.rates.filter((one) => wanted(arm, one))) {
        const fork = await policy.fork();
        try {
          const nll = await train(fork, arm, rate, seed, rows, signal);
          const accuracy = nll === null ? 0 : await validationAccuracy(fork, task, plan, seed, signal);
          const trial = { arm, rate, seed, accuracy, nll };
          trials.push(trial);
          yield { type: 'trial', trial, done: trials.length, of };
        } finally {
          await fork.dispose();
        }
      }
    }
  }
  const tried = arms.filter((arm) => trials.some((trial) => trial.arm === arm));
  const chosen = byArm((arm) => best(trials, arm), tried);
  yield { type: 'done', trials, base: mean(bases), chosen };
}

/** The rate with the highest accuracy averaged over seeds; the lower rate of equals. */
export function best(trials: readonly Trial[], arm: ArmId): { rate: number; accuracy: number } {
  const own = trials.filter((trial) => trial.arm === arm);
  const rates = [...new Set(own.map(({ rate }) => rate))].sort((a, b) => a - b);
  const averaged = rates.map((rate) => ({
    rate,
    accuracy: mean(own.filter((trial) => trial.rate === rate).map(({ accuracy }) => accuracy)),
  }));
  return averaged.reduce((a, b) => (b.accuracy > a.accuracy ? b : a));
}

function rewriteConfig({ problems, k }: TunePlan, seed: number): RewriteConfig {
  return { set: 'train', problems, dataSeed: DATA_SEED, k, temperature: 1, topP: 1, seed, maxNewTokens: MAX_NEW_TOKENS, chunk: 32 };
}

/** Trains and returns the last step's NLL; null where it stopped at a non-finite loss. */
async function train(
  policy: TrainablePolicy,
  arm: ArmId,
  learningRate: number,
  seed: number,
  rows: readonly RewrittenRow[],
  signal?: AbortSignal,
): Promise<number | null> {
  let nll: number | null = null;
  try {
    for await (const event of trainArm(
      policy,
      armExamples(arm, rows),
      { ...armConfig(arm, seed, policy.maxLength), learningRate },
      undefined,
      signal,
    )) {
      if (event.type === 'step') nll = event.metrics.nll;
    }
  } catch (error) {
    if (error instanceof TrainingStopped) return null;
    throw error;
  }
  return nll;
}

async function validationAccuracy(
  policy: TrainablePolicy,
  task: Task,
  { validation }: TunePlan,
  seed: number,
  signal?: AbortSignal,
): Promise<number> {
  const config = { ...validation, seed, dataSeed: DATA_SEED, temperature: 1, maxNewTokens: MAX_NEW_TOKENS, sets: ['validation'] };
  for await (const event of evaluate(policy, task, config, signal)) if (event.type === 'done') return event.result.average;
  throw new Error('The evaluation ended without a result.');
}
