/** The record of a finished reproduction: the numbers of the paper's tables 1, 2 and 3 for this run. */
import { keptQuality, dataWeights, stageLogProbs, stageQuality, weightDiagnostics, type StageLogProbs } from './diagnostics';
import type { KeptQuality, StageQuality, WeightDiagnostics } from './diagnostics';
import type { ArmId } from './arms';
import type { EvaluatedId, RunPlan } from './plan';
import { bySamplingStage, byStage } from './operators';
import type { AccuracyResult, Candidate, EvaluationResult, RewrittenRow, SamplingStage, Stage, TrainMetrics } from './types';

export interface ArmResult {
  /** Accuracy per test set, and 'average' over the sets. */
  accuracy: Record<string, number>;
  ci95: Record<string, [number, number]>;
  /** Last optimizer step; absent for the base policy. */
  training?: Pick<TrainMetrics, 'steps' | 'loss' | 'nll' | 'entropy' | 'essRatio' | 'gradNorm'> & { learningRate: number };
}

export interface Results {
  plan: RunPlan;
  /** Table 1. */
  stages: Record<Stage, number>;
  /** Table 3, with per-token means and paired differences. */
  logProbs: Record<Stage, StageLogProbs>;
  quality: Record<SamplingStage, StageQuality> & { kept: Record<SamplingStage, KeptQuality> };
  /** Under π_0. */
  weights: { expert: WeightDiagnostics; rewritten: WeightDiagnostics };
  /** Table 2. */
  arms: Partial<Record<EvaluatedId, ArmResult>>;
}

/** Puts a finished run's numbers together. Pure: equal runs give equal results. */
export function summarise(
  plan: RunPlan,
  rows: readonly RewrittenRow[],
  candidates: readonly Candidate[],
  evaluations: Readonly<Partial<Record<EvaluatedId, EvaluationResult>>>,
  metrics: Readonly<Partial<Record<ArmId, readonly TrainMetrics[]>>>,
): Results {
  const count = (stage: Stage) => rows.filter((row) => row.stage === stage).length;
  const armResult = ([id, evaluation]: [string, EvaluationResult]): [string, ArmResult] => {
    const result = accuracies(evaluation);
    const last = metrics[id as ArmId]?.at(-1);
    if (!last) return [id, result];
    const { steps, loss, nll, entropy, essRatio, gradNorm } = last;
    const { learningRate } = plan.arms[id as ArmId]!;
    return [id, { ...result, training: { steps, loss, nll, entropy, essRatio, gradNorm, learningRate } }];
  };
  const { expert, rewritten } = dataWeights(rows);
  return {
    plan,
    stages: byStage(count),
    logProbs: stageLogProbs(rows, plan.rewrite.seed),
    quality: {
      ...bySamplingStage((stage) => stageQuality(candidates, stage)),
      kept: bySamplingStage((stage) => keptQuality(rows, stage)),
    },
    weights: { expert: weightDiagnostics(expert), rewritten: weightDiagnostics(rewritten) },
    arms: Object.fromEntries(Object.entries(evaluations).map(armResult)),
  };
}

function accuracies({ sets, average, averageCi95 }: EvaluationResult): Pick<ArmResult, 'accuracy' | 'ci95'> {
  const pick = <V>(of: (result: AccuracyResult) => V) => Object.fromEntries(Object.entries(sets).map(([id, result]) => [id, of(result)]));
  return {
    accuracy: { ...pick(({ accuracy }) => accuracy), average },
    ci95: { ...pick(({ ci95 }) => ci95), average: averageCi95 },
  };
}
