import { expect, it } from 'vitest';
import { GRADERS } from '../../tasks/graders';
import { GRADER_NAMES } from './candidates';

it('the page names the graders there are', () => {
  expect(GRADER_NAMES).toEqual(Object.fromEntries(GRADERS.map(({ id, name }) => [id, name])));
});
