/** JSON Lines in and out. */
import { readFile } from 'node:fs/promises';
import { InputError, messageOf } from './errors';

export type JsonObject = Record<string, unknown>;

/** The text of a file, a byte-order mark removed. @throws InputError when it is missing, unreadable or not UTF-8. */
export async function readText(path: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new InputError(`There is no file ${path}.`);
    if (code === 'EISDIR') throw new InputError(`${path} is a folder; a file is needed.`);
    throw new InputError(`${path} cannot be read: ${messageOf(error)}`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(`${path} is not UTF-8 text.`);
  }
}

/**
 * Every row of a JSONL file as `parse` reads it; blank lines are skipped.
 * @throws InputError with path and line number when a line is not a JSON object or `parse` throws.
 */
export async function readJsonl<T>(path: string, parse: (row: JsonObject) => T): Promise<T[]> {
  const rows: T[] = [];
  for (const [i, line] of (await readText(path)).split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const at = `${path}, line ${i + 1}`;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      throw new InputError(`${at}: not valid JSON (${messageOf(error).replace(/\s+/g, ' ')}).`);
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new InputError(`${at}: a JSON object is needed.`);
    try {
      rows.push(parse(value as JsonObject));
    } catch (error) {
      throw new InputError(`${at}: ${messageOf(error)}`);
    }
  }
  if (rows.length === 0) throw new InputError(`${path} holds no rows.`);
  return rows;
}
