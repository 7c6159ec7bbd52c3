/** The messages between the page and the worker that grades candidates made elsewhere. */
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
  /** Results since the last message. At most one message is sent in 100 ms. */
  | { type: 'rows'; problems: RewrittenProblem[]; malformed: MalformedRow[]; bytes: number }
  | { type: 'done' }
  | { type: 'failed'; message: string; hint: string };

/** Names of the graders. They are repeated here so that the page can list them without loading their code. */
export const GRADER_NAMES: Readonly<Record<string, string>> = {
  mathematics: 'Mathematics',
  exact: 'Exact text',
  regex: 'Regular expression',
  json: 'JSON fields',
  number: 'Number with tolerance',
};
