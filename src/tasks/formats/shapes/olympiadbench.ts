import { mappingOf, rule, type Shape } from './types';

/** `question` (after `context`), `solution` as a list of alternatives, `final_answer` as a list, `error` as a tolerance, `subfield`. */
export const olympiadbench: Shape = {
  id: 'olympiadbench',
  name: 'OlympiadBench',
  description: 'question, a list in final_answer (several answers possible), the first of the solutions, a tolerance in error',
  match(columns) {
    const answers = columns.find('final_answer');
    if (!columns.has('question') || columns.kind(answers) !== 'list') return null;
    return {
      reason: 'it has question and a list in final_answer',
      mapping: mappingOf({
        question: rule(columns.find('question')),
        gold: rule(answers, 'list'),
        expert: rule(columns.find('solution'), 'first'),
        id: rule(columns.find('id')),
        family: rule(columns.find('subfield', 'subject')),
        context: rule(columns.find('context')),
        tolerance: rule(columns.find('error')),
      }),
    };
  },
};
