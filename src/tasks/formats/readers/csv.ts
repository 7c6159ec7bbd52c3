/**
 * CSV and TSV as RFC 4180 has them: quotes doubled inside quotes, line breaks inside quotes, any of , ; tab | between fields. The first
 * line names the columns. Linear in the text's length; a field may be split over any number of pieces of text.
 */
import { excerpt, FormatError } from '../errors';
import { guessDelimiter } from './delimiter';
import { CsvScanner, type CsvRecord } from './csv-scanner';
import { textOf } from './stream';
import { MAX_COLUMNS, type Reader, type ReadItem } from './types';

export const readCsv: Reader = async function* (source, context) {
  let scanner: CsvScanner | null = null;
  let header: string[] | null = null;
  const take = (record: CsvRecord): ReadItem | null => {
    if (!header) {
      header = columnNames(record, source.name);
      return null;
    }
    return toRow(header, record);
  };
  for await (const text of fromFirstLine(textOf(source, context))) {
    scanner ??= new CsvScanner(guessDelimiter(text, source.name));
    for (const record of scanner.write(text)) {
      const item = take(record);
      if (item) yield item;
    }
  }
  for (const record of scanner?.close() ?? []) {
    const item = take(record);
    if (item) yield item;
  }
};

/** The same text, its first piece with the whole first line, by which the separator is told. */
async function* fromFirstLine(pieces: AsyncIterable<string>): AsyncGenerator<string, void, void> {
  let first: string | null = '';
  for await (const piece of pieces) {
    if (first === null) yield piece;
    else if (!(first += piece).includes('\n') && first.length < 1 << 16) continue;
    else {
      yield first;
      first = null;
    }
  }
  if (first) yield first;
}

function toRow(header: string[], { line, fields, problem, start }: CsvRecord): ReadItem {
  if (problem) return { kind: 'problem', at: line, message: problem, excerpt: excerpt(start) };
  if (fields.length !== header.length) {
    const message = `${fields.length} ${fields.length === 1 ? 'field' : 'fields'}, but the first line names ${header.length}`;
    return { kind: 'problem', at: line, message, excerpt: excerpt(fields.join(' ')) };
  }
  return { kind: 'row', at: line, values: Object.fromEntries(header.map((name, i) => [name, fields[i]!])) };
}

/** Unique, none empty. */
function columnNames({ fields, problem, line }: CsvRecord, file: string): string[] {
  if (problem)
    throw new FormatError(`${file}, line ${line}: ${problem}.`, 'The first line must name the columns. Repair it and try again.');
  if (fields.length > MAX_COLUMNS)
    throw new FormatError(
      `${file} has ${fields.length} columns in its first line; at most ${MAX_COLUMNS} are read.`,
      'A file with one row per problem is needed; it may be written sideways, or with another separator.',
    );
  const seen = new Set<string>();
  return fields.map((field, i) => {
    let name = field.trim() || `column_${i + 1}`;
    for (let n = 2; seen.has(name); n++) name = `${field.trim() || `column_${i + 1}`}_${n}`;
    seen.add(name);
    return name;
  });
}
