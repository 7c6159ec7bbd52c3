import { DEFAULT_ARMS } from '../../method/arms';
import { describe, expect, it } from 'vitest';
import type { EvaluationResult } from '../../method/types';
import { compareArms } from './comparison';

const result = (average: number, half = 0.05): EvaluationResult => ({
  sets: {},
  average,
  averageCi95: [average - half, average + half],
});

describe('an evaluation in words', () => {
  it('says nothing before everything is evaluated', () => {
    expect(compareArms({}, DEFAULT_ARMS)).toBe('');
    expect(compareArms({ base: result(0.4), sft: result(0.4), dft: result(0.4), 'dr+sft': result(0.4) }, DEFAULT_ARMS)).toBe('');
  });

  it('calls no difference what the intervals do not show', () => {
    const same = compareArms(
      { base: result(0.4), sft: result(0.32), dft: result(0.41), 'dr+sft': result(0.4), 'dr+dft': result(0.48) },
      DEFAULT_ARMS,
    );
    expect(same).toMatch(/^The interval of every arm overlaps/);
  });

  it('names who lies beyond them, and the order', () => {
    const apart = compareArms(
      { base: result(0.4), sft: result(0.1), dft: result(0.2), 'dr+sft': result(0.38), 'dr+dft': result(0.6) },
      DEFAULT_ARMS,
    );
    expect(apart).toBe(
      'Beyond the intervals, DR + DFT lies above the start, and SFT and DFT lie below the start. The interval of DR + SFT overlaps with the start’s. From the best average to the worst: DR + DFT, DR + SFT, DFT, SFT.',
    );
  });
});
