import { describe, expect, it } from 'vitest';
import { alternatives, gradeText } from './alternatives';

describe('which option would turn a verdict', () => {
  it('names the option and the value that accept what was rejected', () => {
    expect(alternatives('answer', '5 cm', '5 m')).toEqual([{ option: 'units', value: 'ignored', correct: true }]);
    expect(alternatives('response', '7', 'We tried 5, then 7 and stopped there, unsure')).toEqual([
      { option: 'unboxed', value: 'last-number', correct: true },
    ]);
    expect(alternatives('answer', '\\frac{1}{3}', '0.333')).toEqual([{ option: 'decimalDigits', value: 3, correct: true }]);
  });

  it('and those that reject what was accepted', () => {
    expect(alternatives('answer', '1, 2', '2, 1')).toEqual([{ option: 'listOrder', value: 'given', correct: false }]);
    expect(alternatives('answer', '1234', '1,234')).toEqual([{ option: 'thousands', value: 'none', correct: false }]);
    expect(alternatives('answer', '25\\%', '0.25').map(({ option, value }) => [option, value])).toEqual([['percent', 'unit']]);
  });

  it('is empty where no option matters', () => {
    expect(alternatives('answer', '5', '6')).toEqual([]);
    expect(alternatives('answer', 'x+1', '1+x')).toEqual([]);
  });

  it('each one told is true', () => {
    for (const [gold, text] of [
      ['5 cm', '5'],
      ['50\\%', '50'],
      ['3, 4', '4, 3'],
      ['2/3', '0.667'],
    ] as const) {
      for (const { option, value, correct } of alternatives('answer', gold, text)) {
        expect(gradeText('answer', gold, text, { [option]: value }).correct).toBe(correct);
      }
    }
  });
});
