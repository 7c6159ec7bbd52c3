import { mappingOf, rule, type Shape } from './types';

/** `problem`, `solution`, `answer`, `subject`, `level`, `unique_id`. */
export const math500: Shape = {
  id: 'math500',
  name: 'MATH-500',
  description: 'problem, solution and the gold as bare LaTeX in answer; subject and level',
  match(columns) {
    if (!columns.has('problem', 'solution', 'answer', 'level')) return null;
    return {
      reason: 'it has problem, solution, answer and level',
      mapping: mappingOf({
        question: rule(columns.find('problem')),
        gold: rule(columns.find('answer')),
        expert: rule(columns.find('solution')),
        id: rule(columns.find('unique_id', 'id')),
        family: rule(columns.find('subject', 'type')),
      }),
    };
  },
};

/** Hendrycks' MATH: `problem`, `level`, `type`, `solution`. */
export const math: Shape = {
  id: 'math',
  name: 'MATH',
  description: 'problem, solution, level and type; the gold answer is the last \\boxed{} of the solution',
  match(columns) {
    if (!columns.has('problem', 'solution', 'level', 'type') || columns.has('answer')) return null;
    return {
      reason: 'it has problem, solution, level and type, and no answer',
      mapping: mappingOf({
        question: rule(columns.find('problem')),
        gold: rule(columns.find('solution'), 'box'),
        expert: rule(columns.find('solution')),
        family: rule(columns.find('type')),
      }),
    };
  },
};
