import { GRADE_OPTIONS, gradeResponse, type GradeOptions } from '../../math';
import type { Grader, GraderOption } from './types';

/** Mathematical equivalence: src/math with its own options. */
export const mathematics: Grader = {
  id: 'mathematics',
  name: 'Mathematics',
  description:
    'The final answer of the response, from its last \\boxed{} or by stated rules, is mathematically equivalent to the gold answer.',
  goldHelp: 'A mathematical expression, e.g. \\frac{1}{2}; a whole solution with its answer boxed works too.',
  options: GRADE_OPTIONS.map((option): GraderOption =>
    option.kind === 'choice' ? { ...option, default: String(option.default) } : { ...option, default: Number(option.default) },
  ),
  create: (options) => {
    const given = options as unknown as GradeOptions;
    return (gold, response) => gradeResponse(gold, response, given);
  },
  goldProblem(gold, options) {
    // The gold against itself: what the comparison cannot read, no answer can equal.
    const verdict = gradeResponse(gold, `\\boxed{${gold}}`, options);
    return verdict.status === 'unparsable-gold' ? `It cannot be read as mathematics: ${verdict.rule}.` : null;
  },
};
