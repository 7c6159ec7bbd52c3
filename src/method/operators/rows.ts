/** From decisions to rows of a data set. */
import type { Problem } from '../../tasks/types';
import type { Candidate, DecidedRow, GradedCandidate, RewrittenRow, SamplingStage, Stage } from '../types';
import { keep } from './keep';
import { plainSequence, type PreparedProblem } from './prepare';
import type { OperatorRun } from './types';

/** What settles one problem, whoever sampled its candidates. */
export interface Decision<C extends GradedCandidate = GradedCandidate> {
  stage: Stage;
  /** Null where the expert's text stays. */
  kept: C | null;
  /** c and K of the stage that decided; for fallback K is that of the last stage. */
  correctCount: number;
  sampledCount: number;
}
export type KeptDecision<C extends GradedCandidate = Candidate> = Decision<C> & { kept: C };

/** Whether a stage settles a problem: the candidate it keeps, of how many; null leaves the problem to the next stage. */
export function decideStage<C extends GradedCandidate>(
  candidates: readonly C[],
  stage: SamplingStage,
  seed: number,
  problemId: string,
): KeptDecision<C> | null {
  const own = candidates.filter((candidate) => candidate.problemId === problemId && candidate.stage === stage);
  const kept = keep(own, seed, stage, problemId);
  return kept && { stage, kept, correctCount: own.filter((candidate) => candidate.correct).length, sampledCount: own.length };
}

/** The expert's text stays, after `sampledCount` samples of the last stage. */
export function expertDecision(sampledCount: number): Decision<never> {
  return { stage: 'fallback', kept: null, correctCount: 0, sampledCount };
}

/** The part of a row that follows from the decision alone. */
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

/**
 * Rows of kept candidates, trained and scored with the plain prompt, guided ones too. A self-aligned response is scored again although its
 * log-probs were recorded when it was sampled: they come from the sampler's graph, and Table 3 and the weights compare
 * with the expert's, which only the scoring graph can give. Both in one graph, a difference is no rounding.
 */
export async function keptRows(
  { policy, signal }: OperatorRun,
  decided: readonly (KeptDecision & { prepared: PreparedProblem })[],
): Promise<RewrittenRow[]> {
  const sequences = decided.flatMap(({ prepared, kept }) => [
    plainSequence(prepared, kept.tokens),
    plainSequence(prepared, prepared.expert.tokens),
  ]);
  const scores = sequences.length ? await policy.score(sequences, signal) : [];
  return decided.map(({ prepared, ...decision }, i) => ({
    ...decidedFields(prepared.problem, prepared.expert.text, decision),
    ...promptAndExpert(prepared, scores[2 * i + 1]!.logProbs),
    tokens: decision.kept.tokens,
    behaviorLogProbs: decision.kept.behaviorLogProbs,
    policyLogProbs: scores[2 * i]!.logProbs,
  }));
}

/** Rows that keep the expert's text. */
export async function expertRows(
  { policy, signal }: OperatorRun,
  problems: readonly PreparedProblem[],
  sampledCount: number,
): Promise<RewrittenRow[]> {
  const sequences = problems.map((prepared) => plainSequence(prepared, prepared.expert.tokens));
  const scores = sequences.length ? await policy.score(sequences, signal) : [];
  return problems.map((prepared, i) => ({
    ...decidedFields(prepared.problem, prepared.expert.text, expertDecision(sampledCount)),
    ...promptAndExpert(prepared, scores[i]!.logProbs),
    tokens: prepared.expert.tokens,
    behaviorLogProbs: prepared.expert.behaviorLogProbs ?? null,
    policyLogProbs: scores[i]!.logProbs,
  }));
}

/** The same problem with the expert's text instead of what was kept. */
export function withExpertText(row: RewrittenRow): RewrittenRow {
  const { text, ...expert } = row.expert;
  return { ...row, ...expert, stage: 'fallback', completion: text, kept: -1, correctCount: 0 };
}

function promptAndExpert({ prompt, promptTokens, expert }: PreparedProblem, policyLogProbs: Float32Array) {
  return { prompt, promptTokens, expert: { ...expert, behaviorLogProbs: expert.behaviorLogProbs ?? null, policyLogProbs } };
}
