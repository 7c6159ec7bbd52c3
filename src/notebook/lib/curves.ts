/** Training metrics as curves. */
import type { Series } from '../../charts/types';
import { ARM_DEFINITIONS, ARMS } from '../../method/arms';
import type { ArmId, TrainMetrics } from '../../method/types';
import { ARM_LOOKS } from './arms';

export interface Measure {
  id: 'loss' | 'nll' | 'entropy' | 'essRatio' | 'gradNorm';
  title: string;
  note: string;
  decimals: number;
  /** The axis includes zero. */
  zero: boolean;
}

export const MEASURES: readonly Measure[] = [
  { id: 'nll', title: 'NLL of the data', note: 'nats per token', decimals: 2, zero: true },
  { id: 'loss', title: 'Weighted loss', note: 'each objective’s own: not comparable across objectives', decimals: 2, zero: true },
  { id: 'entropy', title: 'Entropy of the policy', note: 'nats per token', decimals: 2, zero: true },
  { id: 'essRatio', title: 'ESS/n of the token weights', note: 'for DFT: concentration of gradient mass', decimals: 2, zero: true },
  { id: 'gradNorm', title: 'Gradient norm before clipping', note: 'clipped at 1', decimals: 2, zero: true },
];

/** One curve for each arm whose training has begun. */
export function curves(arms: Readonly<Record<ArmId, { metrics: readonly TrainMetrics[] }>>, measure: Measure['id']): Series[] {
  return ARMS.filter((arm) => arms[arm].metrics.length > 0).map((arm) => ({
    id: arm,
    name: ARM_DEFINITIONS[arm].name,
    color: ARM_LOOKS[arm].color,
    ...(ARM_LOOKS[arm].dash && { dash: ARM_LOOKS[arm].dash }),
    points: arms[arm].metrics.map((one) => [one.step, one[measure]] as const),
  }));
}

/** The last value of each arm in words. */
export function reading(series: readonly Series[], decimals: number): string {
  return series.map((one) => `${one.name} ${one.points.at(-1)![1].toFixed(decimals)} at step ${one.points.at(-1)![0]}`).join('; ');
}
