/** Tables of records as files. The writers are loaded when they are first asked for. */
import type { Column, Row } from './columns';
import { writeJsonl } from './jsonl';

export type { Column, ColumnType, Row } from './columns';
export { writeJsonl } from './jsonl';

export const TABLE_FORMATS = ['jsonl', 'parquet', 'csv'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

export const MEDIA_TYPES: Record<TableFormat, string> = {
  jsonl: 'application/jsonl',
  parquet: 'application/vnd.apache.parquet',
  csv: 'text/csv',
};

/** The format that a file's name asks for; null for any other ending. */
export function formatOf(fileName: string): TableFormat | null {
  const ending = /\.([^./\\]+)$/.exec(fileName)?.[1]?.toLowerCase();
  return TABLE_FORMATS.find((format) => format === ending) ?? null;
}

/** @param metadata for the footer of Parquet; the other formats have no place for it. */
export async function writeTable(
  format: TableFormat,
  rows: readonly Row[],
  columns: readonly Column[],
  metadata?: Readonly<Record<string, string>>,
): Promise<string | Uint8Array> {
  if (format === 'jsonl') return writeJsonl(rows);
  if (format === 'csv') return (await import('./csv')).writeCsv(rows, columns);
  return (await import('./parquet')).writeParquet(rows, columns, metadata);
}
