import {
  add,
  cast,
  concat,
  constant,
  div,
  input,
  less,
  minimum,
  mul,
  reduceSumSquare,
  reshape,
  slice,
  sqrt,
  sub,
  typedArray,
  where,
  type DType,
  type Sym,
} from '../../tensor';
import type { LlamaConfig } from '../config';
import { FINITE_NORM } from '../adamw';
import { decayMask, parameterTable } from '../parameters';

/** Order of the numbers in the `settings` input. */
export const SETTINGS = ['learningRate', 'beta1', 'beta2', 'epsilon', 'weightDecay', 'clipNorm', 'correction1', 'correction2'] as const;

/**
 * AdamW (Loshchilov & Hutter 2019) on the flat vectors, after clipping by the global norm. Inputs: `parameters`, `m`, `v`, `gradient`
 * [P], `settings` [8] with the bias corrections 1 − β^step. Outputs: `parametersOut`, `mOut`, `vOut`, `status` [2] = (norm, applied).
 * A gradient that is not finite changes nothing: the guard is in the graph, so no readback stands between gradient and update.
 */
export function adamwGraph(config: LlamaConfig, dtype: DType = 'f32'): Record<string, Sym> {
  const table = parameterTable(config);
  const [p, m, v, g] = ['parameters', 'm', 'v', 'gradient'].map((name) => input(name, [table.size], dtype)) as [Sym, Sym, Sym, Sym];
  const settings = input('settings', [SETTINGS.length], dtype);
  const setting = (name: (typeof SETTINGS)[number]): Sym => slice(settings, 0, SETTINGS.indexOf(name), SETTINGS.indexOf(name) + 1);
  const decay = constant(typedArray(dtype, decayMask(table)), [table.size]);

  const norm = reshape(sqrt(reduceSumSquare(g, [0])), [1]);
  // NaN compares false, so `ok` is false for NaN and for infinity.
  const ok = less(norm, constant(typedArray(dtype, [FINITE_NORM]), [1]));
  const clip = minimum(div(setting('clipNorm'), add(norm, 1e-6)), 1);

  // With c₁ = 1 − β₁ᵗ and c₂ = 1 − β₂ᵗ: (m/c₁) / (√(v/c₂) + ε) = (√c₂/c₁) · m / (√v + ε√c₂), which divides one number where the other divides P.
  const root2 = sqrt(setting('correction2'));
  const rate = mul(setting('learningRate'), div(root2, setting('correction1')));
  const epsilon = mul(setting('epsilon'), root2);
  const shrink = mul(setting('learningRate'), setting('weightDecay'));
  const [beta1, beta2] = [setting('beta1'), setting('beta2')];

  const m1 = add(mul(m, beta1), mul(g, mul(clip, sub(1, beta1))));
  const scaled = mul(g, mul(clip, sqrt(sub(1, beta2))));
  const v1 = add(mul(v, beta2), mul(scaled, scaled));
  const kept = sub(p, mul(p, mul(decay, shrink)));
  const next = sub(kept, mul(div(m1, add(sqrt(v1), epsilon)), rate));
  return {
    parametersOut: where(ok, next, p),
    mOut: where(ok, m1, m),
    vOut: where(ok, v1, v),
    status: concat([norm, cast(ok, dtype)], 0),
  };
}
