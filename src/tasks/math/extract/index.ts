import type { GradeOptions } from '../options';
import { lastBoxes } from './boxes';
import { afterAnnouncement, announcedAnswer, closingValue, isBareAnswer, lastNumber, lastSentence } from './stated';
import { firstTurn, withoutThinking } from './thinking';

export interface Extraction {
  /** The answer as written, or null. */
  answer: string | null;
  /** The rule that found it, in words. */
  source: string;
}

/** How much of the end of a response is searched for a stated answer. Boxes are searched for everywhere. */
const TAIL = 4000;

/**
 * The final answer of a response, by the first of these rules that applies: the last \boxed{} (an empty one is no answer), what follows the
 * last "####", the whole text if it is nothing but an answer, what follows the last "the answer is" or "Answer:", the value that the last
 * sentence ends with; and the last number, if asked for. Nothing inside a thinking block counts.
 */
export function extractAnswer(response: string, unboxed: GradeOptions['unboxed']): Extraction {
  const visible = firstTurn(withoutThinking(response)).trim();
  if (!visible) return { answer: null, source: 'the response is empty' };
  const boxed = lastBoxes(visible);
  if (boxed !== null) return { answer: boxed.trim() || null, source: boxed.trim() ? 'the last box' : 'the last box is empty' };
  if (unboxed === 'box-only') return { answer: null, source: 'there is no box' };
  const tail = visible.slice(-TAIL);
  const marked = /.*####[ \t]*([^\n]*)/s.exec(tail)?.[1];
  if (marked !== undefined) return { answer: marked.trim() || null, source: 'after ####' };
  if (isBareAnswer(visible)) return { answer: visible, source: 'the whole text' };
  const rest = afterAnnouncement(tail);
  if (rest !== null) {
    const answer = announcedAnswer(rest);
    if (answer) return { answer, source: 'the stated answer' };
  }
  const closing = closingValue(lastSentence(tail));
  if (closing) return { answer: closing, source: 'the end of the last sentence' };
  const number = unboxed === 'last-number' ? lastNumber(tail) : null;
  if (number) return { answer: number, source: 'the last number' };
  return { answer: null, source: 'no answer is stated' };
}

/** The answer in a gold text: its last box, or what follows "####", or all of it; never a number out of its prose. */
export function extractGold(gold: string): string {
  const boxed = lastBoxes(gold);
  if (boxed !== null) return boxed.trim();
  const marked = gold.lastIndexOf('####');
  return (marked < 0 ? gold : gold.slice(marked + 4)).trim();
}
