/** Which format a file has: by its content first, by its name where the content leaves it open. */
import { FormatError } from './errors';
import { guessDelimiter } from './readers/delimiter';
import { detectEncoding } from './text';

export const FORMATS = ['jsonl', 'json', 'csv', 'parquet'] as const;
export type Format = (typeof FORMATS)[number];

export const FORMAT_NAMES: Record<Format, string> = { jsonl: 'JSON Lines', json: 'JSON', csv: 'CSV', parquet: 'Parquet' };

/** Bytes from the beginning of a file that are enough to tell. */
export const HEAD = 1 << 16;

const KNOWN = 'JSONL, JSON, CSV, TSV and Parquet files can be read.';

/** @throws FormatError for an empty file and for what is none of these. */
export function detectFormat(name: string, head: Uint8Array): Format {
  if (head.length === 0) throw new FormatError(`${name} is empty.`, KNOWN);
  const starts = (...bytes: number[]): boolean => bytes.every((byte, i) => head[i] === byte);
  if (starts(0x50, 0x41, 0x52, 0x31)) return 'parquet';
  if (/\.parquet$/i.test(name))
    throw new FormatError(
      `${name} is not a Parquet file: it does not begin as one.`,
      'Fetch it again; it may be an error page or a pointer in its place.',
    );
  if (starts(0x50, 0x4b, 3, 4))
    throw new FormatError(`${name} is a ZIP archive or a spreadsheet.`, `Unpack it, or save the sheet as CSV. ${KNOWN}`);
  if (starts(0x1f, 0x8b)) throw new FormatError(`${name} is compressed with gzip.`, `Unpack it first. ${KNOWN}`);
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) throw new FormatError(`${name} is compressed with zstd.`, `Unpack it first. ${KNOWN}`);
  const text = headText(name, head).trimStart();
  if (text === '') throw new FormatError(`${name} begins with nothing but blanks.`, KNOWN);
  if (text.startsWith('version https://git-lfs'))
    throw new FormatError(
      `${name} is a Git LFS pointer, not the file itself.`,
      'Fetch the file with Git LFS, or download it from the site.',
    );
  if (/^<(?:!doctype|html|\?xml)/i.test(text))
    throw new FormatError(`${name} is a web page, not a data file.`, 'Download the file itself rather than the page that shows it.');
  if (text.startsWith('[')) return /\.(jsonl|ndjson)$/i.test(name) ? 'jsonl' : 'json';
  if (text.startsWith('{')) return objectFormat(name, text);
  if (/\.(csv|tsv)$/i.test(name)) return 'csv';
  // A broken first line does not make JSON Lines anything else.
  if (/\.(jsonl|ndjson)$/i.test(name)) return 'jsonl';
  if (/\.json$/i.test(name))
    throw new FormatError(
      `${name} is not JSON: it does not begin with "[" or "{".`,
      'Look at the beginning of the file; it may be an error page in its place.',
    );
  const first = text.split('\n', 1)[0]!;
  if (first.includes(guessDelimiter(first, name)) && text.includes('\n')) return 'csv';
  throw new FormatError(`${name} is in no format that is known here.`, KNOWN);
}

/** One object over several lines is JSON; an object whole on its first line, with another after it, is JSON Lines. */
function objectFormat(name: string, text: string): Format {
  if (/\.(jsonl|ndjson)$/i.test(name)) return 'jsonl';
  const end = text.indexOf('\n');
  if (end < 0) return holdsRows(text) ? 'json' : /\.json$/i.test(name) ? 'json' : 'jsonl';
  try {
    JSON.parse(text.slice(0, end));
  } catch {
    // Another object at the beginning of a line: one broken line among whole ones.
    return /\n\{"/.test(text) && !/\.json$/i.test(name) ? 'jsonl' : 'json';
  }
  return text.slice(end).trim() === '' && holdsRows(text) ? 'json' : 'jsonl';
}

/** Whether a text that begins with an object names a list first: {"data": […. */
const holdsRows = (text: string): boolean => /^\{\s*"(?:[^"\\]|\\.)*"\s*:\s*\[/.test(text);

function headText(name: string, head: Uint8Array): string {
  const encoding = detectEncoding(head, name);
  return new TextDecoder(encoding).decode(head, { stream: true });
}
