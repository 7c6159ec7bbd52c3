/** The reader of each format; each is loaded when a file of that format is read. */
import type { Format } from '../detect';
import type { Reader } from './types';

export const READERS: Record<Format, () => Promise<Reader>> = {
  jsonl: async () => (await import('./jsonl')).readJsonl,
  json: async () => (await import('./json')).readJson,
  csv: async () => (await import('./csv')).readCsv,
  parquet: async () => (await import('./parquet')).readParquet,
};

export { type ReadContext, type Reader, type ReadItem, type RowValues } from './types';
