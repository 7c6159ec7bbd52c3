/** Bytes to text: UTF-8 and UTF-16, with or without a byte-order mark; anything else is refused with the line. */
import { FormatError } from './errors';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

const NAMES: Record<Encoding, string> = { 'utf-8': 'UTF-8', 'utf-16le': 'UTF-16', 'utf-16be': 'UTF-16' };

/** Bytes that are looked at to tell an encoding. */
const LOOKED = 4096;

/** What the first bytes of a file say. @throws FormatError for UTF-32 and for what is not text. */
export function detectEncoding(head: Uint8Array, name: string): Encoding {
  const [a, b, c, d] = head;
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff))
    throw new FormatError(`${name} is UTF-32 text.`, 'Save it as UTF-8 and try again.');
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  const looked = Math.min(head.length, LOOKED);
  for (let i = 0; i < looked; i++) if (head[i] === 0) zeros[i % 2]!++;
  // Text of mostly Latin letters in UTF-16 has a zero in every second byte; UTF-8 text has none.
  if (zeros[0]! + zeros[1]! === 0) return 'utf-8';
  if (looked >= 4 && zeros[1]! > looked * 0.3 && zeros[0]! < looked * 0.05) return 'utf-16le';
  if (looked >= 4 && zeros[0]! > looked * 0.3 && zeros[1]! < looked * 0.05) return 'utf-16be';
  throw new FormatError(`${name} is not text: it contains zero bytes.`, 'JSONL, JSON, CSV, TSV and Parquet files can be read.');
}

/**
 * The text of a stream in pieces, without the byte-order mark.
 * @throws FormatError with the line where the bytes are not text in the file's encoding.
 */
export async function* decodeText(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  onEncoding?: (encoding: Encoding) => void,
): AsyncGenerator<string, void, void> {
  let encoding: Encoding | null = null;
  let decoder: TextDecoder | null = null;
  let line = 1;
  const decode = (bytes: Uint8Array | null): string => {
    try {
      return bytes ? decoder!.decode(bytes, { stream: true }) : decoder!.decode();
    } catch (cause) {
      throw undecodable(name, encoding!, bytes, line, cause);
    }
  };
  for await (const bytes of gathered(chunks, LOOKED)) {
    if (!decoder) {
      encoding = detectEncoding(bytes, name);
      decoder = new TextDecoder(encoding, { fatal: true });
      onEncoding?.(encoding);
    }
    const text = decode(bytes);
    yield text;
    line += countNewlines(text);
  }
  if (!decoder) return;
  const rest = decode(null);
  if (rest) yield rest;
}

/** The same bytes, the first piece of at least `least` where there are so many. */
async function* gathered(chunks: AsyncIterable<Uint8Array>, least: number): AsyncGenerator<Uint8Array, void, void> {
  let first: Uint8Array | null = new Uint8Array(0);
  for await (const chunk of chunks) {
    if (!first) yield chunk;
    else {
      const joined: Uint8Array = new Uint8Array(first.length + chunk.length);
      joined.set(first);
      joined.set(chunk, first.length);
      first = joined;
      if (first.length < least) continue;
      yield first;
      first = null;
    }
  }
  if (first && first.length > 0) yield first;
}

export function countNewlines(text: string, from = 0, to = text.length): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

function undecodable(name: string, encoding: Encoding, bytes: Uint8Array | null, line: number, cause: unknown): FormatError {
  if (!bytes)
    return new FormatError(`${name} ends in the middle of a character (line ${line}).`, 'It may be cut short: fetch it again.', { cause });
  if (encoding !== 'utf-8')
    return new FormatError(`${name} is not valid UTF-16 text after line ${line}.`, 'Save it as UTF-8 and try again.', { cause });
  const at = firstInvalid(bytes);
  const byte = bytes[at]!.toString(16).toUpperCase().padStart(2, '0');
  const where = line + countNewlines(new TextDecoder('utf-8').decode(bytes.subarray(0, at)));
  return new FormatError(
    `${name}, line ${where}: not ${NAMES[encoding]} text (byte 0x${byte}).`,
    'It is probably Latin-1 or Windows-1252. Save it as UTF-8 (a text editor or spreadsheet can) and try again.',
    { cause },
  );
}

/** Index of the first byte that cannot belong to UTF-8, by bisection. The bytes may begin and end inside a character. */
function firstInvalid(bytes: Uint8Array): number {
  let start = 0;
  while (start < 3 && (bytes[start]! & 0xc0) === 0x80) start++;
  const valid = (end: number): boolean => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, end), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  if (valid(bytes.length)) return 0;
  let [low, high] = [start, bytes.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (valid(middle)) low = middle;
    else high = middle;
  }
  return low;
}
