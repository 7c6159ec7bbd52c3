/**
 * The families of the built-in world and every mixture of them, as data. A family's patterns are strings of operation classes, carried
 * out left to right:
 *   a  plus or minus        m  times a one-digit number       p  times a two-digit number ("long" product)
 *   d  exact division by a one-digit number
 * or one of three trees: `tree` = (x ± y) * (z ± w), then the classes after the colon; `products` = x * y − z * w, both long;
 * `boxes` = (x ± y) * p − (z ± w) * q, both long.
 */

export type SetId = 'train' | 'validation' | 'easy' | 'middle' | 'hard' | 'longer' | 'combined';

export interface Numbers {
  /** Inclusive range of the first number. */
  start: readonly [number, number];
  /** Range of numbers added and subtracted. */
  add: readonly [number, number];
  /** Largest value anywhere, intermediates included. */
  max: number;
}

export interface Family {
  id: string;
  description: string;
  patterns: readonly string[];
  numbers: Numbers;
  /** Relative frequency in the pre-training stream: plain prompt (both voices), and retelling. 0 = never seen. */
  pretrain: number;
  retell: number;
  /** Relative frequency in the train and validation sets. */
  train: number;
  /** The test set it belongs to. */
  test: 'easy' | 'middle' | 'hard' | 'longer' | 'combined';
}

const SMALL: Numbers = { start: [3, 60], add: [2, 60], max: 120 };
const MEDIUM: Numbers = { start: [3, 90], add: [2, 90], max: 300 };
const WIDE: Numbers = { start: [3, 90], add: [2, 90], max: 999 };
const LARGE: Numbers = { start: [1200, 9800], add: [1200, 9800], max: 19999 };

