/** From JSON to a task, or to a sentence about what is wrong with it and where. */
import { createGrade } from '../graders';
import { readFilled, readList, readObject, readText, readTexts, TaskError, type JsonObject } from './read';
import { fieldsOf } from './template';
import type { GraderSpec, OptionValue, PromptTemplate, TaskRow, TaskSet, TaskSpec } from './types';

const FORMAT = 'mind-the-gap/task';
const ID = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;
/** Fields that every row has; {expert} is known in the retell prompt alone, {gold} nowhere. */
const ROW_FIELDS = ['question', 'family'];
const RESERVED = [...ROW_FIELDS, 'expert', 'gold', 'id'];

/**
 * Checks a task, or its JSON text, and returns it in normal form: known fields only, in one order.
 * @throws TaskError that names the path and what is wrong
 */
export function parseTask(input: unknown): TaskSpec {
  const task = readObject(typeof input === 'string' ? parseJson(input) : input, '', [
    ...['format', 'version', 'id', 'name', 'description', 'prompt', 'retell', 'grader', 'sets', 'testSets'],
  ]);
  if (task['format'] !== FORMAT) {
    throw new TaskError(
      'format',
      `must be “${FORMAT}”: this is not a task that was exported here.`,
      'To bring rows of another format, import them as problems.',
    );
  }
  if (task['version'] !== 1) {
    throw new TaskError(
      'version',
      `is ${JSON.stringify(task['version'] ?? null)}, but this page reads version 1.`,
      'Export it again with the version of this page, or use a newer page.',
    );
  }
  const id = readId(task['id'], 'id');
  const sets = readList(task['sets'], 'sets').map((set, i) => readSet(set, `sets[${i}]`));
  if (sets.length === 0) throw new TaskError('sets', 'is empty: a task needs at least one set of problems.');
  unique(sets.map(({ id: set }, i) => ({ id: set, path: `sets[${i}]` })));
  const rows = sets.flatMap((set, s) => set.rows.map((row, r) => ({ ...row, path: `sets[${s}].rows[${r}]` })));
  unique(rows);
  const prompt = readPrompt(task['prompt'], 'prompt', rows, []);
  const retell = readPrompt(task['retell'], 'retell', rows, ['expert']);
  const testSets = readList(task['testSets'], 'testSets').map((set, i) => readText(set, `testSets[${i}]`));
  testSets.forEach((set, i) => {
    if (!sets.some((one) => one.id === set)) {
      throw new TaskError(
        `testSets[${i}]`,
        `names a set “${set.slice(0, 60)}” that is not there; sets: ${sets.map((one) => one.id).join(', ')}.`,
      );
    }
    if (testSets.indexOf(set) < i) throw new TaskError(`testSets[${i}]`, `names “${set}” a second time.`);
  });
  return {
    format: FORMAT,
    version: 1,
    id,
    name: readFilled(task['name'], 'name'),
    description: readText(task['description'], 'description'),
    prompt,
    retell,
    grader: readGrader(task['grader']),
    sets,
    testSets,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, '')) as unknown;
  } catch (error) {
    throw new TaskError('', `is not valid JSON: ${error instanceof Error ? error.message.replace(/\s+/g, ' ') : String(error)}.`);
  }
}

function readId(value: unknown, path: string): string {
  const id = readText(value, path);
  if (!ID.test(id)) throw new TaskError(path, `is “${id.slice(0, 70)}”; use up to 64 lower-case letters, digits and hyphens.`);
  return id;
}

