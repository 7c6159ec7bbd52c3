/**
 * Every setting of the notebook: label, help, range, default, and the results that it makes out of date. Controls, the address's hash and
 * the run's configuration are made from this list.
 */
import { ARM_DEFINITIONS, armConfig, ARMS, armsOf, byArm, DEFAULT_ARMS, SHARED_TRAINING, type ArmId } from '../../method/arms';
import { dependsOn, worksOf, type WorkId } from '../../method/plan';
import { PRESETS, presetPlan } from '../../method/presets';
import { worldTask } from '../../tasks/tinymath/gap';
import type { RunConfig } from '../../protocol/messages';

export type SettingGroup = 'rewriting' | 'training' | 'evaluation';

export interface Setting {
  id: string;
  group: SettingGroup;
  label: string;
  /** What it does, in a sentence. */
  help: string;
  min: number;
  max: number;
  step: number;
  default: number;
  integer: boolean;
  /** Behind "more settings". */
  advanced?: boolean;
  /** 0 or 1, shown as a checkbox. */
  onOff?: boolean;
}

/** `dr+sft` as `DrSft`: what an arm is called in the ids of its settings. */
const armSuffix = (arm: ArmId): string =>
  arm
    .split('+')
    .map((part) => part[0]!.toUpperCase() + part.slice(1))
    .join('');
/** The setting that holds an arm's learning rate: `lrDrSft`. */
export const LR_IDS: Readonly<Record<ArmId, string>> = byArm((arm) => `lr${armSuffix(arm)}`);
/** The setting that says whether a run has the arm: `armDrSft`. */
export const ARM_IDS: Readonly<Record<ArmId, string>> = byArm((arm) => `arm${armSuffix(arm)}`);

const integer = (setting: Omit<Setting, 'integer' | 'step'> & { step?: number }): Setting => ({ step: 1, ...setting, integer: true });
const real = (setting: Omit<Setting, 'integer'>): Setting => ({ ...setting, integer: false });

const QUICK = PRESETS.quick!;

export const SETTINGS: readonly Setting[] = [
  integer({
    id: 'problems',
    group: 'rewriting',
    label: 'Problems',
    help: 'How many training problems are rewritten and trained on.',
    min: 2,
    max: 1024,
    default: QUICK.problems,
  }),
  integer({
    id: 'k',
    group: 'rewriting',
    label: 'Samples per problem, K',
    help: 'Answers drawn in each stage before the next stage is tried.',
    min: 1,
    max: 32,
    default: QUICK.k,
  }),
  real({
    id: 'temperature',
    group: 'rewriting',
    label: 'Temperature',
    help: 'Of the rewriting. 1 samples the policy as it is; higher is more varied.',
    min: 0.1,
    max: 2,
    step: 0.05,
    default: 1,
  }),
  integer({
    id: 'seed',
    group: 'rewriting',
    label: 'Seed',
    help: 'Of every random number of this run. The same seed gives the same texts.',
    min: 0,
    max: 999999,
    default: 1,
  }),
  real({
    id: 'topP',
    group: 'rewriting',
    label: 'Top-p',
    help: 'Nucleus truncation of the rewriting; 1 is none.',
    min: 0.05,
    max: 1,
    step: 0.05,
    default: 1,
    advanced: true,
  }),
  integer({
    id: 'epochs',
    group: 'training',
    label: 'Epochs',
    help: 'Passes over the data, the same for every arm.',
    min: 1,
    max: 20,
    default: SHARED_TRAINING.epochs,
  }),
  integer({
    id: 'batch',
    group: 'training',
    label: 'Batch',
    help: 'Problems per optimizer step.',
    min: 1,
    max: 256,
    default: SHARED_TRAINING.batchSize,
  }),
  ...ARMS.map((arm) =>
    integer({
      id: ARM_IDS[arm],
      group: 'training',
      label: `Train ${ARM_DEFINITIONS[arm].name}`,
      help: ARM_DEFINITIONS[arm].description,
      min: 0,
      max: 1,
      default: ARM_DEFINITIONS[arm].byDefault ? 1 : 0,
      advanced: true,
      onOff: true,
    }),
  ),
  ...ARMS.map((arm) =>
    real({
      id: LR_IDS[arm],
      group: 'training',
      label: `Learning rate, ${ARM_DEFINITIONS[arm].name}`,
      help: 'Peak of the cosine schedule.',
      min: 1e-6,
      max: 0.01,
      step: 1e-6,
      default: ARM_DEFINITIONS[arm].learningRate,
      advanced: true,
    }),
  ),
  integer({
    id: 'testProblems',
    group: 'evaluation',
    label: 'Problems per test set',
    help: 'Of each test set.',
    min: 1,
    max: 256,
    default: QUICK.testProblems,
  }),
  integer({
    id: 'runs',
    group: 'evaluation',
    label: 'Runs, n of avg@n',
    help: 'Answers per test problem at temperature 1; the accuracy is their mean.',
    min: 1,
    max: 16,
    default: QUICK.runs,
  }),
];

export type SettingValues = Record<string, number>;

export const DEFAULTS: Readonly<SettingValues> = Object.freeze(
  Object.fromEntries(SETTINGS.map((setting) => [setting.id, setting.default])),
);

/** The nearest allowed value, or the default if the value is not a number. */
export function clampSetting(setting: Setting, value: number): number {
  if (!Number.isFinite(value)) return setting.default;
  const inside = Math.min(setting.max, Math.max(setting.min, value));
  return setting.integer ? Math.round(inside) : inside;
}

