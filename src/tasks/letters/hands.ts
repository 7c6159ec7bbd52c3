/**
 * The own voice is written by several hands, as in the built-in world: a policy that has read careful and careless authors holds the careful hand's skill,
 * but at temperature 1 it writes like all of them. The own voice spells out one letter after the other.
 */
import type { Random } from '../../policy/random';
import { pickWords as pick, type Words, type Writer } from '../hands';
import { arranged, result, shifted, type Instance } from './words';

export interface Hand extends Writer {
  id: string;
  description: string;
  /** Chance that a letter is written wrong; for a hand that spells nothing out, that of its one result, and more for each letter. */
  slip: number;
  slipPerLetter?: number;
  /** Words with their weights; a hand without `opening` spells nothing out. `shift` opens where letters are only moved along the alphabet. */
  opening: Words;
  shift: Words;
  next: Words;
  ending: Words;
}

/** Never slips: what pre-training begins with. */
const CLEAN: Hand = {
  id: 'clean',
  description: 'spells every letter out and never slips',
  share: 1,
  retellShare: 1,
  slip: 0,
  opening: { First: 3, 'Begin with': 2 },
  shift: { Here: 3, Now: 2 },
  next: { ', then': 3, ', next': 2 },
  ending: { ' The answer is': 3, ' So the answer is': 2 },
};

const CAREFUL: Hand = {
  id: 'careful',
  description: 'spells every letter out and seldom slips',
  share: 0.4,
  retellShare: 0.75,
  slip: 0.015,
  opening: { First: 4, 'Begin with': 1 },
  shift: { Here: 4, Now: 1 },
  next: { ', then': 4, ', next': 1 },
  ending: { ' The answer is': 4, ' So the answer is': 1 },
};

const HASTY: Hand = {
  id: 'hasty',
  description: 'spells every letter out, slips at many, and goes on with the wrong letter',
  share: 0.45,
  retellShare: 0.25,
  slip: 0.25,
  opening: { First: 1, 'Begin with': 4 },
  shift: { Here: 1, Now: 4 },
  next: { ', then': 1, ', next': 4 },
  ending: { ' The answer is': 1, ' So the answer is': 4 },
};

const GUESSER: Hand = {
  id: 'guesser',
  description: 'states a result without spelling it out, mostly a wrong one',
  share: 0.15,
  retellShare: 0,
  slip: 0.4,
  slipPerLetter: 0.1,
  opening: {},
  shift: {},
  next: {},
  ending: { 'The answer is': 1 },
};

/** Who writes the own voice of each corpus. */
export const HANDS_OF = { clean: [CLEAN], hands: [CAREFUL, HASTY, GUESSER] } as const satisfies Record<string, readonly Hand[]>;
export type CorpusId = keyof typeof HANDS_OF;

/**
 * "First n, then i, next b. The answer is n i b." or "Here c gives h, a gives f. The answer is h f.", as a hand writes it; without one, flawless.
 * A slip is carried on.
 */
export function ownText(instance: Instance, random: Random, hand: Hand = CLEAN): string {
  const { reverse, sort, last, shift } = instance.operation;
  const ending = (letters: readonly string[]): string => `${pick(hand.ending, random)} ${letters.join(' ')}.`;
  if (Object.keys(hand.opening).length === 0) {
    const letters = result(instance);
    if (random.next() < hand.slip + (hand.slipPerLetter ?? 0) * letters.length) {
      const at = random.int(letters.length);
      letters[at] = slipped(letters[at]!, random);
    }
    return ending(letters);
  }
  const written = (letter: string): string => (random.next() < hand.slip ? slipped(letter, random) : letter);
  const moves = reverse || sort || last !== undefined;
  let letters = arranged(instance);
  let text = '';
  if (moves) {
    letters = letters.map(written);
    text = `${letters.map((letter, i) => `${pick(i === 0 ? hand.opening : hand.next, random)} ${letter}`).join('')}.`;
  }
  if (shift) {
    const before = letters;
    letters = before.map((letter) => written(shifted(letter, shift)));
    text += `${moves ? ' Then' : pick(hand.shift, random)} ${before.map((letter, i) => `${letter} gives ${letters[i]}`).join(', ')}.`;
  }
  return text + ending(letters);
}

/** The letter before or after, around the end of the alphabet. */
export const slipped = (letter: string, random: Random): string => shifted(letter, random.next() < 0.5 ? 1 : 25);
