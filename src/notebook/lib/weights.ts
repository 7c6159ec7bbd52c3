/**
 * Weight distributions as the page draws them: kind of weight, per token or per response, expert or rewritten data. method/diagnostics
 * computes the quantities.
 */
import { dataWeights, weightDiagnosticsInPieces, type RowWeights, type WeightDiagnostics } from '../../method/diagnostics/weights';
import type { WeightSummary } from '../../method/diagnostics/ess';
import { logHistogram } from '../../method/diagnostics/histogram';
import { whole, type Pieces } from '../../method/statistics';
import type { DecidedRow } from '../../method/types';
import type { BinSeries } from '../../charts/types';

export const WEIGHT_KINDS = [
  {
    id: 'paper-token',
    name: 'w = p, per token',
    note: 'the paper’s weight; its ESS is a concentration of gradient mass, not an importance-sampling ESS',
  },
  { id: 'paper-sequence', name: 'w = p, per response', note: 'the product of the paper’s weights' },
  { id: 'ratio-token', name: 'π₀/μ, per token', note: 'the true ratio, with the recorded or known μ' },
  { id: 'ratio-sequence', name: 'π₀/μ, per response', note: 'the product of the true ratios, without the acceptance constant' },
  {
    id: 'ratio-accepted',
    name: 'π₀/μ · c/K, per response',
    note: 'with the acceptance constant: a kept sample is a draw from μ given that it is correct, and its chance is estimated by c/K',
  },
] as const;
export type WeightKind = (typeof WEIGHT_KINDS)[number]['id'];
export type DataSide = 'expert' | 'rewritten';

export interface WeightView {
  rows: number;
  diagnostics: Record<DataSide, WeightDiagnostics>;
  bins: Record<WeightKind, BinSeries[]>;
}

const BINS = 36;
const LOOKS: Record<DataSide, Pick<BinSeries, 'name' | 'color' | 'kind'>> = {
  expert: { name: 'expert data D', color: 'var(--data-expert)', kind: 'bars' },
  rewritten: { name: 'rewritten data D′', color: 'var(--data-mix)', kind: 'outline' },
};

/** Natural logs of a kind of weight over all rows. Rows whose μ is unknown have none. */
export function logWeights(rows: readonly RowWeights[], kind: WeightKind): Float64Array {
  const values: number[] = [];
  for (const row of rows) {
    if (kind === 'paper-token') for (const w of row.paper) values.push(w);
    else if (kind === 'paper-sequence') values.push(row.paperSequence);
    else if (kind === 'ratio-token') for (const w of row.ratio ?? []) values.push(w);
    else if (row.ratioSequence !== null) values.push(row.ratioSequence + (kind === 'ratio-accepted' ? row.logAcceptance : 0));
  }
  return Float64Array.from(values);
}

/** Whole decades that hold the middle 90 % of all values and w = 1. Values beyond are counted at the left and right. */
export function decadeRange(series: readonly Float64Array[]): [number, number] {
  const finite = series.map((one) => one.filter(Number.isFinite));
  const all = new Float64Array(finite.reduce((length, one) => length + one.length, 0));
  finite.reduce((at, one) => (all.set(one, at), at + one.length), 0);
  all.sort();
  if (all.length === 0) return [-1, 1];
  const at = (q: number) => all[Math.min(all.length - 1, Math.floor(q * all.length))]! / Math.LN10;
  const low = Math.min(-1, Math.floor(at(0.05)));
  const high = Math.max(1, Math.ceil(at(0.95)));
  return [low, high];
}

/**
 * Works in pieces of a few milliseconds, so that it can run on the page's thread.
 * @param rows one row per settled problem; those without log-probs are left out.
 */
export function* weightViewInPieces(rows: readonly DecidedRow[]): Pieces<WeightView> {
  const sides: Record<DataSide, RowWeights[]> = dataWeights(rows);
  const bins = {} as Record<WeightKind, BinSeries[]>;
  for (const { id } of WEIGHT_KINDS) {
    yield;
    const values = { expert: logWeights(sides.expert, id), rewritten: logWeights(sides.rewritten, id) };
    yield;
    const [low, high] = decadeRange([values.expert, values.rewritten]);
    yield;
    // w = p never exceeds 1, so the axis ends there.
    const top = id.startsWith('paper') ? 0 : high;
    bins[id] = (['expert', 'rewritten'] as const).map((side) => {
      const histogram = logHistogram(values[side], low * Math.LN10, top * Math.LN10, BINS);
      return {
        id: side,
        ...LOOKS[side],
        underflow: histogram.underflow,
        overflow: histogram.overflow,
        bins: Array.from(histogram.counts, (count, i) => ({
          x0: histogram.edges[i]! / Math.LN10,
          x1: histogram.edges[i + 1]! / Math.LN10,
          count,
        })),
      };
    });
  }
  yield;
  const expert = yield* weightDiagnosticsInPieces(sides.expert);
  yield;
  const rewritten = yield* weightDiagnosticsInPieces(sides.rewritten);
  return { rows: rows.length, diagnostics: { expert, rewritten }, bins };
}

/** All at once. */
export function weightView(rows: readonly DecidedRow[]): WeightView {
  return whole(weightViewInPieces(rows));
}

/** The summary of a kind of weight. */
export function summaryOf(diagnostics: WeightDiagnostics, kind: WeightKind): WeightSummary {
  switch (kind) {
    case 'paper-token':
      return diagnostics.paper.token;
    case 'paper-sequence':
      return diagnostics.paper.sequence;
    case 'ratio-token':
      return diagnostics.ratio.token;
    case 'ratio-sequence':
      return diagnostics.ratio.sequence;
    case 'ratio-accepted':
      return diagnostics.ratio.sequenceWithAcceptance;
  }
}
