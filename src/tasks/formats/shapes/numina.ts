import { mappingOf, rule, type Shape } from './types';

/** `source`, `problem`, `solution`, `messages`; version 1.5 adds `answer`, in which "proof" and "notfound" are no answers. */
export const numina: Shape = {
  id: 'numina',
  name: 'NuminaMath-CoT',
  description: 'source, problem, solution and messages; the gold answer is the last \\boxed{} of the solution',
  match(columns) {
    if (!columns.has('problem', 'solution', 'source')) return null;
    const answer = columns.find('answer');
    if (columns.kind(columns.find('messages')) !== 'turns' && answer === null) return null;
    return {
      reason: `it has source, problem, solution and ${answer === null ? 'messages' : 'answer'}`,
      mapping: mappingOf({
        question: rule(columns.find('problem')),
        gold: answer === null ? rule(columns.find('solution'), 'box') : rule(answer),
        expert: rule(columns.find('solution')),
        family: rule(columns.find('source')),
      }),
    };
  },
};
