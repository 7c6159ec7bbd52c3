/** A file of problems, read once from its beginning: format, shape, mapping, rows, and a report on everything that was met. */
import type { TaskRow } from '../dataset/types';
import { goldChecker } from '../graders';
import { Columns, SAMPLE_ROWS } from './columns';
import { detectFormat, HEAD, type Format } from './detect';
import { FormatError } from './errors';
import { changed, checkMapping, type MappingChange } from './mapping';
import { Preparation } from './prepare';
import { readabilityOf } from './readability';
import { READERS, type ReadItem, type RowValues } from './readers';
import type { ImportReport } from './report';
import { asShape, recognise, type Recognised } from './shapes';
import type { Source } from './source';

export interface ImportOptions {
  format?: Format | undefined;
  /** A shape's id; recognised by the columns without it. */
  shape?: string | undefined;
  /** Replaces single columns of the shape's mapping. */
  mapping?: MappingChange | undefined;
  /** Problems to take at most; reading stops there. Default 20,000. */
  limit?: number | undefined;
  /** The commit that a file of the Hub came from. */
  revision?: string | undefined;
  goldProblem?: ((gold: string) => string | null) | undefined;
  lengthProblem?: { check: (row: TaskRow) => string | null; limit: number } | undefined;
  keepLong?: boolean | undefined;
  /** Words and signs that the policy knows; absent where that is not known. */
  vocabulary?: ReadonlySet<string> | undefined;
}

export interface ImportProgress {
  bytes: number;
  /** Bytes in all, where known. */
  of: number | null;
  rows: number;
}

export interface Imported {
  rows: TaskRow[];
  report: ImportReport;
  /** The first rows as the file has them, for the preview. */
  sample: RowValues[];
}

export const DEFAULT_LIMIT = 20_000;
/** Between turns of the event loop, so that a stop can come in. */
const TURN_MS = 40;

/**
 * @param signal its reason is thrown when it aborts
 * @throws FormatError for a file that cannot be read, without usable rows, or without the columns that are asked for
 */
export async function importProblems(
  source: Source,
  options: ImportOptions = {},
  onProgress: (progress: ImportProgress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Imported> {
  const format = options.format ?? detectFormat(source.name, new Uint8Array(await source.slice(0, HEAD, signal)));
  let encoding: string | undefined;
  let bytes = 0;
  const reader = await READERS[format]();
  const items = reader(source, { signal, onBytes: (read) => (bytes = read), onEncoding: (found) => (encoding = found) })[
    Symbol.asyncIterator
  ]();
  const { head, sample, ended } = await readSample(items, signal);
  const columns = new Columns(sample);
  if (sample.length === 0) throw noRows(source, head);
  const { shape, reason, mapping } = chosen(columns, options);
  checkMapping(mapping, columns.names);

  const preparation = new Preparation({
    mapping,
    goldProblem: options.goldProblem ?? goldChecker({ id: 'mathematics' }),
    lengthProblem: options.lengthProblem?.check,
    keepLong: options.keepLong,
  });
  const limit = options.limit ?? DEFAULT_LIMIT;
  let stoppedAt: number | null = null;
  let turn = performance.now();
  const take = (item: ReadItem): boolean => {
    if (preparation.rows.length >= limit) stoppedAt = item.at;
    else preparation.add(item);
    return stoppedAt === null;
  };
  const breathe = async (): Promise<void> => {
    if (performance.now() - turn < TURN_MS) return;
    onProgress({ bytes, of: source.size, rows: preparation.read });
    await new Promise<void>((resolve) => void setTimeout(resolve, 0));
    signal?.throwIfAborted();
    turn = performance.now();
  };
  let going = true;
  for (const item of head) {
    going = going && take(item);
    await breathe();
  }
  while (going && !ended) {
    const next = await items.next();
    if (next.done) break;
    going = take(next.value);
    await breathe();
  }
  await items.return?.();
  onProgress({ bytes: stoppedAt === null ? (source.size ?? bytes) : bytes, of: source.size, rows: preparation.read });

  const { rows, counts, listed, read } = preparation;
  const report: ImportReport = {
    source: {
      ...{ name: source.name, bytes: source.size, format },
      ...(encoding !== undefined && { encoding }),
      ...(options.revision !== undefined && { revision: options.revision }),
    },
    shape: { id: shape.id, name: shape.name, reason },
    mapping,
    columns: columns.names,
    rows: { read, taken: rows.length, trainable: rows.filter(({ expert }) => expert !== null).length },
    counts,
    listed,
    listedWhole: listed.length === Object.values(counts).reduce((sum, n) => sum + n, 0),
    stoppedAt,
    context: options.lengthProblem ? { limit: options.lengthProblem.limit, kept: options.keepLong === true } : null,
    readability: options.vocabulary ? readabilityOf(rows, options.vocabulary) : null,
  };
  return { rows, report, sample: sample.slice(0, 20) };
}

async function readSample(
  items: AsyncIterator<ReadItem>,
  signal?: AbortSignal,
): Promise<{ head: ReadItem[]; sample: RowValues[]; ended: boolean }> {
  const head: ReadItem[] = [];
  const sample: RowValues[] = [];
  while (sample.length < SAMPLE_ROWS && head.length < 100 * SAMPLE_ROWS) {
    signal?.throwIfAborted();
    const next = await items.next();
    if (next.done) return { head, sample, ended: true };
    head.push(next.value);
    if (next.value.kind === 'row') sample.push(next.value.values);
  }
  return { head, sample, ended: false };
}

function chosen(columns: Columns, { shape, mapping = {} }: ImportOptions): Recognised {
  const found = shape === undefined ? recognise(columns) : asShape(shape, columns);
  if (!found)
    throw new FormatError(
      'No column holds text, so nothing here can be a question.',
      `The columns are ${columns.names.slice(0, 20).join(', ')}.`,
    );
  return { ...found, mapping: changed(found.mapping, mapping) };
}

function noRows(source: Source, head: readonly ReadItem[]): FormatError {
  const first = head.find((item) => item.kind === 'problem');
  return first
    ? new FormatError(
        `No row of ${source.name} can be read; the first problem is on line ${first.at}: ${first.message}.`,
        'Repair the file, or save it as JSONL with one object per line.',
      )
    : new FormatError(`${source.name} holds no rows.`, 'A file with one problem per row is needed.');
}
