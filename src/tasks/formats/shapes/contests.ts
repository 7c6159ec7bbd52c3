/** Contest problems with an integer as the answer: no solution, or one with several boxes that the answer column decides. */
import type { Columns } from '../columns';
import { mappingOf, rule, type Match, type Shape } from './types';

function contest(columns: Columns, reason: string): Match {
  return {
    reason,
    mapping: mappingOf({
      question: rule(columns.find('problem', 'question')),
      gold: rule(columns.find('answer')),
      expert: rule(columns.find('solution')),
      id: rule(columns.find('id', 'url')),
      family: rule(columns.find('year')),
    }),
  };
}

/** `id`, `problem`, `solution`, `answer`: 0 to 999, written with leading zeros ("025"), which are kept. */
export const aime: Shape = {
  id: 'aime',
  name: 'AIME',
  description: 'problem and an answer of up to three digits, leading zeros kept; the solution may hold several boxes',
  match(columns) {
    const answer = columns.find('answer');
    if (columns.find('problem', 'question') === null || columns.share(answer, /^\s*\d{1,3}\s*$/) < 1) return null;
    const named = ['url', 'id', 'source', 'year'].some((name) => columns.share(columns.find(name), /aime|^\d{4}(?:-I+-\d+)?$/i) > 0.5);
    const padded = columns.share(answer, /^0\d/) > 0;
    if (!named && !(padded && columns.has('id'))) return null;
    return contest(
      columns,
      named ? 'its answers have up to three digits and it names AIME or years' : 'its answers have up to three digits with leading zeros',
    );
  },
};

/** `id`, `problem`, `question`, `answer` (27.0, a float), `url`. */
export const amc23: Shape = {
  id: 'amc23',
  name: 'AMC 23',
  description: 'problem or question and a number in answer (27.0 is 27), without a solution: for testing',
  match(columns) {
    const answer = columns.find('answer');
    if (columns.find('problem', 'question') === null || columns.has('solution') || !columns.has('url')) return null;
    if (columns.share(answer, /^-?\d+(?:\.\d+)?$/) < 1) return null;
    return contest(columns, 'it has a numeric answer and a url, and no solution');
  },
};
