import { describe, expect, it } from 'vitest';
import type { ArmId } from '../../method/arms';
import type { SetResult } from '../../protocol/messages';
import { compareArms, differences, sentence } from './comparison';

const set = (values: number[]): SetResult => ({
  accuracy: values.reduce((a, b) => a + b, 0) / values.length,
  ci95: [0, 1],
  problems: values.length,
  runs: 4,
  perProblem: Object.fromEntries(values.map((value, i) => [`p${i}`, value])),
});
const sixteen = (value: (i: number) => number) => ({ easy: set(Array.from({ length: 16 }, (_, i) => value(i))) });
const start = sixteen((i) => (i % 4) / 4);
const arms: ArmId[] = ['sft', 'dft', 'dr+sft', 'dr+dft'];

describe('an evaluation in words', () => {
  it('says nothing before every arm is compared', () => {
    expect(compareArms({}, arms, 1)).toBe('');
    expect(compareArms({ base: start, sft: start }, arms, 1)).toBe('');
  });

  it('judges by paired differences, names ties, and gives the order', () => {
    const sets = {
      base: start,
      // A quarter more on every problem: the intervals of the two averages overlap, the difference is certain.
      'dr+dft': sixteen((i) => (i % 4) / 4 + 0.25),
      'dr+sft': start,
      dft: sixteen((i) => (i % 4) / 4 + (i % 2 ? 0.25 : -0.25)),
      sft: sixteen((i) => Math.max(0, (i % 4) / 4 - 0.25)),
    };
    const text = compareArms(sets, arms, 1);
    expect(text).toMatch(/DR \+ DFT is above the start by 25\.0 points, 95 % from 25\.0 to 25\.0\./);
    expect(text).toMatch(/DR \+ SFT answers every problem exactly as often right as the start: a tie\./);
    expect(text).toMatch(/DFT equals the start on average: this many problems do not decide it\./);
    expect(text).toMatch(/SFT is below the start by 18\.8 points/);
    expect(text).toMatch(/From the best average to the worst: DR \+ DFT, (DFT, DR \+ SFT|DR \+ SFT, DFT), SFT\.$/);
  });

  it('does not call undecided what is decided, nor the other way', () => {
    const [up] = differences({ base: start, sft: sixteen((i) => (i === 0 ? 0.25 : (i % 4) / 4)) }, ['sft'], 1);
    expect(sentence(up!)).toMatch(/^SFT is higher by 1\.6 points, 95 % from 0\.0 to .*: this many problems do not decide it\.$/);
  });
});
