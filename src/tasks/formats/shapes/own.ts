import { mappingOf, rule, type Shape } from './types';

/** Rows that this notebook writes: of a task (`question`, `gold`, `expert`), or with candidates (`problem`, `gold`, `expert`, `candidates`). */
export const own: Shape = {
  id: 'own',
  name: 'This notebook’s rows',
  description: 'question (or problem), gold and expert, as this notebook saves them',
  match(columns) {
    const question = columns.find('question', 'problem');
    if (question === null || !columns.has('gold', 'expert')) return null;
    return {
      reason: `it has ${question}, gold and expert`,
      mapping: mappingOf({
        question: rule(question),
        gold: rule(columns.find('gold')),
        expert: rule(columns.find('expert')),
        id: rule(columns.find('id')),
        family: rule(columns.find('family')),
        tolerance: rule(columns.find('tolerance')),
      }),
    };
  },
};
