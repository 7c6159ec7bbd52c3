/**
 * The decision of T for one problem, apart from where its candidates come from: sampled here, stage after stage, or made elsewhere and
 * all there at once.
 */
import type { Problem } from '../../tasks/types';
import type { DecidedRow, GradedCandidate, SamplingStage, Stage } from '../types';
import { keep } from './keep';

export interface Decision<C extends GradedCandidate = GradedCandidate> {
  stage: Stage;
  /** Null for fallback. */
  kept: C | null;
  /** c and K of the stage that decided; for fallback K is that of the last stage. */
  correctCount: number;
  sampledCount: number;
}

/** Whether a stage solves a problem: the candidate it keeps, of how many; null leaves the problem to the next stage. */
export function decideStage<C extends GradedCandidate>(
  candidates: readonly C[],
  stage: SamplingStage,
  seed: number,
  problemId: string,
): (Decision<C> & { kept: C }) | null {
  const own = candidates.filter((candidate) => candidate.problemId === problemId && candidate.stage === stage);
  const kept = keep(own, seed, stage, problemId);
  return kept && { stage, kept, correctCount: own.filter((candidate) => candidate.correct).length, sampledCount: own.length };
}

/** Neither stage solved it: the expert's text stays. */
export function fallback(sampledCount: number): Decision<never> {
  return { stage: 'fallback', kept: null, correctCount: 0, sampledCount };
}

/** The part of a row of D_mix that follows from the decision alone. */
export function decidedFields({ id, family, question, gold }: Problem, expertText: string, { stage, kept, ...counts }: Decision) {
  return {
    problemId: id,
    family,
    question,
    gold,
    stage,
    completion: kept ? kept.text : expertText,
    kept: kept ? kept.k : -1,
    ...counts,
  } satisfies Partial<DecidedRow>;
}
