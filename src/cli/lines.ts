import type { TextLine } from '../tasks/dataset/candidateRow';
import { readText } from './jsonl';

/** The lines of a text file, numbered from 1. @throws InputError when it is missing, unreadable or not UTF-8. */
export async function* fileLines(path: string): AsyncGenerator<TextLine, void, void> {
  for (const [i, text] of (await readText(path)).split(/\r?\n/).entries()) yield { number: i + 1, text };
}
