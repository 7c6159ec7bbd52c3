/** Rows as a file has them, with the place where each was found. */
import type { Source } from '../source';

export type RowValues = Record<string, unknown>;

export type ReadItem =
  /** `at` is the 1-based line where the row begins, in Parquet the row. */
  | { kind: 'row'; at: number; values: RowValues }
  /** Something that could not be read; reading goes on after it where it can. */
  | { kind: 'problem'; at: number; message: string; excerpt: string };

export interface ReadContext {
  signal?: AbortSignal | undefined;
  /** Bytes of the source that have been read so far. */
  onBytes?: ((bytes: number) => void) | undefined;
  onEncoding?: ((encoding: string) => void) | undefined;
}

/** @throws FormatError for a file that cannot be read at all. */
export type Reader = (source: Source, context: ReadContext) => AsyncIterable<ReadItem>;

/** Longest row in characters; longer ones are listed and skipped. */
export const MAX_ROW = 4 << 20;
/** More columns than this is not a table of problems. */
export const MAX_COLUMNS = 2000;
