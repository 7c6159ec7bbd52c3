/**
 * Axes whose length is known only when the graph runs. A prime stands for each while the graph is built, so that a size says by its factors what it
 * is made of: `6 * ROWS` is six a row. Shape rules and gradients need not know; `reshape`, `expand`, `slice` and `pad` compute such sizes in the graph,
 * from the graph input that has the axis (`encode`). A constant cannot have an open axis. The computation is in int64: not for WebGPU.
 */
import type { Shape } from './sym';

/** Rows of a batch. */
export const ROWS = 1_000_003;
/** A quarter of a row's positions, whose number is a multiple of four: `4 * QUARTER`. */
export const QUARTER = 1_000_033;
/** The positions of a batch whose token is a response's. */
export const RESPONSES = 1_000_037;
const PRIMES = [ROWS, QUARTER, RESPONSES] as const;

/** factor · ROWS^powers[0] · QUARTER^powers[1]: exact where the product is beyond what a number holds. */
export interface Extent {
  factor: number;
  powers: number[];
}

/** The product of a shape's sizes. */
export function extent(shape: Shape): Extent {
  const powers = PRIMES.map(() => 0);
  const factor = shape.reduce((product, size) => {
    let rest = size;
    PRIMES.forEach((prime, i) => {
      for (; rest > 0 && rest % prime === 0; powers[i]!++) rest /= prime;
    });
    return product * rest;
  }, 1);
  return { factor, powers };
}

export const isOpen = (size: number): boolean => extent([size]).powers.some((p) => p > 0);

/** Whether two shapes have as many elements. */
export function sameSize(a: Shape, b: Shape): boolean {
  const [x, y] = [extent(a), extent(b)];
  return x.factor === y.factor && x.powers.every((p, i) => p === y.powers[i]);
}

/** How many elements of `shape` there are for each of `part`; NaN where that is no whole number. */
export function quotient(shape: Shape, part: Shape): number {
  const [x, y] = [extent(shape), extent(part)];
  const powers = x.powers.map((p, i) => p - y.powers[i]!);
  const factor = x.factor / y.factor;
  if (powers.some((p) => p < 0) || !Number.isInteger(factor)) return NaN;
  return powers.reduce((n, p, i) => n * PRIMES[i]! ** p, factor);
}

/** The prime factors of an open size, one by one, and what is left. */
export function openFactors(size: number): { factor: number; primes: number[] } {
  const { factor, powers } = extent([size]);
  return { factor, primes: powers.flatMap((p, i) => Array<number>(p).fill(PRIMES[i]!)) };
}
