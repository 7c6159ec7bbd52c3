import { hash32 } from '../../policy/random';
import type { ChatMessage } from '../../policy/types';
import { createGrade } from '../graders';
import type { Demonstration, Problem, Task } from '../types';
import { taskKey } from './key';
import { fillTemplate, parseTemplate } from './template';
import type { PromptTemplate, TaskRow, TaskSet, TaskSpec } from './types';

/**
 * A task as data, made runnable. The choice of problems is the order of a hash of (seed, row), so a longer request begins with the shorter one's,
 * and adding a row moves no other. A set with fewer rows than asked for gives all it has.
 *
 * Rows without an expert's text are left out of sets that are not tested on: there is nothing to rewrite or to fall back to. μ of the expert is not
 * known, so demonstrations carry no log-probs.
 *
 * @throws RangeError for a grader or a template that cannot be used (`parseTask` says where)
 */
export function datasetTask(spec: TaskSpec): Task {
  const rows = new Map(spec.sets.flatMap((set) => set.rows.map((row) => [row.id, row] as const)));
  const grade = createGrade(spec.grader);
  const [plain, retell] = [compilePrompt(spec.prompt), compilePrompt(spec.retell)];
  /** A question that is no row's (the try-it box) has no further fields. */
  const fieldsOf = ({ id, question, family }: Problem): Record<string, string> => ({ ...rows.get(id)?.fields, question, family });

  return {
    id: taskKey(spec),
    name: spec.name,
    sets: spec.sets.map(({ id, name, description }) => ({ id, name, description })),
    testSets: [...spec.testSets],
    problems(id, count, seed) {
      if (!Number.isInteger(count) || count < 0) throw new RangeError(`the number of problems must be a whole number, got ${count}`);
      return usableRows(findSet(spec, id), spec)
        .map((row) => ({ row, at: hash32(seed, 'task/choice', row.id) }))
        .sort((a, b) => a.at - b.at || (a.row.id < b.row.id ? -1 : 1))
        .slice(0, count)
        .map(({ row }) => toProblem(row));
    },
    demonstration(problem): Demonstration {
      const expert = rows.get(problem.id)?.expert;
      if (typeof expert !== 'string') throw new Error(`Row ${problem.id} of the task “${spec.name}” has no expert’s text to learn from.`);
      return { text: expert };
    },
    messages: (problem) => plain(fieldsOf(problem)),
    retellMessages: (problem, expertText) => retell({ ...fieldsOf(problem), expert: expertText }),
    grade: (problem, response) => grade(problem.gold, response),
  };
}

/** How many problems a set has for `Task.problems`. @throws RangeError naming the sets. */
export function setSize(spec: TaskSpec, id: string): number {
  return usableRows(findSet(spec, id), spec).length;
}

function usableRows(set: TaskSet, { testSets }: TaskSpec): TaskRow[] {
  return testSets.includes(set.id) || set.id === 'validation' ? set.rows : set.rows.filter((row) => row.expert !== null);
}

function findSet(spec: TaskSpec, id: string): TaskSet {
  const set = spec.sets.find((one) => one.id === id);
  if (!set) throw new RangeError(`unknown problem set '${id}'; known: ${spec.sets.map((one) => one.id).join(', ')}`);
  return set;
}

function toProblem({ id, family = '', question, gold }: TaskRow): Problem {
  return { id, family, question, gold };
}

function compilePrompt({ system, user }: PromptTemplate): (fields: Record<string, string>) => ChatMessage[] {
  const parts = { system: system === undefined ? null : parseTemplate(system), user: parseTemplate(user) };
  return (fields) => [
    ...(parts.system ? [{ role: 'system' as const, content: fillTemplate(parts.system, fields) }] : []),
    { role: 'user', content: fillTemplate(parts.user, fields) },
  ];
}
