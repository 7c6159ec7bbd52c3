import type { Problem } from '../../tasks/types';
import { FAMILIES } from '../../tasks/tinymath/families';

/**
 * Index of the problem that the page shows first: the first one of a family that the policy was trained on. The example is to
 * show the two voices, not arithmetic that the policy has never seen.
 */
export function firstProblem(problems: readonly Pick<Problem, 'family'>[]): number {
  return Math.max(
    0,
    problems.findIndex((problem) => (FAMILIES.find((one) => one.id === problem.family)?.pretrain ?? 1) >= 1),
  );
}
