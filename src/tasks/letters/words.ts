/** Made-up words and what is done to them. Letters are written apart, so that each is a token of its own. */
import { hash32, type Random } from '../../policy/random';
import { SPLITS, type Family, type Operation, type Split } from './families';

const ALPHABET = [...'abcdefghijklmnopqrstuvwxyz'];
const VOWELS = [...'aeiou'];
const CONSONANTS = [...'bcdfghjklmnprstvwz'];

export interface Instance {
  family: string;
  operation: Operation;
  word: string[];
}

export const shifted = (letter: string, by: number): string => ALPHABET[(ALPHABET.indexOf(letter) + by) % ALPHABET.length]!;

/** The word after everything but the shift. */
export function arranged({ operation, word }: Pick<Instance, 'operation' | 'word'>): string[] {
  let letters = operation.sort ? [...word].sort() : [...word];
  if (operation.reverse) letters = letters.reverse();
  return operation.last ? letters.slice(-operation.last) : letters;
}

export function result(instance: Pick<Instance, 'operation' | 'word'>): string[] {
  return arranged(instance).map((letter) => shifted(letter, instance.operation.shift ?? 0));
}

function drawWord(length: number, random: Random): string[] {
  const vowelFirst = random.int(2);
  return Array.from({ length }, (_, i) => random.pick((i + vowelFirst) % 2 === 0 ? CONSONANTS : VOWELS));
}

/** The split that owns a question: by operation and word alone. */
export function splitOf({ operation, word }: Pick<Instance, 'operation' | 'word'>): Split {
  const { sort = false, reverse = false, shift = 0, last = 0 } = operation;
  const u = hash32(0, 'letters/split', `${sort}/${reverse}/${shift}/${last}`, word.join('')) / 4294967296;
  let bound = 0;
  for (const split of Object.keys(SPLITS) as Split[]) {
    bound += SPLITS[split];
    if (u < bound) return split;
  }
  return 'test';
}

/** Draws a question of a family in a split. */
export function drawInSplit({ id, operation, length: [low, high] }: Family, split: Split, random: Random): Instance {
  for (let attempt = 0; attempt < 10_000; attempt++) {
    const instance = { family: id, operation, word: drawWord(low + random.int(high - low + 1), random) };
    if (splitOf(instance) === split) return instance;
  }
  throw new Error(`family '${id}' has no question in the split '${split}'`);
}

/** The question in words. */
export function question({ operation, word }: Instance): string {
  const letters = word.join(' ');
  const { sort, reverse, shift, last } = operation;
  const places = shift === 1 ? 'the next one' : `the one ${shift} places on`;
  if (last) return `Give the last ${last} letters of ${letters}.`;
  if (sort) return `Sort ${letters} by the alphabet.`;
  if (reverse && shift) return `Write ${letters} backwards, and replace each letter by ${places}.`;
  if (reverse) return `Write ${letters} backwards.`;
  return `Replace each letter of ${letters} by ${places}.`;
}
