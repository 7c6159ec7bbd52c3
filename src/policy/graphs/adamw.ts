import {
  abs,
  add,
  cast,
  concat,
  constant,
  div,
  input,
  less,
  minimum,
  mul,
  reduceSum,
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
import { decayMask, parameterTable } from '../parameters';

/** Order of the numbers in the `settings` input. */
export const SETTINGS = ['learningRate', 'beta1', 'beta2', 'epsilon', 'weightDecay', 'clipNorm', 'correction1', 'correction2'] as const;

/** Larger than any gradient norm that means something, and finite in f32. */
const FINITE = 1e30;

/**
 * AdamW (Loshchilov & Hutter 2019) on the flat vectors, after clipping by the global norm. Inputs: `parameters`, `m`, `v`, `gradient`
 * [P], `settings` [8] with the bias corrections 1 − β^step. Outputs: `parametersOut`, `mOut`, `vOut`, `status` [2] = (norm, applied).
 * A gradient that is not finite changes nothing: the guard is in the graph, so no readback stands between gradient and update.
 */
export function adamwGraph(config: LlamaConfig, dtype: DType = 'f32'): Record<string, Sym> {
  const table = parameterTable(config);
  const size = table.size;
  const [parameters, m, v, gradient] = ['parameters', 'm', 'v', 'gradient'].map((name) => input(name, [size], dtype)) as [
    Sym,
    Sym,
    Sym,
    Sym,
  ];
  const settings = input('settings', [SETTINGS.length], dtype);
  const setting = (name: (typeof SETTINGS)[number]): Sym => slice(settings, 0, SETTINGS.indexOf(name), SETTINGS.indexOf(name) + 1);
  const decay = constant(typedArray(dtype, decayMask(table)), [size]);

  const norm = reshape(sqrt(reduceSum(mul(gradient, gradient), [0])), [1]);
  // NaN compares false, so `ok` is false for NaN and for infinity.
  const ok = less(abs(norm), constant(typedArray(dtype, [FINITE]), [1]));
  const clip = minimum(div(setting('clipNorm'), add(norm, 1e-6)), 1);
  const g = mul(gradient, clip);
  const ema = (old: Sym, x: Sym, beta: Sym): Sym => add(mul(old, beta), mul(x, sub(1, beta)));
  const m1 = ema(m, g, setting('beta1'));
  const v1 = ema(v, mul(g, g), setting('beta2'));
  const denominator = add(sqrt(div(v1, setting('correction2'))), setting('epsilon'));
  const step = add(div(div(m1, setting('correction1')), denominator), mul(mul(parameters, decay), setting('weightDecay')));
  const next = sub(parameters, mul(step, setting('learningRate')));
  return {
    parametersOut: where(ok, next, parameters),
    mOut: where(ok, m1, m),
    vOut: where(ok, v1, v),
    status: concat([norm, cast(ok, dtype)], 0),
  };
}
