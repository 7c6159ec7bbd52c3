/** Names of tasks' contents: a task that was changed has another key, so that a run never goes on with other problems than it began with. */
import { hash64 } from '../../policy/random';
import { parseTask } from './parse';
import type { TaskSpec } from './types';

/** The task as the text of one JSON file: equal tasks, equal texts. @throws TaskError for a task that is none. */
export function taskJson(spec: TaskSpec): string {
  return `${JSON.stringify(parseTask(spec), null, 1)}\n`;
}

/** The task's id and a hash of everything in it: 'letters.1b2c…', 16 hexadecimal digits. Not cryptographic. */
export function taskKey(spec: TaskSpec): string {
  return `${spec.id}.${hash64(0, 'task', taskJson(spec))}`;
}
