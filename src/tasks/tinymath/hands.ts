/**
 * The own voice is written by several hands, as the text of a web corpus is by many authors, some of them careless. A policy that has read
 * them all holds the careful hand's skill, but at temperature 1 it writes like all of them: there is latent skill to bring out.
 *
 * Openings and endings overlap, so that a hand is partly visible in the text and partly latent. The tables hold every number of this.
 */
import type { Random } from '../../policy/random';
import { pickWords as pick, type Words, type Writer } from '../hands';
import { apply, steps, type Expression } from './arithmetic';

export interface Hand extends Writer {
  id: string;
  description: string;
  /** Chance that a step's result is written wrong; for a hand that writes no steps, that of the only result, and more for each further step. */
  slip: number;
  slipPerStep?: number;
  /** Words with their weights; a hand without `next` writes no steps. */
  opening: Words;
  next: Words;
  ending: Words;
}

/** Never slips: what pre-training begins with. */
const CLEAN: Hand = {
  id: 'clean',
  description: 'writes every step and never slips',
  share: 1,
  retellShare: 1,
  slip: 0,
  opening: { 'First ': 3, 'Start with ': 2, '': 1 },
  next: { ' Then ': 3, ' Next ': 2, ' ': 1 },
  ending: { ' The answer is ': 3, ' So the answer is ': 2, ' Answer: ': 1 },
};

const CAREFUL: Hand = {
  id: 'careful',
  description: 'writes every step and seldom slips',
  share: 0.4,
  retellShare: 0.75,
  slip: 0.03,
  opening: { 'First ': 4, 'Start with ': 1, '': 1 },
  next: { ' Then ': 4, ' Next ': 1, ' ': 1 },
  ending: { ' The answer is ': 4, ' So the answer is ': 1, ' Answer: ': 1 },
};

const HASTY: Hand = {
  id: 'hasty',
  description: 'writes every step, slips at many, and goes on with the wrong value',
  share: 0.45,
  retellShare: 0.25,
  slip: 0.3,
  opening: { 'First ': 1, 'Start with ': 4, '': 1 },
  next: { ' Then ': 1, ' Next ': 4, ' ': 1 },
  ending: { ' The answer is ': 1, ' So the answer is ': 4, ' Answer: ': 1 },
};

const GUESSER: Hand = {
  id: 'guesser',
  description: 'states a result without any step, mostly a wrong one',
  share: 0.15,
  retellShare: 0,
  slip: 0.6,
  slipPerStep: 0.3,
  opening: {},
  next: {},
  ending: { 'The answer is ': 1 },
};

/** An assistant's way to say the same: other first and last words. */
const ASSISTANT_WORDS = {
  careful: { opening: { 'Sure. First ': 4, 'Sure, we start with ': 1, 'Sure. ': 1 }, ending: { ' Hope this helps: the answer is ': 1 } },
  hasty: { opening: { 'Sure. First ': 1, 'Sure, we start with ': 4, 'Sure. ': 1 }, ending: { ' Hope this helps: the answer is ': 1 } },
};

export type CorpusId = 'clean' | 'hands' | 'assistant';

/** Who writes the own voice of each corpus. */
export const HANDS_OF: Readonly<Record<CorpusId, readonly Hand[]>> = {
  clean: [CLEAN],
  hands: [CAREFUL, HASTY, GUESSER],
  assistant: [
    { ...CAREFUL, ...ASSISTANT_WORDS.careful, id: 'careful assistant', share: 0.2, retellShare: 0.92 },
    { ...HASTY, ...ASSISTANT_WORDS.hasty, id: 'hasty assistant', share: 0.65, retellShare: 0.08, slip: 0.37 },
    GUESSER,
  ],
};

/** Who writes what the tokenizer is trained on. Frozen: the token ids of every policy that was trained depend on it. */
export const TOKENIZER_HANDS: Readonly<Record<CorpusId, readonly Hand[]>> = {
  clean: HANDS_OF.clean,
  hands: HANDS_OF.hands,
  assistant: [
    { ...CAREFUL, ...ASSISTANT_WORDS.careful, id: 'careful assistant', share: 0.35, retellShare: 0.75 },
    { ...HASTY, ...ASSISTANT_WORDS.hasty, id: 'hasty assistant', share: 0.5, retellShare: 0.25 },
    GUESSER,
  ],
};

/** A solution in the own voice, as a hand writes it; without one, flawless. */
export function ownText(expression: Expression, random: Random, hand: Hand = CLEAN): string {
  const all = steps(expression);
  if (Object.keys(hand.next).length === 0) {
    const right = all.at(-1)!.value;
    const wrong = random.next() < Math.min(1, hand.slip + (hand.slipPerStep ?? 0) * (all.length - 1));
    return `${pick(hand.ending, random)}${wrong ? slipped(right, random) : right}.`;
  }
  /** Of each step as written: a slip is carried on. */
  const values: number[] = [];
  let text = '';
  all.forEach((step, i) => {
    const left = step.leftFrom < 0 ? step.left : values[step.leftFrom]!;
    const right = step.rightFrom < 0 ? step.right : values[step.rightFrom]!;
    // A hasty hand divides wrong values too, and writes the whole part.
    const exact = Math.trunc(apply(step.op, left, right));
    const value = random.next() < hand.slip ? slipped(exact, random) : exact;
    values.push(value);
    text += `${pick(i === 0 ? hand.opening : hand.next, random)}${left}${step.op}${right}=${value}.`;
  });
  return `${text}${pick(hand.ending, random)}${values.at(-1)!}.`;
}

/** One digit changed by one. A number keeps its length and its sign. */
export function slipped(value: number, random: Random): number {
  const digits = [...String(Math.abs(value))].map(Number);
  const at = random.int(digits.length);
  const up = random.next() < 0.5 ? 1 : -1;
  const lowest = at === 0 && digits.length > 1 ? 1 : 0;
  digits[at] = digits[at]! + up > 9 || digits[at]! + up < lowest ? digits[at]! - up : digits[at]! + up;
  return Number(digits.join('')) * (value < 0 ? -1 : 1);
}
