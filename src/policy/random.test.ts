import { describe, expect, it } from 'vitest';
import { createRandom, uniform, uniforms } from './random';

/** Pearson's χ² of counts against a uniform expectation. */
function chiSquare(counts: number[]): number {
  const expected = counts.reduce((a, b) => a + b, 0) / counts.length;
  return counts.reduce((sum, c) => sum + (c - expected) ** 2 / expected, 0);
}

describe('uniform', () => {
  it('depends on its arguments only, and on each of them', () => {
    const base = uniform(1, 'self', 'p-7', 3, 11);
    expect(uniform(1, 'self', 'p-7', 3, 11)).toBe(base);
    for (const other of [
      uniform(2, 'self', 'p-7', 3, 11),
      uniform(1, 'guided', 'p-7', 3, 11),
      uniform(1, 'self', 'p-8', 3, 11),
      uniform(1, 'self', 'p-7', 4, 11),
      uniform(1, 'self', 'p-7', 3, 12),
      uniform(1, 'self', 'p-7', '3', 11),
      uniform(1, 'self', 'p-', '73', 11),
      uniform(1, 'selfp-7', 3, 11),
    ])
      expect(other).not.toBe(base);
  });

  it.each(['position', 'candidate', 'seed'])('is well mixed along %s, serial pairs included', (axis) => {
    const n = 64_000;
    const counts = new Array<number>(64).fill(0);
    const pairs = new Array<number>(256).fill(0);
    let previous = 0;
    for (let i = 0; i < n; i++) {
      const u =
        axis === 'seed' ? uniform(i, 'x', 'p', 0, 0) : axis === 'candidate' ? uniform(1, 'x', 'p', i, 0) : uniform(1, 'x', 'p', 0, i);
      counts[Math.floor(u * 64)]!++; // outside [0, 1) this makes a NaN that fails the test
      if (i > 0) pairs[Math.floor(previous * 16) * 16 + Math.floor(u * 16)]!++;
      previous = u;
    }
    // 99.99 % quantiles of χ² with 63 and 255 degrees of freedom are about 112 and 347.
    expect(chiSquare(counts)).toBeLessThan(112);
    expect(chiSquare(pairs)).toBeLessThan(347);
  });
});

describe('uniforms', () => {
  it('are those of all keys together, in any order and between others', () => {
    const streams = [uniforms(1, 'self', 'p-7', 3), uniforms(1, 'self', 'p-7', 4), uniforms(2, 'x')];
    const whole = [
      (n: number) => uniform(1, 'self', 'p-7', 3, n),
      (n: number) => uniform(1, 'self', 'p-7', 4, n),
      (n: number) => uniform(2, 'x', n),
    ];
    for (const n of [5, 0, 5, 1000]) streams.forEach((stream, i) => expect(stream(n)).toBe(whole[i]!(n)));
  });
});

describe('createRandom', () => {
  it('repeats for the same seed and purpose and differs otherwise', () => {
    const draw = (seed: number, purpose: string) => Array.from({ length: 5 }, createRandom(seed, purpose).next);
    expect(draw(1, 'a')).toEqual(draw(1, 'a'));
    expect(draw(1, 'a')).not.toEqual(draw(2, 'a'));
    expect(draw(1, 'a')).not.toEqual(draw(1, 'b'));
  });

  it('int is uniform, shuffle permutes without bias', () => {
    const random = createRandom(5, 'test');
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[random.int(7)]!++;
    expect(chiSquare(counts)).toBeLessThan(28);
    const orders = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const key = random.shuffle([0, 1, 2, 3]).join('');
      orders.set(key, (orders.get(key) ?? 0) + 1);
    }
    expect(orders.size).toBe(24);
    expect(chiSquare([...orders.values()])).toBeLessThan(58);
    expect(() => random.int(0)).toThrow(/positive|integer/);
    expect(() => random.pick([])).toThrow(/empty/);
  });
});
