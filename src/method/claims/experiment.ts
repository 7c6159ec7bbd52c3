/** The measured data of `gap claims`, as claims read them. */
import type { ArmId } from '../arms';
import type { EvaluatedSet } from '../evaluate';
import type { Stage } from '../operators';
import type { EvaluatedId } from '../plan';
import type { TrainMetrics } from '../types';
import type { DataQuality, StyleFigures } from './measure';
import type { GapName, PolicyName, Rates } from './settings';

/** log π_0 of one problem's two responses. */
export interface ProblemLogProbs {
  problem: string;
  stage: Stage;
  expert: { sum: number; perToken: number };
  kept: { sum: number; perToken: number };
}

export interface Measured {
  problems: ProblemLogProbs[];
  /** Under π_0 and under each arm's last policy. */
  ess: Partial<Record<EvaluatedId, DataQuality>>;
  /** Relative variance of per-example gradients under the true weights, at step 0. */
  gradients: { expert: number; rewritten: number };
  style: Partial<Record<EvaluatedId, StyleFigures>>;
  /** Mean −log p per token of the expert's responses to fixed validation problems. */
  nll: Partial<Record<EvaluatedId, number>>;
}

/** One setting at one seed. */
export interface SeedRun {
  seed: number;
  stages: Record<Stage, number>;
  learningRates: Partial<Record<ArmId, number>>;
  evaluated: Partial<Record<EvaluatedId, EvaluatedSet[]>>;
  metrics: Partial<Record<ArmId, TrainMetrics[]>>;
  measured: Measured | null;
}

export type Experiment = (policy: PolicyName, gap: GapName, rates: Rates) => readonly SeedRun[];

/** [set][problem] of a policy's accuracies, problems in the order of their ids. @throws RangeError where it was not evaluated. */
export function accuracies(run: SeedRun, id: EvaluatedId): number[][] {
  const sets = run.evaluated[id];
  if (!sets?.length) throw new RangeError(`Seed ${run.seed} has no evaluation of ${id}.`);
  return sets.map(({ perProblem }) => Object.keys(perProblem).sort().map((problem) => perProblem[problem]!)); // prettier-ignore
}

/** [seed][set][problem] of a signed combination of accuracies: Σ weight · accuracy. */
export function combined(
  runs: readonly SeedRun[],
  terms: readonly (readonly [weight: number, id: EvaluatedId, from?: readonly SeedRun[]])[],
): number[][][] {
  return runs.map((run, s) => {
    const parts = terms.map(([weight, id, from]) => ({ weight, values: accuracies((from ?? runs)[s] ?? run, id) }));
    return parts[0]!.values.map((set, k) =>
      set.map((_, i) => parts.reduce((total, { weight, values }) => total + weight * values[k]![i]!, 0)),
    );
  });
}
