import type { SamplingOperator } from './types';

/** Self-alignment: K samples from π_0(· | x). */
export const selfAlignment: SamplingOperator = {
  stage: 'self',
  name: 'Self-alignment',
  description: 'The policy solves the problem on its own; if any of K samples is correct, one of them replaces the expert’s text.',
  messages: (task, problem) => task.messages(problem),
};
