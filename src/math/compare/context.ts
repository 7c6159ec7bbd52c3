import type { GradeOptions } from '../options';
import type { Budget } from './budget';

/** What a comparison may look at: the options and the steps left. Nothing in it outlives the check. */
export interface Context {
  options: GradeOptions;
  budget: Budget;
}

/** The outcome of comparing two answers, with the rule that decided in words. */
export interface Outcome {
  equal: boolean;
  rule: string;
}

export const yes = (rule: string): Outcome => ({ equal: true, rule });
export const no = (rule: string): Outcome => ({ equal: false, rule });
