/** How much a rewriting takes over from the reference, and whether it gives the reference away. */
import { mean, estimate, type Estimate } from '../statistics';

/** Words, numbers and single signs, lower case. */
export function words(text: string): string[] {
  return text.toLowerCase().match(/\p{L}+|\p{N}+|[^\s\p{L}\p{N}]/gu) ?? [];
}

export interface CopyOverlap {
  /** Longest run of consecutive words that both texts contain. */
  longestRun: number;
  /** That run's share of the text's words, 0 … 1. */
  longestRunShare: number;
  /** Share of the text's n-grams that occur in the reference, 0 … 1; 0 when the text has fewer than n words. */
  ngramShare: number;
  n: number;
}

/** Overlap of a text with its reference, on words. */
export function copyOverlap(text: string, reference: string, n = 4): CopyOverlap {
  const own = words(text);
  const theirs = words(reference);
  const longestRun = longestCommonRun(own, theirs);
  return { longestRun, longestRunShare: own.length ? longestRun / own.length : 0, ngramShare: ngramShare(own, theirs, n), n };
}

/** Length of the longest contiguous sequence that occurs in both; O(|a|·|b|) time, O(|b|) memory. */
export function longestCommonRun(a: readonly string[], b: readonly string[]): number {
  let previous = new Uint32Array(b.length + 1);
  let current = new Uint32Array(b.length + 1);
  let longest = 0;
  for (const word of a) {
    for (let j = 0; j < b.length; j++) {
      const run = word === b[j] ? previous[j]! + 1 : 0;
      current[j + 1] = run;
      if (run > longest) longest = run;
    }
    [previous, current] = [current, previous];
  }
  return longest;
}

function ngramShare(own: readonly string[], theirs: readonly string[], n: number): number {
  const known = new Set(ngrams(theirs, n));
  const grams = ngrams(own, n);
  return grams.length ? grams.filter((gram) => known.has(gram)).length / grams.length : 0;
}

function ngrams(list: readonly string[], n: number): string[] {
  return Array.from({ length: Math.max(0, list.length - n + 1) }, (_, i) => list.slice(i, i + n).join('\u0000'));
}

/** Phrases that show a response to have been written with a reference in view. */
export const LEAK_PHRASES: readonly string[] = [
  'the reference',
  'reference solution',
  'reference answer',
  "the teacher's",
  "teacher's solution",
  'the expert solution',
  'the given solution',
  'the provided solution',
  'solution above',
  'as shown in the solution',
];

/** The leak phrases that a text contains, typographic apostrophes and case ignored. */
export function leakPhrases(text: string, phrases: readonly string[] = LEAK_PHRASES): string[] {
  const plain = text.toLowerCase().replaceAll('’', "'").replace(/\s+/g, ' ');
  return phrases.filter((phrase) => plain.includes(phrase));
}

export interface LengthShift {
  /** Mean response lengths in tokens, EOS included. */
  expert: number;
  rewritten: number;
  /** Paired difference rewritten − expert. */
  difference: Estimate;
}

/** How the length of responses changes from the expert's to the kept ones, paired by problem. */
export function lengthShift(rows: readonly { tokens: ArrayLike<number>; expert: { tokens: ArrayLike<number> } }[], seed = 0): LengthShift {
  return {
    expert: mean(rows.map((row) => row.expert.tokens.length)),
    rewritten: mean(rows.map((row) => row.tokens.length)),
    difference: estimate(
      rows.map((row) => row.tokens.length - row.expert.tokens.length),
      seed,
      'length-shift',
    ),
  };
}