function readPrompt(value: unknown, path: string, rows: readonly (TaskRow & { path: string })[], extra: readonly string[]): PromptTemplate {
  const given = readObject(value, path, ['system', 'user']);
  const user = readFilled(given['user'], `${path}.user`);
  const system = given['system'] === undefined ? undefined : readText(given['system'], `${path}.system`);
  const used: string[] = [];
  for (const [name, template] of Object.entries({ user, system })) {
    if (template === undefined) continue;
    for (const field of readFields(template, `${path}.${name}`)) {
      used.push(field);
      if (ROW_FIELDS.includes(field) || extra.includes(field)) continue;
      if (field === 'gold') throw new TaskError(`${path}.${name}`, 'uses {gold}: the prompt would hold the answer.');
      if (field === 'expert') throw new TaskError(`${path}.${name}`, 'uses {expert}, which only the retell prompt may show.');
      const without = rows.find((row) => !Object.hasOwn(row.fields ?? {}, field));
      if (without) throw new TaskError(`${path}.${name}`, `uses {${field}}, but ${without.path}.fields has no “${field}”.`);
    }
  }
  // A constant prompt asks the same of every row.
  for (const field of ['question', ...extra]) {
    const enough = used.includes(field) || (field === 'question' && used.some((name) => !RESERVED.includes(name)));
    if (!enough) throw new TaskError(path, `does not use {${field}}: the policy would not see it.`);
  }
  return system === undefined ? { user } : { system, user };
}

function readFields(template: string, path: string): string[] {
  try {
    return fieldsOf(template);
  } catch (error) {
    if (error instanceof RangeError) throw new TaskError(path, `is not a template: ${error.message}`);
    throw error;
  }
}

function readGrader(value: unknown): GraderSpec {
  const given = readObject(value, 'grader', ['id', 'options']);
  const id = readText(given['id'], 'grader.id');
  const options = given['options'] === undefined ? undefined : sortedOptions(given['options']);
  const spec = options === undefined ? { id } : { id, options };
  try {
    createGrade(spec);
  } catch (error) {
    if (error instanceof RangeError) throw new TaskError('grader', `cannot be used: ${error.message}`);
    throw error;
  }
  return spec;
}

function sortedOptions(value: unknown): Record<string, OptionValue> {
  const names = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value).sort() : [];
  const options = readObject(value, 'grader.options', names);
  // What each may be is the grader's to say.
  return Object.fromEntries(names.map((name) => [name, options[name] as OptionValue]));
}

function readSet(value: unknown, path: string): TaskSet {
  const set = readObject(value, path, ['id', 'name', 'description', 'rows']);
  const rows = readList(set['rows'], `${path}.rows`).map((row, i) => readRow(row, `${path}.rows[${i}]`));
  if (rows.length === 0) throw new TaskError(`${path}.rows`, 'is empty: leave the set out, or give it a row.');
  return {
    id: readId(set['id'], `${path}.id`),
    name: readFilled(set['name'], `${path}.name`),
    description: readText(set['description'], `${path}.description`),
    rows,
  };
}

function readRow(value: unknown, path: string): TaskRow {
  const row: JsonObject = readObject(value, path, ['id', 'question', 'gold', 'expert', 'family', 'fields']);
  const expert = row['expert'];
  return {
    id: readFilled(row['id'], `${path}.id`),
    question: readFilled(row['question'], `${path}.question`),
    gold: readFilled(row['gold'], `${path}.gold`),
    expert: expert === null ? null : readFilled(expert, `${path}.expert`),
    ...(row['family'] !== undefined && { family: readText(row['family'], `${path}.family`) }),
    ...(row['fields'] !== undefined && { fields: readOwnFields(row['fields'], `${path}.fields`) }),
  };
}

function readOwnFields(value: unknown, path: string): Record<string, string> {
  const fields = readTexts(value, path);
  const taken = Object.keys(fields).find((name) => RESERVED.includes(name));
  if (taken !== undefined)
    throw new TaskError(`${path}.${taken}`, `has the name of a row’s own part; choose another name than ${RESERVED.join(', ')}.`);
  return fields;
}

function unique(items: readonly { id: string; path: string }[]): void {
  const seen = new Map<string, string>();
  for (const { id, path } of items) {
    const first = seen.get(id);
    if (first !== undefined) throw new TaskError(`${path}.id`, `is “${id.slice(0, 60)}”, which ${first} has already.`);
    seen.set(id, path);
  }
}
