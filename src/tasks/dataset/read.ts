/** Checks of parsed JSON that name the place: `sets[0].rows[3].gold must be a text, not a number`. */
import { HintedError } from '../../base/errors';

export type JsonObject = Record<string, unknown>;

/** What is wrong with a task, where, and what to do. */
export class TaskError extends HintedError {
  override readonly name = 'TaskError';
  readonly path: string;

  constructor(path: string, problem: string, hint = 'Correct it in the file, then import it again.') {
    super(path === '' ? `The task ${problem}` : `${path} ${problem}`, hint);
    this.path = path;
  }
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'string' ? 'a text' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function wrong(path: string, wanted: string, value: unknown): TaskError {
  return new TaskError(path, value === undefined ? `is missing; it must be ${wanted}.` : `must be ${wanted}, not ${kindOf(value)}.`);
}

/** An object with these keys and no others. */
export function readObject(value: unknown, path: string, keys: readonly string[]): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(path, 'an object', value);
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) {
    throw new TaskError(path, `has a field “${unknown.slice(0, 60)}” that is not known here; known are ${keys.join(', ')}.`);
  }
  return value as JsonObject;
}

/** An object of texts, with its keys sorted. */
export function readTexts(value: unknown, path: string): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(path, 'an object of texts', value);
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, readText((value as JsonObject)[name], `${path}.${name}`)]));
}

export function readList(value: unknown, path: string): unknown[] {
  if (!Array.isArray(value)) throw wrong(path, 'a list', value);
  return value;
}

export function readText(value: unknown, path: string): string {
  if (typeof value !== 'string') throw wrong(path, 'a text', value);
  return value;
}

/** A text that is not blank. */
export function readFilled(value: unknown, path: string): string {
  const text = readText(value, path);
  if (text.trim() === '') throw new TaskError(path, 'is empty.');
  return text;
}
