/** Drawing a token inside the graph: the inverse of the cumulative distribution at a uniform number. */
import {
  add,
  cast,
  constant,
  cumSum,
  exp,
  gather,
  gatherElements,
  greaterOrEqual,
  input,
  less,
  lessOrEqual,
  log,
  maximum,
  minimum,
  mul,
  neg,
  reciprocal,
  reduceMax,
  reduceSum,
  reshape,
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

export interface Draw {
  /** What is drawn (i32) and its log-probs, [B, 1] each; [Q, 1] where Q responses draw. */
  token: Sym;
  logp: Sym;
  behaviorLogp: Sym;
}

/** What is drawn with. `rows` i32 [Q]: several responses draw from one row's distribution; response q from row rows[q]. Without it each row has one response. */
export interface DrawInputs {
  /** [Q, 1]; null where nothing is random. */
  uniform: Sym | null;
  rows: Sym | null;
  /** Whether the sum runs over parts of the vocabulary first: less work, more operators. */
  inParts: boolean;
}

/** logits [B, V] → what each response draws. */
export function sampleToken(logits: Sym, inputs: DrawInputs, mode: SamplingMode, dtype: DType): Draw {
  const vocab = logits.shape[1]!;
  const { rows } = inputs;
  const byResponse = (x: Sym): Sym => (rows ? gather(x, rows) : x);
  const pick = (x: Sym, token: Sym): Sym =>
    rows ? column(gather(reshape(x, [-1]), add(mul(rows, vocab), reshape(token, [-1])))) : gatherElements(x, token, 1);
  if (mode === 'unit') {
    const { token, mass } = drawn(softmax(logits), inputs);
    const logp = log(mass);
    return { token, logp, behaviorLogp: logp };
  }
  const max = reduceMax(logits, [1], true);
  const shifted = sub(logits, max);
  const logTotal = log(reduceSum(exp(shifted), [1], true));
  if (mode === 'greedy') {
    const hit = cast(greaterOrEqual(shifted, 0), dtype);
    const token = byResponse(index(less(cumSum(hit, 1), 0.5)));
    const logp = sub(pick(shifted, token), byResponse(logTotal));
    // Drawn with probability 1.
    return { token, logp, behaviorLogp: mul(logp, 0) };
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
  const { token, mass, total } = drawn(kept, inputs);
  return { token, logp: sub(pick(shifted, token), byResponse(logTotal)), behaviorLogp: log(mul(mass, reciprocal(total))) };
}

const column = (x: Sym): Sym => reshape(x, [-1, 1]);

/** In how many of a row's columns the condition holds, as an index: i32 [N, 1]. Rounding can leave all of them; the last one is then the right one. */
function index(condition: Sym): Sym {
  return cast(minimum(reduceSum(cast(condition, 'f32'), [1], true), condition.shape[1]! - 1), 'i32');
}

/** The inverse of the cumulative sum of masses [B, V] at each uniform's share of the total: a token, its mass, and the total, [Q, 1] each. */
function drawn(masses: Sym, { uniform, rows, inParts }: DrawInputs): { token: Sym; mass: Sym; total: Sym } {
  const vocab = masses.shape[1]!;
  if (!inParts) {
    const cumulative = cumSum(masses, 1);
    const total = slice(cumulative, 1, vocab - 1, vocab);
    const token = index(lessOrEqual(cumulative, mul(total, uniform!)));
    return { token, mass: gatherElements(masses, token, 1), total };
  }
  const byResponse = (x: Sym): Sym => (rows ? gather(x, rows) : x);
  const width = partWidth(vocab);
  const parts = vocab / width;
  // Which part the share falls into …
  const sums = reduceSum(reshape(masses, [-1, parts, width]), [2]);
  const upTo = byResponse(cumSum(sums, 1));
  const total = slice(upTo, 1, parts - 1, parts);
  const share = mul(total, uniform!);
  const passed = lessOrEqual(upTo, share);
  const part = index(passed);
  const rest = sub(share, reduceSum(mul(cast(passed, masses.dtype), byResponse(sums)), [1], true));
  // … and which of its tokens. What rounding leaves outside the part is brought back to a token that has a mass.
  const first = mul(part, width);
  const own = rows
    ? gather(reshape(masses, [-1, width]), add(mul(rows, parts), reshape(part, [-1])))
    : gatherElements(
        masses,
        add(
          first,
          constant(
            Int32Array.from({ length: width }, (_, i) => i),
            [1, width],
          ),
        ),
        1,
      );
  const within = cumSum(own, 1);
  const last = slice(within, 1, width - 1, width);
  const place = index(lessOrEqual(within, maximum(minimum(rest, mul(last, BELOW_ONE)), 0)));
  return { token: add(first, place), mass: gatherElements(own, place, 1), total };
}

const BELOW_ONE = 1 - 2 ** -20;

/** The divisor of a vocabulary's size that is nearest its root from below: as many parts as a part has tokens, or more. */
function partWidth(vocab: number): number {
  let width = Math.floor(Math.sqrt(vocab));
  while (vocab % width !== 0) width--;
  return width;
}
