/** The graders that a task can name. One file each: what it is called, what it does, its options, and the comparison. */
import type { GraderSpec } from '../dataset/types';
import { exact } from './exact';
import { json } from './json';
import { mathematics } from './mathematics';
import { number } from './number';
import { resolveOptions } from './options';
import { regularExpression } from './regular-expression';
import type { Grade, Grader } from './types';

export { optionProblem, resolveOptions } from './options';
export type { Grade, Grader, GraderOption, OptionValues } from './types';

export const GRADERS: readonly Grader[] = [mathematics, exact, regularExpression, json, number];

/** @throws RangeError naming the graders there are. */
export function grader(id: string): Grader {
  const found = GRADERS.find((one) => one.id === id);
  if (!found) throw new RangeError(`There is no grader “${id}”; there are ${GRADERS.map((one) => one.id).join(', ')}.`);
  return found;
}

/** The comparison that a task describes. @throws RangeError for an unknown grader or an option that it cannot use. */
export function createGrade({ id, options }: GraderSpec): Grade {
  const found = grader(id);
  return found.create(resolveOptions(found, options));
}

/** What is wrong with a row's gold under a task's grader, in a sentence; null where it can be used. */
export function goldChecker({ id, options }: GraderSpec): (gold: string) => string | null {
  const found = grader(id);
  const resolved = resolveOptions(found, options);
  return (gold) => found.goldProblem(gold, resolved);
}
