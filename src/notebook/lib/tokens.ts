/** Tokens with log-probs as the page colours them. */

export interface TokenPiece {
  text: string;
  logProb: number;
}

/** A token below this log-prob is also underlined, so that colour is not the only sign. e⁻³ ≈ 5 %. */
export const SURPRISING = -3;
/** The tint is strongest from here on. e⁻⁶ ≈ 0.25 %. */
const STRONGEST = -6;

/**
 * Strength of the tint in per cent of the surprise colour: 0 for p = 1, 100 from e⁻⁶ on. It moves in steps of 5, which keeps the style
 * strings few.
 */
export function tint(logProb: number): number {
  if (!Number.isFinite(logProb)) return 100;
  const share = Math.min(1, Math.max(0, logProb / STRONGEST));
  return Math.round(Math.sqrt(share) * 20) * 5;
}

/** Σ log p, and the mean per token; NaN for none. */
export function totals(logProbs: ArrayLike<number>): { sum: number; perToken: number } {
  let sum = 0;
  for (let i = 0; i < logProbs.length; i++) sum += logProbs[i]!;
  return { sum, perToken: sum / logProbs.length };
}

/** Pieces with their log-probs. Without pieces, the whole text is one piece without a colour. */
export function tokenPieces(pieces: readonly string[] | null, logProbs: ArrayLike<number>, text: string): TokenPiece[] {
  if (!pieces || pieces.length !== logProbs.length) return [{ text, logProb: 0 }];
  return pieces.map((piece, i) => ({ text: piece, logProb: logProbs[i]! }));
}
