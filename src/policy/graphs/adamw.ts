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
  reduceSum,
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
import { decayMask, parameterTable } from '../parameters';
import type { GraphOptions } from './training';
import type { ParameterLayout } from './weights';

/** Order of the numbers in the `settings` input. */
export const SETTINGS = ['learningRate', 'beta1', 'beta2', 'epsilon', 'weightDecay', 'clipNorm', 'correction1', 'correction2'] as const;

/** Larger than any gradient norm that means something, and finite in f32. */
const FINITE = 1e30;

/** A stretch of the flat vectors that is updated together, with the names of its inputs and outputs. */
interface Part {
  shape: readonly number[];
  /** 1 where weight decay applies: by element, or one number for all. */
  decay: Sym | number;
  name(vector: string): string;
}

/** The whole vectors, or a part a parameter: parts that fit a processor's cache are updated several times faster than megabytes. */
function partsOf(config: LlamaConfig, layout: ParameterLayout, dtype: DType): Part[] {
  const table = parameterTable(config);
  if (layout === 'flat') {
    const decay = constant(typedArray(dtype, decayMask(table)), [table.size]);
    return [{ shape: [table.size], decay, name: (vector) => vector }];
  }
  return table.parameters.map(({ name, shape, decay }) => ({ shape, decay: decay ? 1 : 0, name: (vector) => `${vector}/${name}` }));
}

/**
 * AdamW (Loshchilov & Hutter 2019) after clipping by the global norm. Inputs, each flat [P] or by parameter (`<vector>/<name>`): `parameters`, `m`,
 * `v`, `gradient`; and `settings` [8] with the bias corrections 1 − β^step. Outputs, laid out likewise: `parametersOut`, `mOut`, `vOut`; and
 * `status` [2] = (norm, applied). A gradient that is not finite changes nothing: the guard is in the graph, so no readback stands between
 * gradient and update.
 */
export function adamwGraph(config: LlamaConfig, { dtype = 'f32', layout = 'flat' }: GraphOptions = {}): Record<string, Sym> {
  const settings = input('settings', [SETTINGS.length], dtype);
  const setting = (name: (typeof SETTINGS)[number]): Sym => slice(settings, 0, SETTINGS.indexOf(name), SETTINGS.indexOf(name) + 1);
  const parts = partsOf(config, layout, dtype);
  const gradients = parts.map(({ shape, name }) => input(name('gradient'), shape, dtype));
  const squares = gradients.map((g) => reshape(reduceSumSquare(g, [...g.shape.keys()]), [1]));
  const norm = sqrt(squares.length === 1 ? squares[0]! : reshape(reduceSum(concat(squares, 0), [0]), [1]));
  // NaN compares false, so `ok` is false for NaN and for infinity.
  const ok = less(norm, constant(typedArray(dtype, [FINITE]), [1]));
  const clip = minimum(div(setting('clipNorm'), add(norm, 1e-6)), 1);

  // With c₁ = 1 − β₁ᵗ and c₂ = 1 − β₂ᵗ: (m/c₁) / (√(v/c₂) + ε) = (√c₂/c₁) · m / (√v + ε√c₂), which divides one number where the other divides P.
  const root2 = sqrt(setting('correction2'));
  const rate = mul(setting('learningRate'), div(root2, setting('correction1')));
  const epsilon = mul(setting('epsilon'), root2);
  const shrink = mul(setting('learningRate'), setting('weightDecay'));
  const [beta1, beta2] = [setting('beta1'), setting('beta2')];
  const [gain1, gain2] = [mul(clip, sub(1, beta1)), mul(clip, sqrt(sub(1, beta2)))];

  const out: Record<string, Sym> = {};
  parts.forEach(({ shape, decay, name }, i) => {
    const [p, m, v] = ['parameters', 'm', 'v'].map((vector) => input(name(vector), shape, dtype)) as [Sym, Sym, Sym];
    const g = gradients[i]!;
    const m1 = add(mul(m, beta1), mul(g, gain1));
    const scaled = mul(g, gain2);
    const v1 = add(mul(v, beta2), mul(scaled, scaled));
    const kept = decay === 0 ? p : sub(p, mul(p, mul(decay, shrink)));
    const next = sub(kept, mul(div(m1, add(sqrt(v1), epsilon)), rate));
    out[name('parametersOut')] = where(ok, next, p);
    out[name('mOut')] = where(ok, m1, m);
    out[name('vOut')] = where(ok, v1, v);
  });
  return { ...out, status: concat([norm, cast(ok, dtype)], 0) };
}
