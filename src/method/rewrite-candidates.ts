/**
 * T over candidates made elsewhere, say by a large model on a cluster: graded here, then decided by the same rules and random numbers as
 * candidates sampled here. No policy is needed; what only it could tell (tokens, missing log-probs) stays unknown.
 */
import type { CandidateResponse, CandidateRow } from '../tasks/dataset/types';
import type { Grade } from '../tasks/graders';
import type { Problem } from '../tasks/types';
import { SAMPLING_STAGES } from './operators';
import { decidedFields, decideStage, expertDecision } from './operators/rows';
import type { DecidedRow, GradedCandidate } from './types';

export interface RewrittenProblem {
  problem: Problem;
  /** Self-aligned ones first, each stage in the order given. */
  candidates: GradedCandidate[];
  row: DecidedRow;
}

/** Grades the candidates of one problem and lets T decide. Deterministic in (row, seed). */
export function rewriteCandidates(row: CandidateRow & { id: string }, grade: Grade, seed: number): RewrittenProblem {
  const problem: Problem = { id: row.id, family: '', question: row.problem, gold: row.gold };
  const candidates = SAMPLING_STAGES.flatMap((stage) =>
    row.candidates.filter((one) => one.stage === stage).map((one, k) => graded(one, problem, k, grade)),
  );
  const decision =
    SAMPLING_STAGES.map((stage) => decideStage(candidates, stage, seed, row.id)).find((one) => one !== null) ??
    expertDecision(candidates.filter((one) => one.stage === candidates.at(-1)?.stage).length);

  const expert = { text: row.expert, policyLogProbs: float32(row.expertLogProbs), behaviorLogProbs: null };
  const kept = decision.kept && row.candidates.filter((one) => one.stage === decision.stage)[decision.kept.k]!;
  const decided: DecidedRow = {
    ...decidedFields(problem, row.expert, decision),
    policyLogProbs: kept ? float32(kept.logProbs) : expert.policyLogProbs,
    behaviorLogProbs: decision.kept?.behaviorLogProbs ?? null,
    expert,
  };
  return { problem, candidates, row: decided };
}

function graded(given: CandidateResponse, problem: Problem, k: number, grade: Grade): GradedCandidate {
  const verdict = grade(problem.gold, given.response);
  return {
    problemId: problem.id,
    stage: given.stage,
    k,
    text: given.response,
    policyLogProbs: float32(given.stage === 'guided' ? given.retellLogProbs : given.logProbs),
    ...(given.stage === 'guided' && given.logProbs && { plainLogProbs: Float32Array.from(given.logProbs) }),
    behaviorLogProbs: float32(given.samplingLogProbs),
    finish: given.finish ?? null,
    verdict,
    // A response that was cut is no response of π_0, whatever its text says.
    correct: verdict.correct && given.finish !== 'length',
  };
}

function float32(values: readonly number[] | undefined): Float32Array | null {
  return values ? Float32Array.from(values) : null;
}
