/** The families of the letters world and every mixture of them, as data. */

/** What is done to a word, in this order. `shift` moves each letter on in the alphabet, around its end. */
export interface Operation {
  sort?: true;
  reverse?: true;
  shift?: number;
  /** Only the last so many letters. */
  last?: number;
}

export interface Family {
  id: string;
  operation: Operation;
  /** Inclusive range of the word's letters. */
  length: readonly [number, number];
  /** Relative frequency in the pre-training stream: plain question (both voices), and retelling. 0 = never seen. */
  pretrain: number;
  retell: number;
  /** Relative frequency in the train and validation sets; 0: in a test set only. */
  train: number;
  test: 'easy' | 'middle' | 'hard' | 'longer';
}

const family = (
  id: string,
  operation: Operation,
  length: readonly [number, number],
  [pretrain, retell, train]: readonly [number, number, number],
  test: Family['test'],
): Family => ({ id, operation, length, pretrain, retell, train, test });

/**
 * Where difficulty comes from: moving letters five places on is rare in the pre-training and retold often, so the policy can hardly do it, but can
 * repeat what the expert wrote (guided-alignment); words of nine letters are longer than any it has seen, with or without help (fallback).
 */
export const FAMILIES: readonly Family[] = [
  family('last-2', { last: 2 }, [3, 5], [5, 2, 4], 'easy'),
  family('reverse-3', { reverse: true }, [3, 3], [7, 3, 5], 'easy'),
  family('next-3', { shift: 1 }, [3, 3], [7, 3, 5], 'easy'),
  family('sort-3', { sort: true }, [3, 3], [7, 3, 5], 'middle'),
  family('reverse-4', { reverse: true }, [4, 4], [8, 4, 6], 'middle'),
  family('next-4', { shift: 1 }, [4, 4], [8, 4, 6], 'middle'),
  family('reverse-5', { reverse: true }, [5, 5], [8, 3, 6], 'hard'),
  family('next-5', { shift: 1 }, [5, 5], [8, 3, 6], 'hard'),
  family('mirror-next-3', { reverse: true, shift: 1 }, [3, 3], [7, 3, 6], 'hard'),
  family('far-3', { shift: 5 }, [3, 3], [0.2, 9, 9], 'hard'),
  family('far-4', { shift: 5 }, [4, 4], [0.2, 9, 9], 'hard'),
  family('mirror-far-3', { reverse: true, shift: 5 }, [3, 3], [0.2, 9, 9], 'hard'),
  family('reverse-9', { reverse: true }, [9, 10], [0, 0, 8], 'hard'),
  family('next-9', { shift: 1 }, [9, 10], [0, 0, 8], 'hard'),
  family('reverse-6', { reverse: true }, [6, 6], [0, 0, 0], 'longer'),
  family('next-6', { shift: 1 }, [6, 6], [0, 0, 0], 'longer'),
];

/** Shares of the pre-training stream by format. The rest of the plain questions is answered in the policy's own voice. */
export const PRETRAINING = { expertVoice: 0.08, retell: 0.25 } as const;

/** Shares of questions, by a hash of operation and word. */
export const SPLITS = { pretrain: 0.7, train: 0.1, validation: 0.1, test: 0.1 } as const;
export type Split = keyof typeof SPLITS;
