import type { Problem } from '../../tasks/types';
import { FAMILIES } from '../../tasks/tinymath/families';

/**
 * Index of the problem that the page begins with: the first one of a family that the policy was raised on, since an example is to show the two
 * voices and not arithmetic that it has never seen.
 */
export function firstProblem(problems: readonly Pick<Problem, 'family'>[]): number {
  return Math.max(
    0,
    problems.findIndex((problem) => (FAMILIES.find((one) => one.id === problem.family)?.pretrain ?? 1) >= 1),
  );
}
