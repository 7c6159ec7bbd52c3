/** An arm is a data operator × an objective × a learning rate. All start from π_0, with one seed and one order of problems. */
import type { TrainExample } from '../policy/types';
import { operatorOf, type OperatorId } from './operators';
import { join } from './operators/prepare';
import { byProblem } from './rewrite';
import type { ObjectiveSpec, RewrittenRow, TrainConfig } from './types';

export interface ArmDefinition<Id extends string = string> {
  readonly id: Id;
  readonly name: string;
  readonly description: string;
  readonly operator: OperatorId;
  readonly objective: ObjectiveSpec;
  /** Peak learning rate for the built-in world. */
  readonly learningRate: number;
  /** A run has these unless it is told otherwise: the paper's Table 2. */
  readonly byDefault: boolean;
}

/** One rate for all arms: the one that `gap claims` tunes for DFT on the validation split. Each arm's own best stands in the recorded run. */
export const COMMON_RATE = 3e-4;

const arm = <const Id extends string>(definition: ArmDefinition<Id>): ArmDefinition<Id> => definition;

/** Every arm, in the order of the page. Adding one is one entry here. */
export const ARM_LIST = [
  arm({
    id: 'sft',
    name: 'SFT',
    description: 'Negative log-likelihood of the expert’s responses.',
    operator: 'expert',
    objective: { id: 'sft' },
    learningRate: COMMON_RATE,
    byDefault: true,
  }),
  arm({
    id: 'dft',
    name: 'DFT',
    description: 'The expert’s responses, each token weighted by its own probability.',
    operator: 'expert',
    objective: { id: 'dft' },
    learningRate: COMMON_RATE,
    byDefault: true,
  }),
  arm({
    id: 'dr+sft',
    name: 'DR + SFT',
    description: 'Negative log-likelihood of the rewritten responses.',
    operator: 'dr',
    objective: { id: 'sft' },
    learningRate: COMMON_RATE,
    byDefault: true,
  }),
  arm({
    id: 'dr+dft',
    name: 'DR + DFT',
    description: 'The paper’s method: rewritten responses, each token weighted by its own probability.',
    operator: 'dr',
    objective: { id: 'dft' },
    learningRate: COMMON_RATE,
    byDefault: true,
  }),
  arm({
    id: 'dft+self',
    name: 'DFT + self',
    description: 'DFT where only self-aligned answers replace the expert’s text (the paper’s Table 4).',
    operator: 'self-only',
    objective: { id: 'dft' },
    learningRate: COMMON_RATE,
    byDefault: false,
  }),
  arm({
    id: 'dft+guided',
    name: 'DFT + guided',
    description: 'DFT where only retellings replace the expert’s text (the paper’s Table 4).',
    operator: 'guided-only',
    objective: { id: 'dft' },
    learningRate: COMMON_RATE,
    byDefault: false,
  }),
] as const;

export type ArmId = (typeof ARM_LIST)[number]['id'];

export const ARMS: readonly ArmId[] = ARM_LIST.map(({ id }) => id);
export const DEFAULT_ARMS: readonly ArmId[] = ARM_LIST.flatMap(({ id, byDefault }) => (byDefault ? [id] : []));

export const byArm = <T>(value: (arm: ArmId) => T, arms: readonly ArmId[] = ARMS): Record<ArmId, T> =>
  Object.fromEntries(arms.map((id) => [id, value(id)])) as Record<ArmId, T>;

/** The definition of each arm. */
export const ARM_DEFINITIONS: Readonly<Record<ArmId, ArmDefinition<ArmId>>> = byArm((id) => ARM_LIST.find((one) => one.id === id)!);

/** The arms that a configuration has, in the list's order. */
export const armsOf = (configs: Partial<Record<ArmId, unknown>>): ArmId[] => ARMS.filter((id) => configs[id] !== undefined);

/** What all arms share in the built-in world: AdamW as in the paper's scripts; batch and epochs for 256 problems. */
export const SHARED_TRAINING: Omit<TrainConfig, 'objective' | 'learningRate' | 'seed' | 'maxLength'> = {
  warmup: 0.1,
  epochs: 2,
  batchSize: 32,
  weightDecay: 0.01,
  clipNorm: 1.0,
  beta1: 0.9,
  beta2: 0.95,
};

/** An arm's default configuration. */
export function armConfig(arm: ArmId, seed: number, maxLength: number): TrainConfig {
  const { objective, learningRate } = ARM_DEFINITIONS[arm];
  return { ...SHARED_TRAINING, objective, learningRate, seed, maxLength };
}

/** Default configurations, of the paper's four arms unless others are named. */
export function armConfigs(seed: number, maxLength: number, arms: readonly ArmId[] = DEFAULT_ARMS): Partial<Record<ArmId, TrainConfig>> {
  return byArm((id) => armConfig(id, seed, maxLength), arms);
}

/**
 * An arm's examples, one per problem and in problem order for every operator, so that a seed gives the same order of problems to
 * every arm. π_0's log-probs come along as the reference, μ's where they are known.
 *
 * @param rows of full data rewriting
 */
export function armExamples(arm: ArmId, rows: readonly RewrittenRow[]): TrainExample[] {
  const { fromRewriting, id } = operatorOf(ARM_DEFINITIONS[arm].operator);
  if (!fromRewriting) throw new RangeError(`The data of operator "${id}" do not follow from a rewriting; it has to be run.`);
  return examplesOf(rows.map(fromRewriting));
}

/** Training examples of an operator's rows, in problem order. */
export function examplesOf(rows: readonly RewrittenRow[]): TrainExample[] {
  return byProblem(rows).map(({ promptTokens, tokens, policyLogProbs, behaviorLogProbs }) => {
    const example: TrainExample = { ids: join(promptTokens, tokens), from: promptTokens.length, refLogProbs: policyLogProbs };
    if (behaviorLogProbs) example.behaviorLogProbs = behaviorLogProbs;
    return example;
  });
}
