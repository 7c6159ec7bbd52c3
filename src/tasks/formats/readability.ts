/**
 * Which problems are beyond what the built-in policy can read. Its tokenizer takes any text, byte by byte if need be; but words that it was
 * never trained on are noise to it. A rule of thumb: a problem is within reach if at most one in ten of its words, signs and numbers is missing
 * from the texts that the policy was trained on.
 */
import type { TaskRow } from '../dataset/types';
import { pretrainingTexts } from '../tinymath/pretraining';
import { excerpt } from './errors';
import type { ReadabilityReport } from './report';

export const UNKNOWN_SHARE = 0.1;
/** Texts of the built-in world that are looked at; all 111 units have come up after 150 of them. */
const TEXTS = 600;
/** Problems looked at. */
const LOOKED = 2000;

/** Words with their case, runs of digits as their number of digits, signs one by one. */
export function* readingUnits(text: string): Generator<string, void, void> {
  for (const [unit] of text.matchAll(/\p{L}+|\p{N}+|[^\p{L}\p{N}\s]/gu)) yield /^\p{N}/u.test(unit) ? `${unit.length} digits` : unit;
}

let world: ReadonlySet<string> | null = null;

/** Every word, sign and length of number in the built-in world's own texts. Some hundred milliseconds, once. */
export function worldVocabulary(): ReadonlySet<string> {
  if (world) return world;
  const units = new Set<string>();
  let n = 0;
  for (const { prompt, response } of pretrainingTexts(0)) {
    for (const unit of readingUnits(`${prompt} ${response}`)) units.add(unit);
    if (++n === TEXTS) break;
  }
  return (world = units);
}

/** Share of a text's units that are not in the vocabulary; 1 for a text without any. */
export function unknownShare(text: string, vocabulary: ReadonlySet<string>): number {
  let [unknown, all] = [0, 0];
  for (const unit of readingUnits(text)) {
    all++;
    if (!vocabulary.has(unit)) unknown++;
  }
  return all === 0 ? 1 : unknown / all;
}

export function readabilityOf(rows: readonly TaskRow[], vocabulary: ReadonlySet<string>): ReadabilityReport {
  const missing = new Map<string, number>();
  const looked = rows.slice(0, LOOKED);
  let within = 0;
  for (const { question } of looked) {
    if (unknownShare(question, vocabulary) <= UNKNOWN_SHARE) within++;
    for (const unit of new Set(readingUnits(question))) if (!vocabulary.has(unit)) missing.set(unit, (missing.get(unit) ?? 0) + 1);
  }
  return {
    within,
    looked: looked.length,
    rule: 'A rule of thumb: within reach if at most one in ten of a problem’s words, signs and lengths of numbers is missing from the texts that the policy was trained on.',
    missing: [...missing]
      .sort((a, b) => b[1] - a[1])
      .slice(0, 12)
      .map(([unit]) => excerpt(unit, 24)),
  };
}
