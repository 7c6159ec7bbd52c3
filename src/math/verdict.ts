/** What a grader says of a response. Shared by this grader and by those of `src/tasks/graders`. */
export type VerdictStatus = 'ok' | 'no-answer' | 'unparsable-gold' | 'unparsable-prediction' | 'timeout';

export interface Verdict {
  correct: boolean;
  /** The rule that decided, in words. */
  rule: string;
  status: VerdictStatus;
  /** Extracted answer of the response, null if none. */
  prediction: string | null;
  gold: string;
}
