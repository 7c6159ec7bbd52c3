/** Sizes of the whole reproduction on the built-in world. */
import { armConfigs, DEFAULT_ARMS, type ArmId } from './arms';
import type { RunPlan } from './plan';

export interface Preset {
  id: string;
  description: string;
  /** Training problems. */
  problems: number;
  k: number;
  /** Per test set. */
  testProblems: number;
  runs: number;
}

export const PRESETS: Readonly<Record<string, Preset>> = {
  tiny: {
    id: 'tiny',
    description: 'a check that every part runs: 12 problems, K=2; 2 problems a test set, avg@1',
    problems: 12,
    k: 2,
    testProblems: 2,
    runs: 1,
  },
  quick: {
    id: 'quick',
    description: 'the four arms whole in a minute or two: 256 problems, K=8; 32 problems a test set, avg@4',
    problems: 256,
    k: 8,
    testProblems: 32,
    runs: 4,
  },
  paper: {
    id: 'paper',
    description: 'as many samples as the paper: 256 problems, K=8; 64 problems a test set, avg@16',
    problems: 256,
    k: 8,
    testProblems: 64,
    runs: 16,
  },
};

/** Which problems a run uses does not depend on its seed, so that seeds differ in sampling and order only. */
export const DATA_SEED = 1;
/** Longer than any solution of the built-in world in either voice; a sample cut here has lost its way. */
export const MAX_NEW_TOKENS = 128;

/**
 * The plan of a preset. One seed gives sampling, order of examples and evaluation; each draws from its own stream.
 * @throws RangeError naming the presets when there is none of that name.
 */
export function presetPlan(id: string, seed: number, maxLength: number, arms: readonly ArmId[] = DEFAULT_ARMS): RunPlan {
  if (!Object.hasOwn(PRESETS, id)) throw new RangeError(`There is no preset "${id}". Presets: ${Object.keys(PRESETS).join(', ')}.`);
  const { problems, k, testProblems, runs } = PRESETS[id]!;
  return {
    rewrite: { set: 'train', problems, dataSeed: DATA_SEED, k, temperature: 1, topP: 1, seed, maxNewTokens: MAX_NEW_TOKENS, chunk: 32 },
    arms: armConfigs(seed, maxLength, arms),
    evaluation: { problems: testProblems, runs, seed, dataSeed: DATA_SEED, temperature: 1, topP: 1, maxNewTokens: MAX_NEW_TOKENS },
  };
}
