/** The four arms of the comparison: which data, which objective. All from one start, one seed, one order. */
import type { TrainExample } from '../policy/types';
import { join } from './operators/prepare';
import { ARMS, type ArmId, type ObjectiveSpec, type RewrittenRow, type TrainConfig } from './types';

export interface ArmDefinition {
  id: ArmId;
  name: string;
  description: string;
  /** D = expert responses, D_mix = what T kept. */
  data: 'expert' | 'rewritten';
  objective: ObjectiveSpec;
  /** Peak learning rate for the built-in world, chosen on its validation split by `gap tune`; every trial is in `tuning.json`. */
  learningRate: number;
}

const arms: Record<ArmId, ArmDefinition> = {
  sft: {
    id: 'sft',
    name: 'SFT',
    description: 'Negative log-likelihood of the expert’s responses.',
    data: 'expert',
    objective: { id: 'sft' },
    learningRate: 3e-5,
  },
  dft: {
    id: 'dft',
    name: 'DFT',
    description: 'The expert’s responses, each token weighted by its own probability.',
    data: 'expert',
    objective: { id: 'dft' },
    learningRate: 3e-5,
  },
  'dr+sft': {
    id: 'dr+sft',
    name: 'DR + SFT',
    description: 'Negative log-likelihood of the rewritten responses.',
    data: 'rewritten',
    objective: { id: 'sft' },
    learningRate: 3e-5,
  },
  'dr+dft': {
    id: 'dr+dft',
    name: 'DR + DFT',
    description: 'The paper’s method: rewritten responses, each token weighted by its own probability.',
    data: 'rewritten',
    objective: { id: 'dft' },
    learningRate: 3e-5,
  },
};
export const ARM_DEFINITIONS: Readonly<Record<ArmId, ArmDefinition>> = arms;

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

/** Default configurations of all four. */
export function armConfigs(seed: number, maxLength: number): Record<ArmId, TrainConfig> {
  return Object.fromEntries(ARMS.map((arm) => [arm, armConfig(arm, seed, maxLength)])) as Record<ArmId, TrainConfig>;
}

/**
 * An arm's examples, one per problem and in problem order for both kinds of data, so that a seed gives the same order of problems to
 * every arm. π_0's log-probs come along as the reference, μ's where they are known.
 */
export function armExamples(arm: ArmId, rows: readonly RewrittenRow[]): TrainExample[] {
  const sorted = [...rows].sort((a, b) => (a.problemId < b.problemId ? -1 : a.problemId > b.problemId ? 1 : 0));
  return sorted.map((row) => {
    const { tokens, logProbs, behaviorLogProbs } = ARM_DEFINITIONS[arm].data === 'expert' ? row.expert : row;
    const example: TrainExample = { ids: join(row.promptTokens, tokens), from: row.promptTokens.length, refLogProbs: logProbs };
    if (behaviorLogProbs) example.behaviorLogProbs = Float32Array.from(behaviorLogProbs);
    return example;
  });
}
