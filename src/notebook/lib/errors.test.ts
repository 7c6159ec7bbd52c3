import { expect, it } from 'vitest';
import { PolicyError } from '../../protocol/job';
import { explain } from './errors';

it('keeps the worker’s own sentence and hint', () => {
  expect(explain(new PolicyError('config.json is missing.', 'Check the folder.'), 'x')).toEqual({
    message: 'config.json is missing.',
    hint: 'Check the folder.',
  });
});
it('puts context before a foreign error', () => {
  const { message, hint } = explain(new TypeError('fetch failed'), 'The policy could not be loaded.');
  expect(message).toBe('The policy could not be loaded. (fetch failed)');
  expect(hint).not.toBe('');
});
it('takes anything, and not too much of it', () => {
  expect(explain('x'.repeat(5000), 'Failed.').message.length).toBeLessThanOrEqual(400);
  expect(explain(undefined, 'Failed.').message).toContain('Failed.');
});
