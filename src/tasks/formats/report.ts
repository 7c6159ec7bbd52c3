/** What an import found, in numbers and in lists. Plain data: printed by the command line, shown and saved by the page. */
import type { Format } from './detect';
import type { Mapping } from './mapping';

export const REASONS = {
  unreadable: 'cannot be read',
  'no-question': 'no question',
  'no-gold': 'no usable gold answer',
  duplicate: 'the same question as an earlier row',
  'no-expert': 'no expert’s text: for testing only',
  'too-long': 'longer than the policy’s context',
} as const;
export type Reason = keyof typeof REASONS;

/** Rows with these reasons are not in the result; one without an expert's text is, and one that is too long where the reader keeps it. */
export const LEFT_OUT: readonly Reason[] = ['unreadable', 'no-question', 'no-gold', 'duplicate', 'too-long'];

export interface ListedRow {
  /** 1-based line of the file, in Parquet the row. */
  row: number;
  reason: Reason;
  detail: string;
  /** The beginning of its question, or of its text. */
  excerpt: string;
}

export interface ReadabilityReport {
  /** Problems among the first `looked` that the built-in policy has the words for. */
  within: number;
  looked: number;
  /** The rule of thumb, in words. */
  rule: string;
  /** Words and signs that are missing most often. */
  missing: string[];
}

export interface ImportReport {
  source: { name: string; bytes: number | null; format: Format; encoding?: string; revision?: string };
  shape: { id: string; name: string; reason: string };
  mapping: Mapping;
  columns: string[];
  rows: {
    /** Rows of the file, those that cannot be read included. */
    read: number;
    taken: number;
    /** With an expert's text, so that they can be rewritten and trained on. */
    trainable: number;
  };
  counts: Record<Reason, number>;
  /** The first of each reason; `counts` are whole. */
  listed: ListedRow[];
  listedWhole: boolean;
  /** Set where reading stopped at the limit: the rest of the file was not looked at. */
  stoppedAt: number | null;
  /** Context check against a policy, if there was one. */
  context: { limit: number; kept: boolean } | null;
  readability: ReadabilityReport | null;
}

/** Rows of each reason that are listed; more are counted only. */
export const LISTED_PER_REASON = 2000;

/** The list as CSV, for a spreadsheet. */
export function listedCsv(listed: readonly ListedRow[]): string {
  const quote = (text: string): string => `"${text.replace(/"/g, '""')}"`;
  const lines = listed.map(({ row, reason, detail, excerpt }) => [String(row), REASONS[reason], quote(detail), quote(excerpt)].join(','));
  return ['row,reason,detail,beginning', ...lines, ''].join('\r\n');
}
