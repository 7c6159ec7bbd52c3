/** Training of one arm: AdamW on an objective over fixed examples, in an order that depends on the seed and nothing else. */
import { createRandom } from '../policy/random';
import type { PolicyCheckpoint, TrainablePolicy, TrainExample } from '../policy/types';
import { bindObjective } from './objectives';
import { learningRateAt } from './schedule';
import type { TrainConfig, TrainMetrics } from './types';

/** A run stopped at `step`: its loss or gradient was not finite. The policy's parameters are those after step − 1. */
export class TrainingStopped extends Error {
  override readonly name = 'TrainingStopped';
  constructor(
    readonly step: number,
    readonly steps: number,
    cause: string,
  ) {
    super(`Training stopped at step ${step} of ${steps}: ${cause}. Nothing was changed by this step; a lower learning rate usually helps.`);
  }
}

/** Where an interrupted run stands: the checkpoint taken after `step` steps (checkpoint.step counts the policy's own). */
export interface TrainResume {
  checkpoint: PolicyCheckpoint;
  step: number;
}

export type TrainEvent =
  /** Before the first step of this call; `filtered` examples are longer than maxLength and not trained on. */
  { type: 'start'; examples: number; filtered: number; steps: number; from: number } | { type: 'step'; metrics: TrainMetrics };

/** Optimizer steps of a run over `examples` examples; the last batch of an epoch may be smaller. */
export function totalSteps(examples: number, config: Pick<TrainConfig, 'epochs' | 'batchSize'>): number {
  return config.epochs * Math.ceil(examples / config.batchSize);
}

/** The examples of optimizer step 1 …: a seeded permutation per epoch, cut into batches. A pure function of its arguments. */
export function batchIndices(step: number, examples: number, config: Pick<TrainConfig, 'batchSize' | 'seed'>): number[] {
  const perEpoch = Math.ceil(examples / config.batchSize);
  const epoch = Math.floor((step - 1) / perEpoch);
  const at = ((step - 1) % perEpoch) * config.batchSize;
  return permutation(examples, config.seed, epoch).slice(at, at + config.batchSize);
}

function permutation(length: number, seed: number, epoch: number): number[] {
  return createRandom(seed, `order/${epoch}`).shuffle(Array.from({ length }, (_, i) => i));
}

/**
 * Trains `policy` in place and yields each optimizer step's metrics when it has been applied. The consumer may take a checkpoint
 * between steps; given it as `resume`, the run goes on with the very steps that were missing.
 *
 * The loss of a step is L = (1/N) Σ m_t ℓ_t with N the response tokens of its whole batch: a global token mean, whatever the micro-batches.
 *
 * @throws TrainingStopped when a loss or gradient is not finite; RangeError for an unusable configuration or no examples; the signal's reason.
 */
export async function* trainArm(
  policy: TrainablePolicy,
  examples: readonly TrainExample[],
  config: TrainConfig,
  resume?: TrainResume,
  signal?: AbortSignal,
): AsyncGenerator<TrainEvent, void, void> {
  checkConfig(config);
  const objective = bindObjective(config.objective);
  const limit = Math.min(config.maxLength, policy.maxLength);
  const kept = examples.filter((example) => example.ids.length <= limit);
  if (kept.length === 0)
    throw new RangeError(`There is nothing to train on: none of ${examples.length} examples has at most ${limit} tokens.`);
  const steps = totalSteps(kept.length, config);
  const from = resume?.step ?? 0;
  if (resume) await policy.restore(resume.checkpoint);
  yield { type: 'start', examples: kept.length, filtered: examples.length - kept.length, steps, from };

  for (let step = from + 1; step <= steps; step++) {
    signal?.throwIfAborted();
    const batch = batchIndices(step, kept.length, config).map((i) => kept[i]!);
    yield { type: 'step', metrics: await optimizerStep(policy, batch, objective, config, step, steps) };
  }
}

async function optimizerStep(
  policy: TrainablePolicy,
  batch: TrainExample[],
  objective: ReturnType<typeof bindObjective>,
  config: TrainConfig,
  step: number,
  steps: number,
): Promise<TrainMetrics> {
  const started = Date.now();
  const learningRate = learningRateAt(step, steps, config.learningRate, config.warmup);
  const tokens = batch.reduce((total, { ids, from }) => total + ids.length - from, 0); // N
  const sums = await policy.accumulate(batch, objective, tokens);
  if (!Number.isFinite(sums.loss)) throw new TrainingStopped(step, steps, `the loss is ${sums.loss}`);
  const { beta1, beta2, weightDecay, clipNorm } = config;
  const { gradNorm, applied } = await policy.apply({ learningRate, beta1, beta2, weightDecay, clipNorm });
  if (!applied) throw new TrainingStopped(step, steps, `the gradient is not finite (norm ${gradNorm})`);
  return {
    step,
    steps,
    learningRate,
    loss: sums.loss / tokens,
    nll: sums.nll / tokens,
    entropy: sums.entropy / tokens,
    essRatio: sums.weight ** 2 / (sums.weightSquared * tokens),
    meanWeight: sums.weight / tokens,
    gradNorm,
    tokenAccuracy: sums.correctTokens / tokens,
    tokens,
    seconds: (Date.now() - started) / 1000,
  };
}

function checkConfig({ learningRate, warmup, epochs, batchSize }: TrainConfig): void {
  if (!(learningRate > 0)) throw new RangeError(`The learning rate must be above 0, not ${learningRate}.`);
  if (!(warmup >= 0 && warmup < 1)) throw new RangeError(`The warm-up fraction must be at least 0 and below 1, not ${warmup}.`);
  for (const [name, value] of [
    ['epochs', epochs],
    ['batchSize', batchSize],
  ] as const) {
    if (!Number.isInteger(value) || value < 1) throw new RangeError(`Training needs a positive whole number for ${name}, not ${value}.`);
  }
}
