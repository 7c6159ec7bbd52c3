/** Table 3 of the paper, by sum as published and by token, which takes length out: log-probs of expert and rewritten responses under π_0, by stage. */
import { estimateInPieces, mean, sum, whole, type Estimate, type Pieces } from '../statistics';
import { byStage } from '../operators';
import type { DecidedRow, Stage } from '../types';

export interface LogProbMeans {
  /** Σ_t log π_0 of a response, averaged over responses (the paper's figure). */
  sum: number;
  /** Mean over a response's tokens, averaged over responses. */
  perToken: number;
  /** Responses that the means are over: those whose log-probs are known. */
  responses: number;
}

export interface StageLogProbs {
  problems: number;
  expert: LogProbMeans;
  /** Of the kept response; for fallback it is the expert's. */
  rewritten: LogProbMeans;
  /** rewritten − expert on the same problem. */
  difference: { sum: Estimate; perToken: Estimate };
}

/** `logProbsOf` in pieces. */
export function* logProbsInPieces(rows: readonly DecidedRow[], seed: number, purpose: string): Pieces<StageLogProbs> {
  // The bootstrap draws by position: in problem order its interval is a function of the data, whatever order rows were stored or came in.
  const ordered = [...rows].sort((a, b) => (a.problemId < b.problemId ? -1 : 1));
  const perResponse = ordered.map((row) => ({ expert: summed(row.expert.policyLogProbs), rewritten: summed(row.policyLogProbs) }));
  const means = (who: 'expert' | 'rewritten'): LogProbMeans => {
    const known = perResponse.flatMap((r) => r[who] ?? []);
    return { sum: mean(known.map((one) => one.sum)), perToken: mean(known.map((one) => one.perToken)), responses: known.length };
  };
  const difference = (what: 'sum' | 'perToken') =>
    estimateInPieces(
      perResponse.flatMap(({ expert, rewritten }) => (expert && rewritten ? [rewritten[what] - expert[what]] : [])),
      seed,
      `log-probs/${purpose}/${what}`,
    );
  return {
    problems: rows.length,
    expert: means('expert'),
    rewritten: means('rewritten'),
    difference: { sum: yield* difference('sum'), perToken: yield* difference('perToken') },
  };
}

/** Log-probs of one set of rows, of which some may be unknown; means are NaN for an empty set. The interval's bootstrap is seeded. */
export function logProbsOf(rows: readonly DecidedRow[], seed: number, purpose: string): StageLogProbs {
  return whole(logProbsInPieces(rows, seed, purpose));
}

/** By stage. */
export function stageLogProbs(rows: readonly DecidedRow[], seed = 0): Record<Stage, StageLogProbs> {
  const of = (stage: Stage) =>
    logProbsOf(
      rows.filter((row) => row.stage === stage),
      seed,
      stage,
    );
  return byStage(of);
}

function summed(logProbs: Float32Array | null): { sum: number; perToken: number } | null {
  if (!logProbs) return null;
  const total = sum(logProbs);
  return { sum: total, perToken: total / logProbs.length };
}
