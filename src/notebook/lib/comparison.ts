/** What a finished evaluation says in words: paired differences from the start, and no more than their intervals allow. */
import { ARM_DEFINITIONS, type ArmId } from '../../method/arms';
import { pairedDifference, type PairedDifference } from '../../method/paired';
import type { EvaluatedId, SetResult } from '../../protocol/messages';

type EvaluatedSets = Readonly<Partial<Record<EvaluatedId, Readonly<Record<string, SetResult>>>>>;

export interface ArmDifference {
  arm: ArmId;
  name: string;
  difference: PairedDifference;
}

/** Of every arm that is evaluated on all sets of the start. */
export function differences(sets: EvaluatedSets, arms: readonly ArmId[], seed: number): ArmDifference[] {
  const { base } = sets;
  if (!base) return [];
  return arms.flatMap((arm) => {
    const own = sets[arm];
    const difference = own && pairedDifference(own, base, seed, arm);
    return difference ? [{ arm, name: ARM_DEFINITIONS[arm].name, difference }] : [];
  });
}

const points = (x: number): string => (100 * x).toFixed(1);

/** One sentence an arm. */
export function sentence({ name, difference: { mean, ci95, tie } }: ArmDifference): string {
  if (tie || !ci95) return `${name} answers every problem exactly as often right as the start: a tie.`;
  const by = `by ${points(Math.abs(mean))} points, 95 % from ${points(ci95[0])} to ${points(ci95[1])}`;
  if (ci95[0] > 0) return `${name} is above the start ${by}.`;
  if (ci95[1] < 0) return `${name} is below the start ${by}.`;
  return `${name} ${mean === 0 ? 'equals the start on average' : `is ${mean > 0 ? 'higher' : 'lower'} ${by}`}: this many problems do not decide it.`;
}

/** Empty until all of the run's arms are compared. */
export function compareArms(sets: EvaluatedSets, arms: readonly ArmId[], seed: number): string {
  const all = differences(sets, arms, seed);
  if (all.length === 0 || all.length < arms.length) return '';
  const order = [...all].sort((a, b) => b.difference.mean - a.difference.mean).map(({ name }) => name);
  return `${all.map(sentence).join(' ')} From the best average to the worst: ${order.join(', ')}.`;
}
