/** Helpers of the tests: sources in awkward pieces, readers' items as arrays. */
import { READERS, type ReadItem } from '../readers';
import type { Format } from '../detect';
import { bytesSource, type Source } from '../source';

export const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** A source whose stream comes in pieces of `size` bytes, so that every boundary is met. */
export function pieces(name: string, content: string | Uint8Array<ArrayBuffer>, size: number): Source {
  const all = typeof content === 'string' ? bytes(content) : content;
  return {
    ...bytesSource(name, all),
    async *stream() {
      for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
    },
  };
}

export async function read(format: Format, source: Source): Promise<ReadItem[]> {
  const reader = await READERS[format]();
  const items: ReadItem[] = [];
  for await (const item of reader(source, {})) items.push(item);
  return items;
}

/** Rows as [line, values], problems as [line, message]. */
export async function readText(format: Format, text: string | Uint8Array<ArrayBuffer>, size = 1 << 20): Promise<[number, unknown][]> {
  const items = await read(format, pieces(`test.${format}`, text, size));
  return items.map((item) => [item.at, item.kind === 'row' ? { ...item.values } : item.message]);
}
