import type { Policy, Sequence } from '../../policy/types';
import type { Candidate, RewrittenRow } from '../types';
import { decidedFields, fallback, type Decision } from './decide';
import { join } from './prepare';
import type { PreparedProblem } from './types';

/** A problem that a stage decided, by a candidate that it keeps. */
export type KeptDecision = Decision<Candidate> & { prepared: PreparedProblem; kept: Candidate };

/** Rows of D_mix for kept candidates, trained and scored under π_0 with the plain prompt, guided ones too. */
export async function keptRows(policy: Policy, decisions: readonly KeptDecision[], signal?: AbortSignal): Promise<RewrittenRow[]> {
  const sequences = decisions.flatMap(({ prepared, kept }) => [sequence(prepared, kept.tokens), sequence(prepared, prepared.expertTokens)]);
  const scores = sequences.length ? await policy.score(sequences, signal) : [];
  return decisions.map(({ prepared, ...decision }, i) => ({
    ...decidedFields(prepared.problem, prepared.expertText, decision),
    ...promptAndExpert(prepared, scores[2 * i + 1]!.logProbs),
    tokens: decision.kept.tokens,
    behaviorLogProbs: Float64Array.from(decision.kept.samplingLogProbs),
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
      ...decidedFields(prepared.problem, prepared.expertText, fallback(sampledCount)),
      ...promptAndExpert(prepared, logProbs),
      tokens: prepared.expertTokens,
      logProbs,
    };
    if (prepared.expertLogProbs) row.behaviorLogProbs = prepared.expertLogProbs;
    return row;
  });
}

function sequence({ promptTokens }: PreparedProblem, response: Int32Array): Sequence {
  return { ids: join(promptTokens, response), from: promptTokens.length };
}

function promptAndExpert({ prompt, promptTokens, expertText, expertTokens, expertLogProbs }: PreparedProblem, logProbs: Float32Array) {
  const expert: RewrittenRow['expert'] = { text: expertText, tokens: expertTokens, logProbs };
  if (expertLogProbs) expert.behaviorLogProbs = expertLogProbs;
  return { prompt, promptTokens, expert };
}
