/** Table 3 of the paper, with the length confounder taken out: log-probs of expert and rewritten responses under π_0, by stage. */
import { estimate, mean, sum, type Estimate } from '../statistics';
import { STAGES, type RewrittenRow, type Stage } from '../types';

export interface LogProbMeans {
  /** Σ_t log π_0 of a response, averaged over responses (the paper's figure). */
  sum: number;
  /** Mean over a response's tokens, averaged over responses. */
  perToken: number;
}

export interface StageLogProbs {
  problems: number;
  expert: LogProbMeans;
  /** Of the kept response; for fallback it is the expert's. */
  rewritten: LogProbMeans;
  /** rewritten − expert on the same problem. */
  difference: { sum: Estimate; perToken: Estimate };
}

/** Log-probs of one set of rows; means are NaN for an empty set. The interval's bootstrap is seeded. */
export function logProbsOf(rows: readonly RewrittenRow[], seed: number, purpose: string): StageLogProbs {
  const perResponse = rows.map((row) => ({ expert: summed(row.expert.logProbs), rewritten: summed(row.logProbs) }));
  const means = (who: 'expert' | 'rewritten'): LogProbMeans => ({
    sum: mean(perResponse.map((r) => r[who].sum)),
    perToken: mean(perResponse.map((r) => r[who].perToken)),
  });
  const difference = (what: keyof LogProbMeans) =>
    estimate(
      perResponse.map((r) => r.rewritten[what] - r.expert[what]),
      seed,
      `log-probs/${purpose}/${what}`,
    );
  return {
    problems: rows.length,
    expert: means('expert'),
    rewritten: means('rewritten'),
    difference: { sum: difference('sum'), perToken: difference('perToken') },
  };
}

/** By stage. */
export function stageLogProbs(rows: readonly RewrittenRow[], seed = 0): Record<Stage, StageLogProbs> {
  const of = (stage: Stage) =>
    logProbsOf(
      rows.filter((row) => row.stage === stage),
      seed,
      stage,
    );
  return Object.fromEntries(STAGES.map((stage) => [stage, of(stage)])) as Record<Stage, StageLogProbs>;
}

function summed(logProbs: Float32Array): LogProbMeans {
  const total = sum(logProbs);
  return { sum: total, perToken: total / logProbs.length };
}
