import { readFile } from 'node:fs/promises';
import type { Tokenizer } from '../policy/types';
import { datasetTask, parseTask } from '../tasks/dataset';
import { tinymath, type Gap } from '../tasks/tinymath';
import type { Task } from '../tasks/types';
import { asInput, InputError, messageOf } from './errors';
import { log } from './output';

/**
 * The task that a command runs: that of a JSON file, or without one the built-in world, read by the policy's tokenizer.
 * @throws InputError for a file that cannot be read or is no task, with the place and what is wrong there
 */
export async function loadTask(tokenizer: Tokenizer, file?: string, gap?: Gap): Promise<Task> {
  if (file === undefined) return tinymath(tokenizer, gap === undefined ? {} : { gap });
  const text = await asInput(() => readFile(file, 'utf8'));
  try {
    return datasetTask(parseTask(text));
  } catch (error) {
    throw new InputError(`${file}: ${messageOf(error)}`, { cause: error });
  }
}

/** A set smaller than asked for gives what it has, and that is said. @throws InputError where it has nothing. */
export function sayIfFewer(task: Task, set: string, wanted: number, dataSeed: number): void {
  const found = task.problems(set, wanted, dataSeed).length;
  if (found === 0) throw new InputError(`The set “${set}” has no row with an expert's text: there is nothing to rewrite.`);
  if (found < wanted) log(`The set “${set}” has ${found} of the ${wanted} problems asked for.`);
}
