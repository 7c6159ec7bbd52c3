import { describe, expect, it } from 'vitest';
import { testValues } from '../../tensor/testing/gradcheck';
import { adamw, addTo, sumOfSquares, type AdamwConstants } from './kernels';

const f = Math.fround;
// Several blocks and a rest that is no multiple of four.
const SIZE = 5003;
const values = (seed: number, from = -1, to = 1): Float32Array => Float32Array.from(testValues(SIZE, seed, from, to));

describe('loops over vectors', () => {
  it('add as f32 does', () => {
    const [a, b] = [values(1), values(2)];
    const want = a.map((x, i) => f(x + b[i]!));
    addTo(a, b);
    expect(a).toEqual(want);
  });

  it('sum squares as f64 does, whatever was summed before', () => {
    const x = values(3);
    sumOfSquares(values(4, 1e3, 1e4));
    const want = x.reduce((sum, value) => sum + value * value, 0);
    expect(Math.abs(sumOfSquares(x) / want - 1)).toBeLessThan(1e-12);
    expect(sumOfSquares(x.subarray(0, 1))).toBe(x[0]! ** 2);
    expect(sumOfSquares(Float32Array.of(1, NaN))).toBeNaN();
  });

  it.each([
    [0, SIZE],
    [0, 7],
    [2041, 2055],
    [4999, SIZE],
  ])('update values %i to %i as the same loop in f32, bit for bit, and no others', (from, to) => {
    const c: AdamwConstants = { beta1: 0.9, beta2: 0.95, first: 0.07, second: 0.15, shrink: 1e-5, rate: 3e-4, epsilon: 1e-8 };
    const [p, m, v, g] = [values(5), values(6, -0.1, 0.1), values(7, 0, 0.01), values(8)];
    const want = [p.slice(), m.slice(), v.slice()] as const;
    const { beta1, beta2, first, second, shrink, rate, epsilon } = Object.fromEntries(
      Object.entries(c).map(([name, value]) => [name, f(value as number)]),
    ) as unknown as AdamwConstants;
    for (let i = from; i < to; i++) {
      const scaled = f(second * g[i]!);
      const m1 = f(f(beta1 * m[i]!) + f(first * g[i]!));
      const v1 = f(f(beta2 * v[i]!) + f(scaled * scaled));
      const change = f(f(shrink * p[i]!) + f(f(rate * m1) / f(f(Math.sqrt(v1)) + epsilon)));
      [want[0][i], want[1][i], want[2][i]] = [f(p[i]! - change), m1, v1];
    }
    adamw(p, m, v, g, from, to, c);
    expect([p, m, v]).toEqual(want);
  });
});