/** What is wrong with a value as typed, or null. */
export function settingProblem(setting: Setting, value: number | null): string | null {
  if (value === null || !Number.isFinite(value)) return `Enter a number from ${setting.min} to ${setting.max}.`;
  if (value < setting.min || value > setting.max) return `Must be from ${setting.min} to ${setting.max}.`;
  if (setting.integer && !Number.isInteger(value)) return 'Must be a whole number.';
  return null;
}

/** Longest prompt + response that is trained on, in tokens: the bundled policy's context. */
const MAX_LENGTH = 384;

/** The arms that these settings train; the paper's four where every one is switched off. */
export function chosenArms(values: Readonly<SettingValues>): readonly ArmId[] {
  const chosen = ARMS.filter((arm) => (values[ARM_IDS[arm]] ?? DEFAULTS[ARM_IDS[arm]]) === 1);
  return chosen.length > 0 ? chosen : DEFAULT_ARMS;
}

/** The run that these settings describe. */
export function runConfig(values: Readonly<SettingValues>, policyUrl: string, task = worldTask()): RunConfig {
  const value = (id: string) => values[id] ?? DEFAULTS[id]!;
  const plan = presetPlan('quick', value('seed'), MAX_LENGTH);
  const arms = byArm((arm) => {
    const rate = { epochs: value('epochs'), batchSize: value('batch'), learningRate: value(LR_IDS[arm]) };
    return { ...armConfig(arm, value('seed'), MAX_LENGTH), ...rate };
  }, chosenArms(values));
  return {
    task,
    policyUrl,
    rewrite: { ...plan.rewrite, problems: value('problems'), k: value('k'), temperature: value('temperature'), topP: value('topP') },
    arms,
    evaluation: { ...plan.evaluation, problems: value('testProblems'), runs: value('runs') },
  };
}

/** The settings that a run's configuration was made from: the inverse of `runConfig`. */
export function valuesOf({ rewrite, arms, evaluation }: RunConfig): SettingValues {
  const [first] = Object.values(arms);
  const values: SettingValues = {
    ...DEFAULTS,
    ...{ problems: rewrite.problems, k: rewrite.k, temperature: rewrite.temperature, topP: rewrite.topP, seed: rewrite.seed },
    ...{ testProblems: evaluation.problems, runs: evaluation.runs },
    ...(first && { epochs: first.epochs, batch: first.batchSize }),
  };
  for (const arm of ARMS) {
    values[ARM_IDS[arm]] = arms[arm] ? 1 : 0;
    if (arms[arm]) values[LR_IDS[arm]] = arms[arm].learningRate;
  }
  return values;
}

/** The pieces of work whose results are out of date after a change from one set of values to another. */
export function stalePieces(before: Readonly<SettingValues>, after: Readonly<SettingValues>): Set<WorkId> {
  const [old, now] = [runConfig(before, ''), runConfig(after, '')];
  const had = new Set(worksOf(armsOf(old.arms)).map(({ id }) => id));
  const same = (id: WorkId) => had.has(id) && JSON.stringify(dependsOn(id, old)) === JSON.stringify(dependsOn(id, now));
  return new Set(
    worksOf(armsOf(now.arms))
      .map(({ id }) => id)
      .filter((id) => !same(id)),
  );
}

/** 'K 8 → 4, problems 256 → 32': a run's difference from another in words. */
export function difference(before: Readonly<SettingValues>, after: Readonly<SettingValues>): string {
  return SETTINGS.filter((s) => (before[s.id] ?? s.default) !== (after[s.id] ?? s.default))
    .map((s) => `${s.label} ${before[s.id] ?? s.default} → ${after[s.id] ?? s.default}`)
    .join(', ');
}

/** A choice of several settings at once; every other setting stays as it is. */
export interface Preset {
  id: string;
  /** A few words, for a list. */
  label: string;
  /** What it is, in a sentence. */
  description: string;
  values: Readonly<SettingValues>;
}

const sizes: Record<string, string> = { tiny: 'tiny, a check in seconds', quick: 'quick, minutes', paper: 'paper, many samples' };

/** How much is computed. */
export const SIZES: readonly Preset[] = Object.values(PRESETS).map(({ id, description, problems, k, testProblems, runs }) => ({
  id,
  label: sizes[id] ?? id,
  description,
  values: { problems, k, testProblems, runs },
}));

/** Each arm's own best rate on validation problems in the recorded run (`gap claims`, base policy, large gap). */
const TUNED: Readonly<Partial<Record<ArmId, number>>> = {
  sft: 3e-6,
  dft: 3e-4,
  'dr+sft': 3e-4,
  'dr+dft': 1e-3,
  'dft+self': 3e-3,
  'dft+guided': 3e-4,
};

export const RATES: readonly Preset[] = [
  {
    id: 'common',
    label: 'one for all, 0.0003',
    description: 'the rate that is best for DFT on validation problems, for every arm',
    values: Object.fromEntries(ARMS.map((arm) => [LR_IDS[arm], ARM_DEFINITIONS[arm].learningRate])),
  },
  {
    id: 'tuned',
    label: 'tuned for each arm',
    description: 'each arm’s best on validation problems, with equal trials; for SFT the smallest rate of all, at which it hardly moves',
    values: Object.fromEntries(ARMS.map((arm) => [LR_IDS[arm], TUNED[arm] ?? ARM_DEFINITIONS[arm].learningRate])),
  },
];

/** The preset that these values are, or null for the reader's own. */
export function presetOf(presets: readonly Preset[], values: Readonly<SettingValues>): Preset | null {
  return presets.find((preset) => Object.entries(preset.values).every(([id, value]) => (values[id] ?? DEFAULTS[id]) === value)) ?? null;
}
