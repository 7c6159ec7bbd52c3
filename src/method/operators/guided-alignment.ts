import type { SamplingOperator } from './types';

/** Guided-alignment: K samples from π_0(· | retell(x, y_expert)), for problems that self-alignment left unsolved. */
export const guidedAlignment: SamplingOperator = {
  stage: 'guided',
  name: 'Guided-alignment',
  description:
    'The policy sees the expert’s solution and solves the problem again in its own words; a correct retelling replaces the expert’s text.',
  messages: (task, problem, expertText) => task.retellMessages(problem, expertText),
};
