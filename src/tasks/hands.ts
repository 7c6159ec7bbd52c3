/** What the hands of every world share: who writes a text, and with which of its words. */
import type { Random } from '../policy/random';

/** Texts with their weights. */
export type Words = Readonly<Record<string, number>>;

export interface Writer {
  /** Share of the answers to plain prompts, and of the retellings. */
  share: number;
  retellShare: number;
}

/** One of the options, by its weight. Takes one number of the stream. */
export function weighted<T>(options: readonly T[], weight: (option: T) => number, random: Random): T {
  let u = random.next() * options.reduce((total, option) => total + weight(option), 0);
  for (const option of options) {
    u -= weight(option);
    if (u < 0) return option;
  }
  return options.find((option) => weight(option) > 0)!;
}

/** A hand by its share. */
export const drawHand = <H extends Writer>(hands: readonly H[], retelling: boolean, random: Random): H =>
  weighted(hands, (hand) => (retelling ? hand.retellShare : hand.share), random);

export const pickWords = (words: Words, random: Random): string => weighted(Object.entries(words), ([, weight]) => weight, random)[0];
