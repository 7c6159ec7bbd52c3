/** Training of one arm: AdamW on an objective over fixed examples, in an order that depends on the seed and nothing else. */
import { createRandom } from '../policy/random';
import type { AccumulateResult, ApplyOptions, DeferredSteps, PolicyCheckpoint, TrainablePolicy, TrainExample } from '../policy/types';
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
  | { type: 'start'; examples: number; filtered: number; steps: number; from: number }
  /** `latest`: the policy stands where this step left it, so that a checkpoint taken now is one after this step. */
  | { type: 'step'; metrics: TrainMetrics; latest: boolean };

/** Steps whose figures are deferred are read together: so many at most, and no longer after the first of them began than this. */
const TOGETHER = { steps: 8, milliseconds: 250 };

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
 * after a step that is the `latest`; given it as `resume`, the run goes on with the very steps that were missing.
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

  const plan = function* (): Generator<PlannedStep, void, void> {
    for (let step = from + 1; step <= steps; step++) {
      const batch = batchIndices(step, kept.length, config).map((i) => kept[i]!);
      const tokens = batch.reduce((total, { ids, from }) => total + ids.length - from, 0); // N
      yield { step, steps, batch, tokens, learningRate: learningRateAt(step, steps, config.learningRate, config.warmup) };
    }
  };
  const planned = objective.needs.includes('oldLogp') ? withOldPolicy(policy, plan(), objective.innerSteps ?? 1, signal) : plan();
  yield* policy.deferred
    ? deferredSteps(policy.deferred, planned, objective, config, signal)
    : immediateSteps(policy, planned, objective, config, signal);
}

interface PlannedStep {
  step: number;
  steps: number;
  batch: TrainExample[];
  /** N. */
  tokens: number;
  learningRate: number;
  /** False inside of inner steps: what follows needs a π_old that no checkpoint keeps. */
  resumable?: boolean;
}
type BoundObjective = ReturnType<typeof bindObjective>;
type StepEvent = TrainEvent & { type: 'step' };

/** Steps in groups of `inner`, whose examples carry their log-probs under the policy at the group's beginning, π_old. */
async function* withOldPolicy(
  policy: TrainablePolicy,
  plan: Iterable<PlannedStep>,
  inner: number,
  signal?: AbortSignal,
): AsyncGenerator<PlannedStep, void, void> {
  let group: PlannedStep[] = [];
  for (const planned of plan) {
    group.push(planned);
    if (planned.step % inner !== 0 && planned.step !== planned.steps) continue;
    const examples = [...new Set(group.flatMap(({ batch }) => batch))];
    const scores = await policy.score(examples, signal);
    const old = new Map(examples.map((example, i) => [example, { ...example, oldLogProbs: scores[i]!.logProbs }]));
    for (const one of group) yield { ...one, batch: one.batch.map((example) => old.get(example)!), resumable: one === planned };
    group = [];
  }
}

async function* immediateSteps(
  policy: TrainablePolicy,
  plan: Iterable<PlannedStep> | AsyncIterable<PlannedStep>,
  objective: BoundObjective,
  config: TrainConfig,
  signal?: AbortSignal,
): AsyncGenerator<StepEvent, void, void> {
  for await (const planned of plan) {
    signal?.throwIfAborted();
    const started = Date.now();
    const sums = await policy.accumulate(planned.batch, objective, planned.tokens);
    checkLoss(planned, sums);
    const { gradNorm, applied } = await policy.apply(updateOptions(planned, config));
    checkApplied(planned, gradNorm, applied);
    yield { type: 'step', metrics: metricsOf(planned, sums, gradNorm, (Date.now() - started) / 1000), latest: planned.resumable ?? true };
  }
}

/** Whatever ends the run, the steps that were done come first. */
async function* deferredSteps(
  deferred: DeferredSteps,
  plan: Iterable<PlannedStep> | AsyncIterable<PlannedStep>,
  objective: BoundObjective,
  config: TrainConfig,
  signal?: AbortSignal,
): AsyncGenerator<StepEvent, void, void> {
  let waiting: PlannedStep[] = [];
  let started = 0;
  let failure: { error: unknown } | null = null;
  const read = async function* (): AsyncGenerator<StepEvent, void, void> {
    const done = waiting;
    waiting = [];
    const reports = await deferred.read();
    const seconds = (Date.now() - started) / 1000 / done.length;
    for (const [i, planned] of done.entries()) {
      const { sums, gradNorm, applied } = reports[i]!;
      checkLoss(planned, sums);
      checkApplied(planned, gradNorm, applied);
      // After one that was not applied none was.
      const latest = (planned.resumable ?? true) && (i === done.length - 1 || !reports[i + 1]!.applied);
      yield { type: 'step', metrics: metricsOf(planned, sums, gradNorm, seconds), latest };
    }
  };
  for await (const planned of plan) {
    if (signal?.aborted) break;
    if (waiting.length === 0) started = Date.now();
    try {
      await deferred.step(planned.batch, objective, planned.tokens, updateOptions(planned, config));
    } catch (error) {
      failure = { error };
      break;
    }
    waiting.push(planned);
    if (waiting.length === TOGETHER.steps || Date.now() - started >= TOGETHER.milliseconds) yield* read();
  }
  if (waiting.length > 0) yield* read();
  if (failure) throw failure.error;
  signal?.throwIfAborted();
}

function checkLoss({ step, steps }: PlannedStep, { loss }: AccumulateResult): void {
  if (!Number.isFinite(loss)) throw new TrainingStopped(step, steps, `the loss is ${loss}`);
}

function checkApplied({ step, steps }: PlannedStep, gradNorm: number, applied: boolean): void {
  if (!applied) throw new TrainingStopped(step, steps, `the gradient is not finite (norm ${gradNorm})`);
}

const updateOptions = ({ learningRate }: PlannedStep, { beta1, beta2, weightDecay, clipNorm }: TrainConfig): ApplyOptions => ({
  learningRate,
  beta1,
  beta2,
  weightDecay,
  clipNorm,
});

function metricsOf(
  { step, steps, learningRate, tokens }: PlannedStep,
  sums: AccumulateResult,
  gradNorm: number,
  seconds: number,
): TrainMetrics {
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
    seconds,
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
