import { createReadStream } from 'node:fs';
import { candidateLines } from '../tasks/dataset/candidate-row';
import { asInput, InputError, messageOf } from './errors';

/** The lines of a JSONL file, which may be of any size. @throws InputError when it is missing, unreadable or not text. */
export async function* fileLines(path: string): AsyncGenerator<{ number: number; text: string | null }, void, void> {
  const lines = candidateLines(readable(path), path)[Symbol.asyncIterator]();
  for (let next = await asInput(() => lines.next()); !next.done; next = await asInput(() => lines.next())) yield next.value;
}

async function* readable(path: string): AsyncGenerator<Uint8Array, void, void> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk as Uint8Array;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new InputError(`There is no file ${path}.`);
    if (code === 'EISDIR') throw new InputError(`${path} is a folder; a file is needed.`);
    throw new InputError(`${path} cannot be read: ${messageOf(error)}`);
  }
}
