/**
 * The weights of eq. (5): the paper's, which sets π_mix ≈ 1 and so w_t = p_t, and the true importance ratio of eq. (2), π_θ/μ, with the
 * μ that was recorded when a response was sampled or is known from the expert's grammar.
 *
 * A kept candidate is not a draw from μ: it is a draw from μ(y | x)·1[y correct] / Z, where Z is the chance that one sample is
 * correct, estimated by c/K. The ratio to that distribution is ρ·Z. Z belongs to a whole response, so it enters at sequence level only;
 * it differs from problem to problem and so does not cancel in an ESS. c/K is taken where c ≥ 1, which biases it upwards for hard problems.
 */
import { sum, whole, type Pieces } from '../statistics';
import type { DecidedRow, RewrittenRow } from '../types';
import { clipFraction, klEstimates, type KlEstimates } from './divergence';
import { weightSummary, type WeightSummary } from './ess';

/** log ρ_t = log π_θ − log μ, per token. @throws RangeError when the lengths differ. */
export function logRatios(policy: ArrayLike<number>, behavior: ArrayLike<number>): Float64Array {
  if (policy.length !== behavior.length)
    throw new RangeError(`${policy.length} policy log-probs for ${behavior.length} behaviour log-probs.`);
  return Float64Array.from(policy, (logProb, t) => logProb - behavior[t]!);
}

export interface RowWeights {
  /** log w_t = log p_t: the paper's weight, π_mix ≈ 1. */
  paper: Float64Array;
  /** Σ_t log p_t. */
  paperSequence: number;
  /** log ρ_t, or null where μ is not known. */
  ratio: Float64Array | null;
  /** log ∏ρ_t, or null. */
  ratioSequence: number | null;
  /** log Z ≈ log(c/K) of a kept candidate; 0 for an expert response, which is drawn from μ itself. */
  logAcceptance: number;
}

type RewrittenKnown = Pick<RewrittenRow, 'kept' | 'correctCount' | 'sampledCount' | 'behaviorLogProbs' | 'policyLogProbs'>;
type ExpertKnown = { expert: Pick<RewrittenRow['expert'], 'policyLogProbs' | 'behaviorLogProbs'> };

/** Weights of the kept response under the policy whose log-probs are given (default: π_0's, stored in the row). */
export function rewrittenWeights(row: RewrittenKnown, logProbs: ArrayLike<number> = row.policyLogProbs): RowWeights {
  const logAcceptance = row.kept < 0 ? 0 : Math.log(row.correctCount / row.sampledCount);
  return weights(logProbs, row.behaviorLogProbs, logAcceptance);
}

/** Weights of the expert's response, as plain SFT trains it. */
export function expertWeights(row: ExpertKnown, logProbs: ArrayLike<number> = row.expert.policyLogProbs): RowWeights {
  return weights(logProbs, row.expert.behaviorLogProbs, 0);
}

/** Weights under π_0 of D (the expert's responses) and of D_mix (the kept ones), over the rows whose log-probs are known. */
export function dataWeights(rows: readonly DecidedRow[]): { expert: RowWeights[]; rewritten: RowWeights[] } {
  const expert = rows.flatMap(({ expert: { policyLogProbs, ...rest } }) =>
    policyLogProbs ? [expertWeights({ expert: { ...rest, policyLogProbs } })] : [],
  );
  const rewritten = rows.flatMap(({ policyLogProbs, ...rest }) => (policyLogProbs ? [rewrittenWeights({ ...rest, policyLogProbs })] : []));
  return { expert, rewritten };
}

function weights(logProbs: ArrayLike<number>, behavior: ArrayLike<number> | null, logAcceptance: number): RowWeights {
  const ratio = behavior ? logRatios(logProbs, behavior) : null;
  return {
    paper: Float64Array.from(logProbs),
    paperSequence: sum(logProbs),
    ratio,
    ratioSequence: ratio ? sum(ratio) : null,
    logAcceptance,
  };
}

export interface WeightDiagnostics {
  responses: number;
  /** Responses whose μ is known; the ratios are over these. */
  known: number;
  /** w = p is no importance weight: its ESS is the concentration of gradient mass. */
  paper: { token: WeightSummary; sequence: WeightSummary };
  ratio: { token: WeightSummary; sequence: WeightSummary; sequenceWithAcceptance: WeightSummary };
  /** Of the token ratios; estimates of KL(μ‖π_θ) only where tokens were drawn from μ without selection. */
  kl: KlEstimates;
  clipFraction: number;
}

/** `weightDiagnostics` in pieces. */
export function* weightDiagnosticsInPieces(rows: readonly RowWeights[]): Pieces<WeightDiagnostics> {
  const known = rows.filter((row): row is RowWeights & { ratio: Float64Array; ratioSequence: number } => row.ratio !== null);
  const tokenRatios = concatenate(known.map((row) => row.ratio));
  const paper = {
    token: weightSummary(concatenate(rows.map((row) => row.paper))),
    sequence: weightSummary(rows.map((row) => row.paperSequence)),
  };
  yield;
  const ratio = {
    token: weightSummary(tokenRatios),
    sequence: weightSummary(known.map((row) => row.ratioSequence)),
    sequenceWithAcceptance: weightSummary(known.map((row) => row.ratioSequence + row.logAcceptance)),
  };
  yield;
  const kl = klEstimates(tokenRatios);
  return { responses: rows.length, known: known.length, paper, ratio, kl, clipFraction: clipFraction(tokenRatios) };
}

/** All summaries over a set of responses, one response per problem. */
export function weightDiagnostics(rows: readonly RowWeights[]): WeightDiagnostics {
  return whole(weightDiagnosticsInPieces(rows));
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
