import type { Policy, Sequence } from '../../policy/types';
import type { Candidate, RewrittenRow } from '../types';
import { join } from './prepare';
import type { PreparedProblem } from './types';

/** A problem that a stage decided: the candidate kept, of how many correct and sampled. */
export interface Decision {
  prepared: PreparedProblem;
  kept: Candidate;
  correctCount: number;
  sampledCount: number;
}

/** Rows of D_mix for kept candidates, trained and scored under π_0 with the plain prompt, guided ones too. */
export async function keptRows(policy: Policy, decisions: readonly Decision[], signal?: AbortSignal): Promise<RewrittenRow[]> {
  const sequences = decisions.flatMap(({ prepared, kept }) => [sequence(prepared, kept.tokens), sequence(prepared, prepared.expertTokens)]);
  const scores = sequences.length ? await policy.score(sequences, signal) : [];
  return decisions.map(({ prepared, kept, correctCount, sampledCount }, i) => ({
    ...common(prepared, scores[2 * i + 1]!.logProbs),
    stage: kept.stage,
    completion: kept.text,
    tokens: kept.tokens,
    kept: kept.k,
    correctCount,
    sampledCount,
    behaviorLogProbs: Float64Array.from(kept.samplingLogProbs),
    logProbs: scores[2 * i]!.logProbs,
  }));
}

/** Fallback: y_expert stays, for problems that neither stage solved. `sampledCount` is that of the last stage. */
export async function fallbackRows(
  policy: Policy,
  problems: readonly PreparedProblem[],
  sampledCount: number,
  signal?: AbortSignal,
): Promise<RewrittenRow[]> {
  const sequences = problems.map((prepared) => sequence(prepared, prepared.expertTokens));
  const scores = sequences.length ? await policy.score(sequences, signal) : [];
  return problems.map((prepared, i) => {
    const { logProbs } = scores[i]!;
    const row: RewrittenRow = {
      ...common(prepared, logProbs),
      stage: 'fallback',
      completion: prepared.expertText,
      tokens: prepared.expertTokens,
      kept: -1,
      correctCount: 0,
      sampledCount,
      logProbs,
    };
    if (prepared.expertLogProbs) row.behaviorLogProbs = prepared.expertLogProbs;
    return row;
  });
}

function sequence({ promptTokens }: PreparedProblem, response: Int32Array): Sequence {
  return { ids: join(promptTokens, response), from: promptTokens.length };
}

function common({ problem, prompt, promptTokens, expertText, expertTokens, expertLogProbs }: PreparedProblem, logProbs: Float32Array) {
  const expert: RewrittenRow['expert'] = { text: expertText, tokens: expertTokens, logProbs };
  if (expertLogProbs) expert.behaviorLogProbs = expertLogProbs;
  return { problemId: problem.id, family: problem.family, question: problem.question, gold: problem.gold, prompt, promptTokens, expert };
}
