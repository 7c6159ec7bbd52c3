import {
  accumulate,
  add,
  cast,
  concat,
  constant,
  flatten,
  gemm,
  grad,
  greaterOrEqual,
  input,
  mul,
  neg,
  reduceSum,
  reshape,
  stopGradient,
  typedArray,
  type DType,
  type Sym,
} from '../../tensor';
import type { LlamaConfig } from '../config';
import type { Features, FeatureName, Objective } from '../objective';
import { parameterTable } from '../parameters';
import { causalAttention, decoder, type Kernels } from './llama';
import { inOrder, jointWeights, weightInputs, type ParameterLayout, type Weights } from './weights';
import { tokenHead } from './head';

export interface Bucket {
  batch: number;
  /** Input positions: sequence length − 1. */
  length: number;
  /**
   * How many of the positions predict a token of a response. With it, `picked` i32 [R] says where they are among [B·T], everything by token is [1, R]
   * instead of [B, T], and what only a prompt's positions would need of the last layer and the head is not computed.
   */
  responses?: number;
}

/** Shape of everything by token. */
export const tokenShape = ({ batch, length, responses }: Bucket): [number, number] =>
  responses === undefined ? [batch, length] : [1, responses];

/** Order of the numbers in the `metrics` output. */
export const METRICS = ['tokens', 'loss', 'nll', 'entropy', 'weight', 'weightSquared', 'correctTokens'] as const;

const FED: readonly FeatureName[] = ['refLogp', 'oldLogp', 'behaviorLogp', 'advantage'];

/** The constants among an objective's features, fed with the batch by token. */
export function fedFeatures(objective: Objective): FeatureName[] {
  return FED.filter((f) => objective.needs.includes(f));
}

/** What a graph is built for; the defaults run on every provider. */
export interface GraphOptions {
  dtype?: DType;
  kernels?: Kernels;
  layout?: ParameterLayout;
}

/**
 * One micro-batch forward and backward. Inputs: the parameters and an accumulator, each flat [P] or by parameter (`accumulator/<name>`), `ids`,
 * `targets` i32 and `mask` by token (`tokenShape`), `scale` [1] = 1/N with N the optimizer step's response tokens, and the objective's fed features. Outputs:
 * `gradient`, laid out as the accumulator, = accumulator + ∂L/∂θ with L = (1/N) Σ m_t ℓ_t, and `metrics` (sums over this micro-batch's response
 * tokens).
 */
export function accumulateGraph(
  config: LlamaConfig,
  objective: Objective,
  bucket: Bucket,
  { dtype = 'f32', kernels = 'plain', layout = 'flat' }: GraphOptions = {},
): Record<string, Sym> {
  const shape = tokenShape(bucket);
  const scale = input('scale', [1], dtype);
  const mask = input('mask', shape, dtype);
  const weights = kernels === 'gpu' ? jointWeights(config, dtype) : weightInputs(config, layout, dtype);
  const { logp, entropy, sumP2, margin } = forward(config, weights, bucket, dtype, kernels);
  const features: Features = { logp, entropy, sumP2, mask } as Features;
  for (const name of fedFeatures(objective)) features[name] = input(name, shape, dtype);

  const losses = objective.loss(features);
  const total = reduceSum(mul(losses, mask), [0, 1]);
  // By the weights, not by the flat vector: a slice's own gradient would pad each of them to the whole length.
  const gradients = grad(reshape(mul(total, scale), []), inOrder(weights));
  // w_t = −∂ℓ_t/∂log p_t: the weight each token's log-likelihood gets, whatever the objective.
  const [dLogp] = grad(total, [logp]);
  const weight = neg(stopGradient(dLogp!));
  if (kernels === 'gpu') {
    // All sums as one product with the mask.
    const ones = constant(typedArray(dtype, new Float32Array(mask.size).fill(1)), shape);
    const each = [ones, losses, neg(logp), entropy, weight, mul(weight, weight), cast(greaterOrEqual(margin, 0), dtype)];
    const rows = concat(
      each.map((x) => reshape(x, [1, -1])),
      0,
    );
    const metrics = reshape(gemm(rows, reshape(mask, [-1, 1])), [METRICS.length]);
    return { ...accumulated(config, gradients, layout, dtype), metrics };
  }
  const sum = (x: Sym): Sym => reshape(reduceSum(mul(x, mask), [0, 1]), [1]);
  const metrics = concat(
    [
      concat([reshape(reduceSum(mask, [0, 1]), [1]), sum(losses), sum(neg(logp)), sum(entropy)], 0),
      concat([sum(weight), sum(mul(weight, weight)), sum(cast(greaterOrEqual(margin, 0), dtype))], 0),
    ],
    0,
  );
  return { ...accumulated(config, gradients, layout, dtype), metrics };
}

/** The accumulator plus the gradients, which come in the parameter table's order. */
function accumulated(config: LlamaConfig, gradients: readonly Sym[], layout: ParameterLayout, dtype: DType): Record<string, Sym> {
  const { parameters, size } = parameterTable(config);
  if (layout === 'flat') return { gradient: add(input('accumulator', [size], dtype), concat(gradients.map(flatten), 0)) };
  return Object.fromEntries(
    parameters.map(({ name, shape }, i) => [`gradient/${name}`, accumulate(input(`accumulator/${name}`, shape, dtype), gradients[i]!)]),
  );
}

/** Token log-probs and entropies by token (`tokenShape`). Inputs: the parameters, `ids`, `targets`. */
export function scoreGraph(config: LlamaConfig, bucket: Bucket, options: GraphOptions = {}): Record<string, Sym> {
  const { dtype = 'f32', kernels = 'plain', layout = 'flat' } = options;
  const weights = kernels === 'gpu' ? jointWeights(config, dtype) : weightInputs(config, layout, dtype);
  const { logp, entropy } = forward(config, weights, bucket, dtype, kernels);
  return { logProbs: logp, entropies: entropy };
}

/** All logits [B, T, V]: for tests and for checking exports. */
export function logitsGraph(config: LlamaConfig, bucket: Bucket, dtype: DType = 'f32'): Record<string, Sym> {
  const { batch, length } = bucket;
  return {
    logits: reshape(logits(config, weightInputs(config, 'flat', dtype), bucket, dtype, 'plain'), [batch, length, config.vocabSize]),
  };
}

function logits(config: LlamaConfig, weights: Weights, { batch, length, responses }: Bucket, dtype: DType, kernels: Kernels): Sym {
  const ids = flatten(input('ids', [batch, length], 'i32'));
  const picked = responses === undefined ? undefined : input('picked', [responses], 'i32');
  const hidden = decoder(config, weights, ids, causalAttention(config, batch, length, dtype, kernels), kernels, picked);
  return gemm(hidden, weights.head, false, true);
}

function forward(
  config: LlamaConfig,
  weights: Weights,
  bucket: Bucket,
  dtype: DType,
  kernels: Kernels,
): { logp: Sym; entropy: Sym; sumP2: Sym; margin: Sym } {
  const shape = tokenShape(bucket);
  const targets = flatten(input('targets', shape, 'i32'));
  const head = tokenHead(logits(config, weights, bucket, dtype, kernels), targets);
  return {
    logp: reshape(head.logp, shape),
    entropy: reshape(head.entropy, shape),
    sumP2: reshape(head.sumP2, shape),
    margin: reshape(head.margin, shape),
  };
}
