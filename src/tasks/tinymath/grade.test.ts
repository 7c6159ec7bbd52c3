import { describe, expect, it } from 'vitest';
import { grade } from './grade';

describe('grader', () => {
  it.each([
    ['First 12+7=19. The answer is 19.', '19'],
    ['12+7=19. Answer: 19.', '19'],
    ['So the answer is 19', '19'],
    ['The answer is 19 apples.', '19'],
    ['The answer is -3.', '-3'],
    ['… the final result is \\boxed{19}.', '19'],
    ['\\boxed{5}, no: \\boxed{ 019 }', '19'],
    ['The answer is 5. Therefore \\boxed{19}', '19'],
    ['\\boxed{5} But the answer is 19.', '19'],
  ])('accepts %j', (response, gold) => {
    expect(grade(gold, response)).toMatchObject({ correct: true, status: 'ok', prediction: gold });
  });

  it.each([
    ['The answer is 20.', 'ok', '20'],
    ['12+7=19.', 'no-answer', null],
    ['', 'no-answer', null],
    ['The answer is ', 'no-answer', null],
    ['\\boxed{}', 'no-answer', null],
    ['\\boxed{19', 'no-answer', null],
    ['The answer is 1 9.', 'unparsable-prediction', '1 9'],
    ['The answer is 19+0.', 'unparsable-prediction', '19+0'],
    ['The answer is 19. \\boxed{x}', 'unparsable-prediction', 'x'],
  ])('rejects %j', (response, status, prediction) => {
    const verdict = grade('19', response);
    expect(verdict).toMatchObject({ correct: false, status, prediction });
    expect(verdict.rule).not.toBe('');
  });

  it('never matches empty to empty, and says when the gold is no integer', () => {
    expect(grade('', '')).toMatchObject({ correct: false, status: 'unparsable-gold' });
    expect(grade('x', 'The answer is x.')).toMatchObject({ correct: false, status: 'unparsable-gold' });
  });

  it('is linear in a hostile response', () => {
    const start = performance.now();
    grade('1', 'answer is '.repeat(20_000) + '\\boxed{'.repeat(20_000) + '9'.repeat(50_000));
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
