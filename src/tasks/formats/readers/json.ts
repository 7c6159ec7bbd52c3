/**
 * JSON: an array of rows; an object with rows under a name ({"data": […]}, {"rows": […]}, whatever the name); an object of columns
 * ({"question": […], "answer": […]}). Rows are read as they come; columns have to be held whole.
 */
import { excerpt, FormatError, reasonOf } from '../errors';
import { parseJson, rowOf } from './json-row';
import { JsonScanner, type Piece } from './json-scanner';
import { textOf } from './stream';
import { MAX_COLUMNS, type Reader, type ReadItem, type RowValues } from './types';

/** Columns are held as texts until the file ends: at most so many characters of them. */
const MAX_HELD = 64 << 20;

export const readJson: Reader = async function* (source, context) {
  const scanner = new JsonScanner();
  const columns = new Columns(source.name);
  let rows = 0;
  const members: RowValues = {};
  function* take(piece: Piece): Generator<ReadItem, void, void> {
    if (piece.kind === 'broken')
      yield { kind: 'problem', at: piece.line, message: `not valid JSON (${piece.reason})`, excerpt: excerpt(piece.text) };
    else if (piece.kind === 'member') Object.defineProperty(members, piece.key, { value: safely(piece.text), enumerable: true });
    // Lists of anything but objects under names are columns, and so are those that stand beside such.
    else if (piece.key !== '' && rows === 0 && (columns.size > 0 || !piece.text.startsWith('{'))) columns.add(piece);
    else {
      const item = element(piece);
      if (item.kind === 'row') rows++;
      yield item;
    }
  }
  try {
    for await (const text of textOf(source, context)) for (const piece of scanner.write(text)) yield* take(piece);
    for (const piece of scanner.close()) yield* take(piece);
  } catch (error) {
    if (error instanceof FormatError || context.signal?.aborted) throw error;
    // What was read before the break is kept.
    yield { kind: 'problem', at: scanner.line, message: `${reasonOf(error)}; nothing after it can be read`, excerpt: '' };
    return;
  }
  if (!scanner.complete)
    yield { kind: 'problem', at: scanner.line, message: 'the file ends before its JSON does; it may be cut short', excerpt: '' };
  if (rows === 0 && columns.size > 0) yield* columns.rows();
  else if (rows === 0 && Object.keys(members).length > 0) yield rowOf(members, 1);
};

function element({ text, line }: Extract<Piece, { kind: 'element' }>): ReadItem {
  try {
    return rowOf(parseJson(text), line, text);
  } catch (error) {
    return { kind: 'problem', at: line, message: `not valid JSON (${reasonOf(error)})`, excerpt: excerpt(text) };
  }
}

function safely(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return null;
  }
}

class Columns {
  readonly #values = new Map<string, string[]>();
  #held = 0;

  constructor(private readonly file: string) {}

  get size(): number {
    return this.#values.size;
  }

  add({ key, text }: { key: string; text: string }): void {
    let column = this.#values.get(key);
    if (!column) this.#values.set(key, (column = []));
    column.push(text);
    this.#held += text.length + 16;
    if (this.#values.size > MAX_COLUMNS)
      throw new FormatError(`${this.file} has more than ${MAX_COLUMNS} columns.`, 'A file with one row per problem is needed.');
    if (this.#held > MAX_HELD)
      throw new FormatError(
        `${this.file} stores whole columns, more than ${MAX_HELD >> 20} million characters of them, which must be held at once.`,
        'Save it with one row per line (JSONL) or as Parquet; such files are read piece by piece.',
      );
  }

  *rows(): Generator<ReadItem, void, void> {
    const lengths = [...this.#values.values()].map((column) => column.length);
    const count = Math.max(...lengths);
    if (lengths.some((length) => length !== count)) {
      const named = [...this.#values].slice(0, 6).map(([key, column]) => `${excerpt(key, 40)}: ${column.length}`);
      throw new FormatError(
        `The columns of ${this.file} have different lengths (${named.join(', ')}).`,
        'A value is missing somewhere, so rows cannot be told apart. Save it with one row per line (JSONL).',
      );
    }
    for (let i = 0; i < count; i++)
      yield rowOf(Object.fromEntries([...this.#values].map(([key, column]) => [key, safely(column[i]!)])), i + 1);
  }
}