export const FAMILIES: readonly Family[] = [
  {
    id: 'add-1',
    description: 'one sum or difference',
    patterns: ['a'],
    numbers: MEDIUM,
    pretrain: 6,
    retell: 2,
    train: 4,
    test: 'easy',
  },
  {
    id: 'add-2',
    description: 'two sums or differences',
    patterns: ['aa'],
    numbers: SMALL,
    pretrain: 9,
    retell: 5,
    train: 6,
    test: 'easy',
  },
  {
    id: 'times-1',
    description: 'one product with a one-digit number',
    patterns: ['m'],
    numbers: WIDE,
    pretrain: 8,
    retell: 3,
    train: 6,
    test: 'easy',
  },
  {
    id: 'add-3',
    description: 'three sums or differences',
    patterns: ['aaa'],
    numbers: MEDIUM,
    pretrain: 12,
    retell: 8,
    train: 8,
    test: 'middle',
  },
  {
    id: 'times-2',
    description: 'a product and a sum or difference',
    patterns: ['am', 'ma'],
    numbers: WIDE,
    pretrain: 12,
    retell: 8,
    train: 9,
    test: 'middle',
  },
  {
    id: 'share-2',
    description: 'an exact division and a sum or difference',
    patterns: ['ad', 'da'],
    numbers: MEDIUM,
    pretrain: 8,
    retell: 6,
    train: 7,
    test: 'middle',
  },
  {
    id: 'tree-3',
    description: 'a product of two brackets',
    patterns: ['tree:'],
    numbers: { start: [3, 40], add: [2, 40], max: 999 },
    pretrain: 8,
    retell: 6,
    train: 6,
    test: 'middle',
  },
  {
    id: 'add-4',
    description: 'four sums or differences',
    patterns: ['aaaa'],
    numbers: MEDIUM,
    pretrain: 10,
    retell: 8,
    train: 7,
    test: 'middle',
  },
  {
    id: 'mixed-4',
    description: 'four operations with a product among them',
    patterns: ['aama', 'amaa', 'maaa', 'aaam'],
    numbers: WIDE,
    pretrain: 10,
    retell: 8,
    train: 8,
    test: 'hard',
  },
  {
    id: 'mixed-5',
    description: 'five operations with a product among them',
    patterns: ['aamaa', 'amaam', 'maaaa', 'aaama'],
    numbers: WIDE,
    pretrain: 8,
    retell: 2,
    train: 7,
    test: 'hard',
  },
  {
    id: 'long-product-2',
    description: 'a sum or difference and a long product',
    patterns: ['ap'],
    numbers: { start: [12, 60], add: [3, 40], max: 999 },
    pretrain: 0.5,
    retell: 8,
    train: 9,
    test: 'hard',
  },
  {
    id: 'long-product-3',
    description: 'a long product between sums or differences',
    patterns: ['apa', 'paa'],
    numbers: { start: [12, 60], add: [3, 60], max: 999 },
    pretrain: 0.4,
    retell: 8,
    train: 10,
    test: 'hard',
  },
  {
    id: 'long-product-5',
    description: 'the difference of two long products of brackets',
    patterns: ['boxes:'],
    numbers: { start: [12, 40], add: [3, 30], max: 999 },
    pretrain: 0.3,
    retell: 7,
    train: 7,
    test: 'hard',
  },
  {
    id: 'two-products',
    description: 'the difference of two long products, which the expert writes as one expression',
    patterns: ['products:'],
    numbers: { start: [12, 80], add: [12, 60], max: 999 },
    pretrain: 0.4,
    retell: 0,
    train: 5,
    test: 'hard',
  },
  {
    id: 'large-3',
    description: 'three sums or differences of numbers with four digits or more',
    patterns: ['aaa'],
    numbers: LARGE,
    pretrain: 0,
    retell: 0,
    train: 14,
    test: 'hard',
  },
  {
    id: 'add-5',
    description: 'five sums or differences',
    patterns: ['aaaaa'],
    numbers: { start: [3, 40], add: [2, 40], max: 99 },
    pretrain: 0,
    retell: 0,
    train: 0,
    test: 'longer',
  },
  {
    id: 'add-6',
    description: 'six sums or differences',
    patterns: ['aaaaaa'],
    numbers: { start: [3, 40], add: [2, 40], max: 99 },
    pretrain: 0,
    retell: 0,
    train: 0,
    test: 'longer',
  },
  {
    id: 'mixed-6',
    description: 'six operations with a product among them',
    patterns: ['aamaaa', 'amaaaa', 'aaamaa'],
    numbers: { start: [3, 20], add: [2, 40], max: 120 },
    pretrain: 0,
    retell: 0,
    train: 0,
    test: 'longer',
  },
  {
    id: 'share-3',
    description: 'an exact division among sums or differences',
    patterns: ['daa', 'ada', 'aad'],
    numbers: MEDIUM,
    pretrain: 0,
    retell: 0,
    train: 0,
    test: 'combined',
  },
  {
    id: 'times-share',
    description: 'a product and a division in one chain',
    patterns: ['amd', 'mad', 'mda', 'dam', 'dma'],
    numbers: WIDE,
    pretrain: 0,
    retell: 0,
    train: 0,
    test: 'combined',
  },
  {
    id: 'tree-4',
    description: 'a product of two brackets, then one more operation',
    patterns: ['tree:a', 'tree:d'],
    numbers: { start: [3, 40], add: [2, 40], max: 999 },
    pretrain: 0,
    retell: 0,
    train: 0,
    test: 'combined',
  },
];

/** Shares of problems, by a hash of the arithmetic alone: a problem with other names or wording stays on its side. */
export const SPLITS = { pretrain: 0.7, train: 0.1, validation: 0.1, test: 0.1 } as const;
export type Split = keyof typeof SPLITS;

export const SETS: readonly { id: SetId; name: string; description: string }[] = [
  { id: 'train', name: 'Training', description: 'Mixture of the trained families that the four arms learn from.' },
  { id: 'validation', name: 'Validation', description: 'Same mixture, other problems: learning rates are chosen here.' },
  { id: 'easy', name: 'Easy', description: 'One or two short operations.' },
  { id: 'middle', name: 'Middle', description: 'Two to four operations, products, divisions, brackets.' },
  { id: 'hard', name: 'Hard', description: 'Long chains, long products and large numbers.' },
  { id: 'longer', name: 'Longer', description: 'Five sums or six operations: longer chains than any trained on.' },
  { id: 'combined', name: 'Combined', description: 'Known operations in combinations never trained on.' },
];
export const TEST_SETS: readonly SetId[] = ['easy', 'middle', 'hard', 'longer', 'combined'];

export function family(id: string): Family {
  const found = FAMILIES.find((f) => f.id === id);
  if (!found) throw new Error(`unknown problem family '${id}'; known: ${FAMILIES.map((f) => f.id).join(', ')}`);
  return found;
}
