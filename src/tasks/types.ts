import type { Verdict } from '../math/verdict';
import type { ChatMessage } from '../policy/types';

export type { Verdict, VerdictStatus } from '../math/verdict';

export interface Problem {
  id: string;
  /** Family within its task, e.g. 'chain-3'. */
  family: string;
  question: string;
  gold: string;
}

/** A demonstration by the expert. */
export interface Demonstration {
  text: string;
  /** Exact per-token log μ under the expert's grammar, EOS included, when the world knows it. */
  logProbs?: Float64Array;
}

export interface ProblemSet {
  /** 'train', 'validation', or a test set's name: 'easy', 'middle', 'hard', 'longer', 'combined'. */
  id: string;
  name: string;
  description: string;
}

/** Problems with demonstrations, prompt formats and a grader. Pure and synchronous. */
export interface Task {
  readonly id: string;
  readonly name: string;
  readonly sets: ProblemSet[];
  /** The ids of `sets` that evaluation reports, in order. */
  readonly testSets: string[];
  /** The first `count` problems of a set; the same for the same seed. */
  problems(set: string, count: number, seed: number): Problem[];
  demonstration(problem: Problem): Demonstration;
  /** Plain prompt x. */
  messages(problem: Problem): ChatMessage[];
  /** Retell prompt: problem and expert solution in view. */
  retellMessages(problem: Problem, expertText: string): ChatMessage[];
  grade(problem: Problem, response: string): Verdict;
}
