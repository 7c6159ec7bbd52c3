import { expect, it } from 'vitest';
import { firstProblem } from './first-problem';

it('begins with a problem that the policy was trained on, or else with the first', () => {
  expect(firstProblem([{ family: 'large-3' }, { family: 'two-products' }, { family: 'add-2' }])).toBe(2);
  expect(firstProblem([{ family: 'large-3' }])).toBe(0);
  expect(firstProblem([])).toBe(0);
});
