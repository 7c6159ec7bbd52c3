/**
 * AdamW as a loop over JavaScript arrays: one pass over memory instead of one for each operator of a graph. For runtimes whose device tensors are such
 * arrays; `runtime/webgpu-adamw.ts` is the same for a graphics device.
 */
import type { ParameterTable } from './parameters';

/** Larger than any gradient norm that means something, and finite in f32. */
export const FINITE_NORM = 1e30;

export interface AdamwSettings {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  /** The gradient is scaled down to this global norm. */
  clipNorm: number;
  /** Bias corrections 1 − β^step. */
  correction1: number;
  correction2: number;
}

/**
 * One update (Loshchilov & Hutter 2019) of `parameters`, `m` and `v` [P] in place, after clipping `gradient` [P] by its global norm. Computed in f64 and
 * rounded once where it is stored. A gradient that is not finite changes nothing (`applied` false).
 */
export function adamwInPlace(
  { parameters: table }: ParameterTable,
  parameters: Float32Array,
  m: Float32Array,
  v: Float32Array,
  gradient: Float32Array,
  s: AdamwSettings,
): { norm: number; applied: boolean } {
  const norm = Math.sqrt(Math.fround(sumOfSquares(gradient)));
  // NaN compares false, so this also holds for NaN and for infinity.
  if (!(norm < FINITE_NORM)) return { norm, applied: false };
  const clip = Math.min(1, s.clipNorm / (norm + 1e-6));
  // (m/c₁) / (√(v/c₂) + ε) = (√c₂/c₁) · m / (√v + ε√c₂): one division a value.
  const root2 = Math.sqrt(s.correction2);
  const rate = (s.learningRate * root2) / s.correction1;
  const [g1, g2, epsilon] = [(1 - s.beta1) * clip, (1 - s.beta2) * clip * clip, s.epsilon * root2];
  for (const { offset, size, decay } of table) {
    const kept = decay ? 1 - s.learningRate * s.weightDecay : 1;
    updateRange(parameters, m, v, gradient, offset, offset + size, s.beta1, s.beta2, g1, g2, kept, rate, epsilon);
  }
  return { norm, applied: true };
}

/** The loop by itself, over plain numbers: in this form the engine compiles it to twice the speed. */
function updateRange(
  parameters: Float32Array,
  m: Float32Array,
  v: Float32Array,
  gradient: Float32Array,
  from: number,
  to: number,
  beta1: number,
  beta2: number,
  g1: number,
  g2: number,
  kept: number,
  rate: number,
  epsilon: number,
): void {
  for (let i = from; i < to; i++) {
    const g = gradient[i]!;
    const m1 = beta1 * m[i]! + g1 * g;
    const v1 = beta2 * v[i]! + g2 * g * g;
    m[i] = m1;
    v[i] = v1;
    parameters[i] = kept * parameters[i]! - (rate * m1) / (Math.sqrt(v1) + epsilon);
  }
}

/** Four sums side by side: an addition need not wait for the one before it. */
function sumOfSquares(x: Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = x.length - (x.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += x[i]! * x[i]!;
    b += x[i + 1]! * x[i + 1]!;
    c += x[i + 2]! * x[i + 2]!;
    d += x[i + 3]! * x[i + 3]!;
  }
  for (let i = whole; i < x.length; i++) a += x[i]! * x[i]!;
  return a + b + c + d;
}
