/** What an import ends in: a task as data, its rows parted into training, validation and test. */
import { uniform } from '../../policy/random';
import { MATH_PROMPT, MATH_RETELL, type PromptTemplate, type TaskRow, type TaskSet, type TaskSpec } from '../dataset';
import { plainMessages, retellMessages } from '../tinymath/prompts';
import type { ImportReport } from './report';

export const TEMPLATES = {
  /** The wording that the built-in policy was trained on; it understands no other. */
  'built-in': {
    name: 'as the built-in policy was trained',
    prompt: { user: plainMessages('{question}')[0]!.content },
    retell: { user: retellMessages('{question}', '{expert}')[0]!.content },
  },
  general: { name: 'for any policy', prompt: MATH_PROMPT, retell: MATH_RETELL },
} as const satisfies Record<string, { name: string; prompt: PromptTemplate; retell: PromptTemplate }>;
export type TemplatesId = keyof typeof TEMPLATES;

export interface TaskOptions {
  name: string;
  /** Where the rows come from, in words. */
  description: string;
  templates: TemplatesId;
  /** Shares of the rows that could be trained on which are held out instead, 0 … 1. */
  validation: number;
  test: number;
  /** Rows of a test file; then nothing else is held out for testing. */
  testRows?: readonly TaskRow[];
}

export const HELD_OUT = { validation: 0.1, test: 0.1 };

/** Which rows are held out depends on the rows' ids alone. Rows without an expert's text can only be tested on. */
export function toTaskSpec(rows: readonly TaskRow[], options: TaskOptions): TaskSpec {
  const order = rows
    .filter(({ expert }) => expert !== null)
    .map((row) => ({ row, at: uniform(0, 'import/split', row.id) }))
    .sort((a, b) => a.at - b.at || (a.row.id < b.row.id ? -1 : 1));
  // At least one of each share that is asked for, as long as something is left to train on.
  const part = (share: number): number => (share > 0 && order.length > 2 ? Math.max(1, Math.round(share * order.length)) : 0);
  const testCount = options.testRows ? 0 : part(options.test);
  const of = new Map(
    order.map(({ row }, i) => [row, i < testCount ? 'test' : i < testCount + part(options.validation) ? 'validation' : 'train']),
  );
  const chosen = (id: string): TaskRow[] => rows.filter((row) => (of.get(row) ?? 'test') === id);
  const test = [...chosen('test'), ...(options.testRows ? unseen(options.testRows, rows) : [])];
  const sets: TaskSet[] = [
    { id: 'train', name: 'Training', description: 'Rewritten and trained on.', rows: chosen('train') },
    { id: 'validation', name: 'Validation', description: 'Held out for tuning.', rows: chosen('validation') },
    { id: 'test', name: 'Test', description: 'Held out for the evaluation.', rows: test },
  ].filter(({ rows: own }) => own.length > 0);
  const { prompt, retell } = TEMPLATES[options.templates];
  return {
    format: 'mind-the-gap/task',
    version: 1,
    id: slug(options.name),
    name: options.name.trim() || 'Imported problems',
    description: options.description,
    prompt: { ...prompt },
    retell: { ...retell },
    grader: { id: 'mathematics' },
    sets,
    testSets: sets.some(({ id }) => id === 'test') ? ['test'] : [],
  };
}

/** Test rows whose question is not among the others, with ids of their own. */
function unseen(testRows: readonly TaskRow[], rows: readonly TaskRow[]): TaskRow[] {
  const seen = new Set(rows.map(({ question }) => folded(question)));
  return testRows.filter(({ question }) => !seen.has(folded(question))).map((row) => ({ ...row, id: `test/${row.id}` }));
}

/** How many of the test rows are questions of the other file: they are left out of the test set. */
export function overlap(testRows: readonly TaskRow[], rows: readonly TaskRow[]): number {
  return testRows.length - unseen(testRows, rows).length;
}

const folded = (question: string): string => question.replace(/\s+/g, ' ');

function slug(name: string): string {
  const plain = name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
  return plain || 'imported';
}

/** One sentence on where rows come from. */
export function provenance({ source, shape, rows }: ImportReport): string {
  const revision = source.revision ? ` at revision ${source.revision}` : '';
  return `${rows.taken} of ${rows.read} rows of ${source.name}${revision}, read as ${shape.name}.`;
}
