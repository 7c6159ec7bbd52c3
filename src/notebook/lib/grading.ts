/** The messages between the page and the grading worker, and the words for them. */
import type { Alternative, GradedKind, GradeOptions } from '../../math';
import type { Verdict, VerdictStatus } from '../../tasks/types';

export interface GradingRequest {
  kind: GradedKind;
  gold: string;
  text: string;
  options: Partial<GradeOptions>;
}

export interface Grading {
  verdict: Verdict;
  /** The rule that found the answer in the text. */
  source: string;
  alternatives: Alternative[];
}

export type GradingReply = Grading | { error: string };

const STATUS_WORDS: Record<VerdictStatus, string> = {
  ok: 'Both answers could be read and were compared.',
  'no-answer': 'There is no answer to compare.',
  'unparsable-gold': 'The gold answer could not be read, so nothing can equal it except the same spelling.',
  'unparsable-prediction': 'The answer could not be read, so it counts as wrong.',
  timeout: 'The comparison was ended after a fixed number of steps, so the answer counts as wrong.',
};

export const statusWords = (status: VerdictStatus): string => STATUS_WORDS[status];
