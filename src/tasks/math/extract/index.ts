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
 * sentence ends with; and the last number, if asked for. Nothing inside a thinking block counts, nor
 * GSM8K's calculator notes (<<3*4=12>>).
 */
export function extractAnswer(response: string, unboxed: GradeOptions['unboxed']): Extraction {
  const visible = firstTurn(withoutThinking(response))
    .replace(/<<[^<>\n]*>>/g, '')
    .trim();
  if (!visible) return { answer: null, source: 'the response is empty' };
  const boxed = lastBoxes(visible);
  if (boxed !== null) return { answer: boxed.trim() || null, source: boxed.trim() ? 'the last box' : 'the last box is empty' };
  if (unboxed === 'box-only') return { answer: null, source: 'there is no box' };
  const tail = visible.slice(-TAIL);
  const tagged = /.*<answer>(.*?)(?:<\/answer>|$)/is.exec(tail)?.[1];
  if (tagged !== undefined && !/<answer>/i.test(tagged)) {
    const inner = tagged.trim();
    return { answer: inner === '' || isBareAnswer(inner) ? inner || null : (announced(inner) ?? inner), source: 'the answer tag' };
  }
  const marked = /.*####[ \t]*([^\n]*)/s.exec(tail)?.[1];
  if (marked !== undefined) return { answer: marked.trim() || null, source: 'after ####' };
  if (isBareAnswer(visible)) return { answer: visible, source: 'the whole text' };
  const stated = announced(tail);
  if (stated) return { answer: stated, source: 'the stated answer' };
  const closing = closingValue(lastSentence(tail));
  if (closing) return { answer: closing, source: 'the end of the last sentence' };
  const number = unboxed === 'last-number' ? lastNumber(tail) : null;
  if (number) return { answer: number, source: 'the last number' };
  return { answer: null, source: 'no answer is stated' };
}

/**
 * The answer in a gold text: its last box, what follows "####", what a prose solution calls its final answer, or all of it; never a number
 * that merely occurs in it.
 */
export function extractGold(gold: string): string {
  const boxed = lastBoxes(gold);
  if (boxed !== null) return boxed.trim();
  const marked = gold.lastIndexOf('####');
  if (marked >= 0) return gold.slice(marked + 4).trim();
  if (!/final answer/i.test(gold)) return gold.trim();
  return (announced(gold.slice(-TAIL)) ?? gold).trim();
}

function announced(text: string): string | null {
  const rest = afterAnnouncement(text);
  return rest === null ? null : announcedAnswer(rest);
}
