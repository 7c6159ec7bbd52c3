import { expect, it } from 'vitest';
import { grade } from '../../tasks/tinymath/grade';
import { worldProblems } from './world';

it('both voices answer the problem rightly, in different words', () => {
  for (const problem of worldProblems(24)) {
    expect(grade(problem.gold, problem.expert).correct).toBe(true);
    expect(grade(problem.gold, problem.own).correct).toBe(true);
    expect(problem.own).not.toBe(problem.expert);
  }
});
