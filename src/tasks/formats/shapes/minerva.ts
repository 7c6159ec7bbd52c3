import { mappingOf, rule, type Shape } from './types';

/** `problem`, `solution`, `type`, `idx`. Units stand outside the box; golds such as 4.5e33 and np.arcsin(10/13) are the grader's to read. */
export const minerva: Shape = {
  id: 'minerva',
  name: 'Minerva Math',
  description: 'problem, solution, type and idx; the gold answer is the last \\boxed{} of the solution, its unit stands outside',
  match(columns) {
    if (!columns.has('problem', 'solution', 'type', 'idx')) return null;
    return {
      reason: 'it has problem, solution, type and idx',
      mapping: mappingOf({
        question: rule(columns.find('problem')),
        gold: rule(columns.find('solution'), 'box'),
        expert: rule(columns.find('solution')),
        id: rule(columns.find('idx')),
        family: rule(columns.find('type')),
      }),
    };
  },
};
