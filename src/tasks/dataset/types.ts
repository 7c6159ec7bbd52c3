/** A task as data: what a reader writes, imports, stores and exports as one JSON file. `datasetTask()` makes a `Task` of it. */

/** A value that an option of a grader can take. */
export type OptionValue = string | number | boolean;

/** A grader by name with its options; the registry is src/tasks/graders. */
export interface GraderSpec {
  id: string;
  options?: Record<string, OptionValue>;
}

/** Text with {fields}: {question}, in the retell prompt {expert}, and any of a row's own fields. Doubled braces stand for themselves. */
export interface PromptTemplate {
  system?: string;
  user: string;
}

/** One problem with its demonstration. */
export interface TaskRow {
  /** Unique within the task. */
  id: string;
  question: string;
  gold: string;
  /** The expert's response; null where the source has none: such a row can be tested on, not trained on. */
  expert: string | null;
  /** Shown and filtered by, e.g. a subject or a level. */
  family?: string;
  /** Further named fields for the templates. */
  fields?: Record<string, string>;
}

export interface TaskSet {
  /** 'train', 'validation', or a test set's name. */
  id: string;
  name: string;
  description: string;
  rows: TaskRow[];
}

export interface TaskSpec {
  format: 'mind-the-gap/task';
  version: 1;
  /** Lower-case letters, digits and hyphens. */
  id: string;
  name: string;
  description: string;
  prompt: PromptTemplate;
  retell: PromptTemplate;
  grader: GraderSpec;
  sets: TaskSet[];
  /** Ids of the sets that evaluation reports, in order. */
  testSets: string[];
}

/**
 * Candidates made elsewhere for one problem, as rows of JSONL: `{problem, gold, expert, candidates: [{stage, response, logProbs?}]}`.
 * All log-probs are natural logarithms, one per token of the response, the end-of-sequence token included.
 */
export interface CandidateRow {
  id?: string;
  problem: string;
  gold: string;
  expert: string;
  /** log π_0 per token of the expert's text given the plain prompt, where whoever made the row knows it. */
  expertLogProbs?: number[];
  candidates: CandidateResponse[];
}

export interface CandidateResponse {
  stage: 'self' | 'guided';
  response: string;
  /** log π_0 given the plain prompt, which the response would be trained with; for guided ones too. */
  logProbs?: number[];
  /** Guided: log π_0 given the retell prompt, which it was sampled with. */
  retellLogProbs?: number[];
  /** log μ: of the distribution it was drawn from, temperature and truncation included. */
  samplingLogProbs?: number[];
  /** 'length': cut at the token limit, which is no response of π_0 and never kept. */
  finish?: 'eos' | 'length';
}
