import type { GradeOptions } from '../options';
import { canonicalWords } from '../parse/vocabulary';
import { findBoxes, lastBoxes } from './boxes';
import {
  afterAnnouncement,
  announcedAnswer,
  answerBefore,
  closingValue,
  onlyNumber,
  isBareAnswer,
  lastNumber,
  lastSentence,
} from './stated';
import { firstTurn, withoutThinking } from './thinking';

export interface Extraction {
  /** The answer as written, or null. */
  answer: string | null;
  /** The rule that found it, in words. */
  source: string;
}

/** How much of the end of a response is searched for a stated answer. Boxes are searched for in all of it. */
const TAIL = 4000;
/** Of a longer text only so much of the end is read. */
const MAX_RESPONSE = 200_000;

/**
 * The final answer of a response, by the first of these rules that applies: the last \boxed{} (an empty one is no answer), what follows the
 * last "####", the whole text if it is nothing but an answer, what follows the last "the answer is" or "Answer:", the value that the last
 * sentence ends with; and the last number, if asked for. Nothing inside a thinking block counts, nor
 * GSM8K's calculator notes (<<3*4=12>>).
 */
export function extractAnswer(response: string, unboxed: GradeOptions['unboxed']): Extraction {
  const visible = firstTurn(withoutThinking(response))
    .slice(-MAX_RESPONSE)
    .replace(/<<[^<>\n]*>>/g, '')
    .trim();
  if (!visible) return { answer: null, source: 'the response is empty' };
  const boxed = lastBoxes(visible);
  if (boxed !== null) {
    const corrected = unboxed === 'box-only' ? null : finalAfterBox(visible);
    if (corrected) return { answer: corrected, source: 'the final answer stated after the last box' };
    return { answer: withoutProse(boxed) || null, source: boxed.trim() ? 'the last box' : 'the last box is empty' };
  }
  if (unboxed === 'box-only') return { answer: null, source: 'there is no box' };
  const tail = visible.slice(-TAIL);
  const tagged = /^.*<answer>(.*?)(?:<\/answer>|$)/is.exec(tail)?.[1];
  if (tagged !== undefined && !/<answer>/i.test(tagged)) {
    const inner = tagged.trim();
    return { answer: inner === '' || isBareAnswer(inner) ? inner || null : (announced(inner) ?? inner), source: 'the answer tag' };
  }
  const marked = /^.*####[ \t]*([^\n]*)/s.exec(tail)?.[1];
  if (marked !== undefined) return { answer: marked.trim() || null, source: 'after ####' };
  const field = jsonAnswer(visible);
  if (field !== null) return { answer: field || null, source: 'the field "answer"' };
  if (isBareAnswer(visible) && afterAnnouncement(visible) === null) return { answer: visible, source: 'the whole text' };
  // \text{Answer: } 7
  const stated = announced(tail.replace(/\\text\s*\{([^{}]{0,80}\banswer[^{}]{0,80})\}/gi, '$1'));
  if (stated) return { answer: stated, source: 'the stated answer' };
  const sentence = lastSentence(tail);
  if (/^[^.!?]{1,60}[.!]?$/.test(sentence) && canonicalWords(sentence.replace(/^(?:so|thus|therefore|hence),? /i, '')) === 'no solution')
    return { answer: 'no solution', source: 'the last sentence' };
  const before = answerBefore(sentence);
  if (before) return { answer: before, source: 'the stated answer' };
  const closing = closingValue(sentence);
  if (closing) return { answer: closing, source: 'the end of the last sentence' };
  const only = onlyNumber(sentence);
  if (only) return { answer: only, source: 'the only number of the concluding sentence' };
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

/** "…\\boxed{200}… The final answer is $255$.": a final answer that is announced as such after the last box replaces it. */
function finalAfterBox(text: string): string | null {
  const end = findBoxes(text).at(-1)!.end;
  const phrase = /\bfinal answer is:?\s*(\$[^$\n]+\$|\\\(.+?\\\)|-?\d[\d,.]*)(?=[\s.]|$)/i.exec(text.slice(end, end + TAIL));
  return phrase ? phrase[1]!.replace(/[.,]$/, '') : null;
}

/** A box that holds a whole sentence: what the sentence announces. */
function withoutProse(boxed: string): string {
  const text = boxed.trim();
  if (!/\b(?:answer|solution|result)s?\b/i.test(text)) return text;
  const plain = text.replace(/\\text\s*\{([^{}]*)\}/g, '$1');
  return announced(plain) ?? answerBefore(plain) ?? text;
}

/** The answer of a response that is a JSON object, or null. */
function jsonAnswer(text: string): string | null {
  if (!/^\{[^]*\}$/.test(text) || text.length > TAIL) return null;
  try {
    const value = JSON.parse(text) as Record<string, unknown>;
    const answer = value['final_answer'] ?? value['answer'];
    return typeof answer === 'string' || typeof answer === 'number' ? String(answer).trim() : null;
  } catch {
    return null;
  }
}

function announced(text: string): string | null {
  const rest = afterAnnouncement(text);
  return rest === null ? null : announcedAnswer(rest);
}
