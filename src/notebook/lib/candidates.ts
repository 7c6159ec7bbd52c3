/** What the page and the worker that grades candidates made elsewhere say to each other. */
import type { RewrittenProblem } from '../../method/rewrite-candidates';
import type { GraderSpec } from '../../tasks/dataset/types';

export interface CandidatesRequest {
  file: Blob;
  name: string;
  grader: GraderSpec;
  seed: number;
}

export interface MalformedRow {
  line: number;
  error: string;
}

export type CandidatesReply =
  /** What came since the last message; at most one message per ~100 ms. */
  | { type: 'rows'; problems: RewrittenProblem[]; malformed: MalformedRow[]; bytes: number }
  | { type: 'done' }
  | { type: 'failed'; message: string; hint: string };

/** The graders by id, named here so that the page loads none of them to list them. */
export const GRADER_NAMES: Readonly<Record<string, string>> = {
  mathematics: 'Mathematics',
  exact: 'Exact text',
  regex: 'Regular expression',
  json: 'JSON fields',
  number: 'Number with tolerance',
};
