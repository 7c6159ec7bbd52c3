import { describe, expect, it } from 'vitest';
import { testValues } from '../tensor/testing/gradcheck';
import { adamwInPlace } from './adamw';
import { parameterTable } from './parameters';
import { MICRO } from './testing/micro';

const whole = parameterTable(MICRO);
const { size, parameters: table } = whole;
const start = {
  parameters: Float32Array.from(testValues(size, 1)),
  m: Float32Array.from(testValues(size, 2, -0.1, 0.1)),
  v: Float32Array.from(testValues(size, 3, 0, 0.01)),
};
const hyper = { learningRate: 0.01, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1, clipNorm: 1 };
const step = 7;
const settings = { ...hyper, correction1: 1 - hyper.beta1 ** step, correction2: 1 - hyper.beta2 ** step };

const update = (gradient: Float32Array): Record<string, number[]> => {
  const [p, m, v] = [start.parameters.slice(), start.m.slice(), start.v.slice()];
  const { norm, applied } = adamwInPlace(whole, p, m, v, gradient, settings);
  return { parameters: [...p], m: [...m], v: [...v], status: [norm, applied ? 1 : 0] };
};

/** As written in the paper, one number after the other in f64. */
function reference(gradient: Float32Array): { parameters: number[]; m: number[]; v: number[]; norm: number } {
  const norm = Math.hypot(...gradient);
  const clip = Math.min(1, hyper.clipNorm / (norm + 1e-6));
  const decays = table.flatMap((p) => new Array<boolean>(p.size).fill(p.decay));
  const m = Array.from(start.m, (x, i) => hyper.beta1 * x + (1 - hyper.beta1) * gradient[i]! * clip);
  const v = Array.from(start.v, (x, i) => hyper.beta2 * x + (1 - hyper.beta2) * (gradient[i]! * clip) ** 2);
  const parameters = Array.from(start.parameters, (p, i) => {
    const change = m[i]! / settings.correction1 / (Math.sqrt(v[i]! / settings.correction2) + hyper.epsilon);
    return p - hyper.learningRate * (change + (decays[i] ? hyper.weightDecay * p : 0));
  });
  return { parameters, m, v, norm };
}

describe('AdamW in place', () => {
  it.each([
    ['clipped', 1],
    ['not clipped', 0.001],
  ])('agrees with the formulas in f64, %s', (_, scale) => {
    const gradient = Float32Array.from(testValues(size, 4, -scale, scale));
    const [got, want] = [update(gradient), reference(gradient)];
    expect(got.status).toEqual([expect.closeTo(want.norm, 3) as number, 1]);
    for (const part of ['parameters', 'm', 'v'] as const) {
      expect(Math.max(...got[part]!.map((x, i) => Math.abs(x - want[part][i]!)))).toBeLessThan(1e-6);
    }
  });

  // 1e20 is finite, its square is not in f32.
  it.each([NaN, Infinity, 1e20])('changes nothing where the gradient holds %s', (bad) => {
    const gradient = Float32Array.from(testValues(size, 4));
    gradient[5] = bad;
    const got = update(gradient);
    expect(got.status![1]).toBe(0);
    for (const part of ['parameters', 'm', 'v'] as const) expect(got[part]).toEqual(Array.from(start[part]));
  });
});
