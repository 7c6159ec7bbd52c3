/** Parquet, a row group at a time, with every usual compression. Loaded only when such a file is read. */
import { parquetMetadataAsync, parquetReadObjects, parquetSchema, type FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { hintOf } from '../../../base/errors';
import { FormatError, reasonOf } from '../errors';
import type { Source } from '../source';
import { MAX_COLUMNS, type ReadContext, type Reader, type RowValues } from './types';

/** Rows decoded at a time within a row group. */
const BATCH = 2000;
/** A row group is decoded whole: at most so many bytes of it, uncompressed. */
const MAX_GROUP = 512 << 20;

export const readParquet: Reader = async function* (source, context) {
  const file = { byteLength: sizeOf(source), slice: counted(source, context) };
  const metadata = await asFormatError(source, 'has no readable table of contents', () => parquetMetadataAsync(file));
  const columns = textColumns(metadata);
  checkSize(source, metadata, columns);
  let from = 0;
  for (const group of metadata.row_groups) {
    const end = from + Number(group.num_rows);
    for (let start = from; start < end; start += BATCH) {
      context.signal?.throwIfAborted();
      const rowEnd = Math.min(end, start + BATCH);
      const options = { file, metadata, columns, compressors, rowStart: start, rowEnd, rowFormat: 'object' as const };
      const rows = await asFormatError(source, `cannot be read from row ${start + 1} on`, () => parquetReadObjects(options), context);
      for (const [i, row] of rows.entries()) yield { kind: 'row', at: start + i + 1, values: plain(row) as RowValues };
    }
    from = end;
  }
};

function sizeOf({ name, size }: Source): number {
  if (size === null)
    throw new FormatError(`The size of ${name} is not known, which a Parquet file needs.`, 'Download the file and open it from there.');
  return size;
}

function counted(source: Source, { signal, onBytes }: ReadContext): (start: number, end?: number) => Promise<ArrayBuffer> {
  let bytes = 0;
  return async (start, end) => {
    const slice = await source.slice(start, end ?? source.size!, signal);
    onBytes?.(Math.min(source.size!, (bytes += slice.byteLength)));
    return slice;
  };
}

/** Names of the top-level columns without raw bytes (images, sound), which no problem needs. */
function textColumns(metadata: FileMetaData): string[] {
  const isBytes = ({ type, converted_type, logical_type }: { type?: string; converted_type?: string; logical_type?: unknown }): boolean =>
    type === 'BYTE_ARRAY' && converted_type === undefined && logical_type === undefined;
  return parquetSchema(metadata)
    .children.filter(({ element, children }) => !isBytes(element) && !children.some((child) => isBytes(child.element)))
    .map(({ element }) => element.name);
}

function checkSize(source: Source, metadata: FileMetaData, columns: string[]): void {
  if (columns.length > MAX_COLUMNS)
    throw new FormatError(
      `${source.name} has ${columns.length} columns; at most ${MAX_COLUMNS} are read.`,
      'A table with one row per problem is needed.',
    );
  const wanted = new Set(columns);
  for (const [i, group] of metadata.row_groups.entries()) {
    let bytes = 0;
    for (const { meta_data: column } of group.columns)
      if (column && wanted.has(column.path_in_schema[0]!)) bytes += Number(column.total_uncompressed_size);
    if (bytes > MAX_GROUP)
      throw new FormatError(
        `Row group ${i + 1} of ${source.name} holds ${Math.round(bytes / 1e6)} MB of text; at most ${MAX_GROUP >> 20} MB are decoded at a time.`,
        'Write the file with smaller row groups (a few thousand rows each) and try again.',
      );
  }
}

/** Typed arrays to lists, 64-bit integers to numbers where they fit, to texts where they do not. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>, plain);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

async function asFormatError<T>(source: Source, what: string, work: () => Promise<T>, context?: ReadContext): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (context?.signal?.aborted || hintOf(error) !== null) throw error;
    throw new FormatError(
      `${source.name} ${what} (${reasonOf(error)}).`,
      'The file may be damaged or cut short: fetch it again, or convert it to JSONL.',
      { cause: error },
    );
  }
}
