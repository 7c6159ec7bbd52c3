/**
 * AdamW over JavaScript arrays: one pass over memory instead of one for each operator of a graph. For runtimes whose device tensors are such
 * arrays; the formula is `update` in `simd/kernels.ts`; `runtime/webgpu-adamw.ts` is the same for a graphics device.
 */
import type { ParameterTable } from './parameters';
import { adamw, sumOfSquares } from './simd/kernels';

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
 * One update (Loshchilov & Hutter 2019) of `parameters`, `m` and `v` [P] in place, after clipping `gradient` [P] by its global norm. Computed in f32,
 * the norm in f64. A gradient that is not finite changes nothing (`applied` false).
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
  const constants = {
    beta1: s.beta1,
    beta2: s.beta2,
    first: (1 - s.beta1) * clip,
    second: Math.sqrt(1 - s.beta2) * clip,
    rate: (s.learningRate * root2) / s.correction1,
    epsilon: s.epsilon * root2,
  };
  for (const { offset, size, decay } of table) {
    const shrink = decay ? s.learningRate * s.weightDecay : 0;
    adamw(parameters, m, v, gradient, offset, offset + size, { ...constants, shrink });
  }
  return { norm, applied: true };
}
