/** Learning rates of the arms of one policy: equal trials on the validation split, the grid widened until no best stands at its edge. */
import type { TrainablePolicy } from '../../policy/types';
import type { Task } from '../../tasks/types';
import { byArm, type ArmId } from '../arms';
import { best, tune, type Trial } from '../tune';
import { RATES, SIZES, TUNING_SEED } from './settings';

export interface Tuning {
  seed: number;
  /** Validation accuracy of the start. */
  base: number;
  trials: Trial[];
  /** By arm: the rate, its validation accuracy, and whether it is the smallest rate that does anything. */
  chosen: Partial<Record<ArmId, { rate: number; accuracy: number; smallest: boolean }>>;
  /** The rate that all arms share: the one tuned for DFT. */
  common: number;
}

/** Rates below this move nothing in a run of this length. */
const SMALLEST = 3e-6;
const LARGEST = 1e-1;
const STEPS = [1, 3];

/** The next rate below or above on the grid 1, 3, 10, 30 … */
function neighbour(rate: number, up: boolean): number {
  const exponent = Math.floor(Math.log10(rate) + 1e-9);
  const digit = Math.round(rate / 10 ** exponent);
  const next = up ? (digit < STEPS[1]! ? [3, exponent] : [1, exponent + 1]) : digit > STEPS[0]! ? [1, exponent] : [3, exponent - 1];
  return Number(`${next[0]}e${next[1]}`);
}

/** Runs what is missing of the trials; `known` are trials that were run before. `told` hears of each new one. */
export async function tuned(
  policy: TrainablePolicy,
  task: Task,
  arms: readonly ArmId[],
  known: readonly Trial[],
  base: number | null,
  told: (trial: Trial, base: number) => Promise<void>,
  signal?: AbortSignal,
): Promise<Tuning> {
  const trials = [...known];
  let start = base;
  const run = async (rates: readonly number[], of: readonly ArmId[]): Promise<void> => {
    const plan = { rates, seeds: [TUNING_SEED], problems: SIZES.problems, k: SIZES.k, validation: SIZES.validation, arms: of };
    const lacking = of.filter((arm) => rates.some((rate) => !trials.some((trial) => trial.arm === arm && trial.rate === rate)));
    if (lacking.length === 0 && start !== null) return;
    const missing = (arm: ArmId, rate: number) => !trials.some((trial) => trial.arm === arm && trial.rate === rate);
    for await (const event of tune(policy, task, { ...plan, arms: lacking, wanted: missing }, signal)) {
      if (event.type === 'base') start = event.accuracy;
      else if (event.type === 'trial') {
        trials.push(event.trial);
        await told(event.trial, start!);
      }
    }
  };
  await run(RATES, arms);
  for (;;) {
    const edges = arms.flatMap((arm) => {
      const rates = trials.filter((trial) => trial.arm === arm).map(({ rate }) => rate);
      const { rate } = best(trials, arm);
      const down = rate === Math.min(...rates) && rate > SMALLEST;
      const up = rate === Math.max(...rates) && rate < LARGEST;
      return down || up ? [{ arm, rate: neighbour(rate, up) }] : [];
    });
    if (edges.length === 0) break;
    // Equal trials for all: a rate that one arm needs is tried for each.
    for (const rate of new Set(edges.map((edge) => edge.rate))) await run([rate], arms);
  }
  const chosen = byArm((arm) => {
    const { rate, accuracy } = best(trials, arm);
    return { rate, accuracy, smallest: rate <= SMALLEST };
  }, arms);
  return { seed: TUNING_SEED, base: start!, trials, chosen, common: chosen.dft.rate };
}
