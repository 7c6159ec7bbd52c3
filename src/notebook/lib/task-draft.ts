/** A task while it is edited: changes to it, and what is wrong with it until it can be saved. */
import { messageOf } from '../../base/errors';
import { fillTemplate, type OptionValue, parseTask, type TaskRow, type TaskSpec } from '../../tasks/dataset';
import { createGrade, goldChecker, type GraderOption } from '../../tasks/graders';
import type { Verdict } from '../../tasks/types';

/** How many gold answers of each set are checked, since the check runs at every keystroke. */
const GOLDS = 100;

/** What is wrong with the draft, in a sentence; null where it can be saved. */
export function draftProblem(draft: TaskSpec): string | null {
  try {
    const task = parseTask(draft);
    const problem = goldChecker(task.grader);
    for (const set of task.sets) {
      const row = set.rows.slice(0, GOLDS).find((one) => problem(one.gold) !== null);
      if (row) return `The gold answer of row ${row.id} (“${row.gold.slice(0, 40)}”) cannot be used by this grader: ${problem(row.gold)}`;
    }
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

/** A template filled in with a row, or a sentence that says why it cannot be. */
export function preview(template: string, row: TaskRow | undefined, expert: string): { text: string; wrong: boolean } {
  if (!row) return { text: 'There is no row to show it on.', wrong: true };
  try {
    const fields = { ...row.fields, question: row.question, family: row.family ?? '', expert };
    return { text: fillTemplate(template, fields), wrong: false };
  } catch (error) {
    return { text: `Not a template: ${messageOf(error)}`, wrong: true };
  }
}

/** The verdict on a response, or a sentence that says why the grader has none. */
export function tryGrader({ grader }: Pick<TaskSpec, 'grader'>, gold: string, response: string): Verdict | string {
  try {
    return createGrade(grader)(gold, response);
  } catch (error) {
    return messageOf(error);
  }
}

/** A grader's options with one of them changed. Values at their default are left out, so that equal tasks have equal keys. */
export function withOption(
  options: Readonly<Record<string, OptionValue>> | undefined,
  { name, default: usual }: Pick<GraderOption, 'name' | 'default'>,
  value: OptionValue,
): Record<string, OptionValue> {
  const next = { ...options };
  delete next[name];
  return value === usual ? next : { ...next, [name]: value };
}

/** A task with one more row at the end of a set. The row gets an id that is new in the task. */
export function withRow(task: TaskSpec, setId: string, row: Omit<TaskRow, 'id'>): TaskSpec {
  const taken = new Set(task.sets.flatMap((set) => set.rows.map(({ id }) => id)));
  const set = task.sets.find((one) => one.id === setId);
  let n = (set?.rows.length ?? 0) + 1;
  while (taken.has(`${setId}-${n}`)) n++;
  const added: TaskRow = { id: `${setId}-${n}`, ...row };
  return { ...task, sets: task.sets.map((one) => (one.id === setId ? { ...one, rows: [...one.rows, added] } : one)) };
}

export function withoutRow(task: TaskSpec, rowId: string): TaskSpec {
  return { ...task, sets: task.sets.map((set) => ({ ...set, rows: set.rows.filter(({ id }) => id !== rowId) })) };
}
