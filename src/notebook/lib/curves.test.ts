import { expect, it } from 'vitest';
import { byArm } from '../../method/arms';
import type { TrainMetrics } from '../../method/types';
import { curves, reading } from './curves';

const metric = (step: number, nll: number) => ({ step, nll }) as TrainMetrics;

it('draws the arms that have begun', () => {
  const none = { metrics: [] as TrainMetrics[] };
  const arms = { ...byArm(() => none), dft: { metrics: [metric(1, 0.5), metric(2, 0.25)] } };
  const series = curves(arms, 'nll');
  expect(series).toHaveLength(1);
  expect(series[0]!.points).toEqual([[1, 0.5], [2, 0.25]]); // prettier-ignore
  expect(reading(series, 2)).toBe('DFT 0.25 at step 2');
});
