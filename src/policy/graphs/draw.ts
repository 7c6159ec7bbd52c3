/** Drawing a token inside the graph: the inverse of the cumulative distribution at a uniform number. */
import {
  cast,
  cumSum,
  exp,
  gatherElements,
  greaterOrEqual,
  input,
  less,
  lessOrEqual,
  log,
  minimum,
  mul,
  neg,
  reciprocal,
  reduceMax,
  reduceSum,
  slice,
  softmax,
  sub,
  topValues,
  where,
  type DType,
  type Sym,
} from '../../tensor';

/** 'unit' is 'full' at temperature 1, where the sampling distribution is π_θ itself. */
export type SamplingMode = 'greedy' | 'unit' | 'full' | 'top-p';

/** logits [B, V], uniform [B, 1] → the drawn token (i32) and its log-probs, [B, 1] each. */
export function sampleToken(
  logits: Sym,
  uniform: Sym | null,
  mode: SamplingMode,
  dtype: DType,
): { token: Sym; logp: Sym; samplingLogp: Sym } {
  const vocab = logits.shape[1]!;
  const pick = (x: Sym, token: Sym): Sym => gatherElements(x, token, 1);
  const count = (condition: Sym): Sym => {
    // Rounding can leave a count of V; the last token is then the right one.
    const index = minimum(reduceSum(cast(condition, dtype), [1], true), vocab - 1);
    return cast(index, 'i32');
  };
  const drawn = (masses: Sym): { token: Sym; total: Sym } => {
    const cumulative = cumSum(masses, 1);
    const total = slice(cumulative, 1, vocab - 1, vocab);
    return { token: count(lessOrEqual(cumulative, mul(total, uniform!))), total };
  };
  if (mode === 'unit') {
    const p = softmax(logits);
    const { token } = drawn(p);
    const logp = log(pick(p, token));
    return { token, logp, samplingLogp: logp };
  }
  const max = reduceMax(logits, [1], true);
  const shifted = sub(logits, max);
  const logTotal = log(reduceSum(exp(shifted), [1], true));
  if (mode === 'greedy') {
    const hit = cast(greaterOrEqual(shifted, 0), dtype);
    const token = count(less(cumSum(hit, 1), 0.5));
    const logp = sub(pick(shifted, token), logTotal);
    // Drawn with probability 1.
    return { token, logp, samplingLogp: mul(logp, 0) };
  }
  const e = exp(mul(shifted, input('inverseTemperature', [1], dtype)));
  let kept = e;
  if (mode === 'top-p') {
    const p = mul(e, reciprocal(reduceSum(e, [1], true)));
    const sorted = topValues(p, vocab);
    // A token stays while the mass before it is below top-p; the smallest that stays is the threshold.
    const before = sub(cumSum(sorted, 1), sorted);
    const smallest = neg(reduceMax(neg(where(less(before, input('topP', [1], dtype)), sorted, 2)), [1], true));
    kept = where(greaterOrEqual(p, smallest), e, 0);
  }
  const { token, total } = drawn(kept);
  return { token, logp: sub(pick(shifted, token), logTotal), samplingLogp: log(mul(pick(kept, token), reciprocal(total))) };
}
