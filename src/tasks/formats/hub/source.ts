/** A file of a Hub, read as it comes. */
import { FormatError } from '../errors';
import { randomAccess, type Source } from '../source';
import type { HubFile } from './list';
import { asOffline, cancel, get, type HubOptions, type HubResponse } from './request';

/**
 * A file of the Hub as a source: Parquet in ranges, so that only what is needed is fetched; other formats in one stream.
 * @throws FormatError, here and while reading, for what the server refuses
 */
export async function hubSource(file: HubFile, id: string, options: HubOptions): Promise<Source> {
  const size = file.bytes ?? (await sizeOf(file, id, options));
  const source = randomAccess(file.path, size, (start, end, signal) =>
    range(file, id, start, end, { ...options, signal: signal ?? options.signal }),
  );
  return {
    ...source,
    async *stream(signal) {
      const response = await get(file.url, id, { ...options, signal: signal ?? options.signal });
      for await (const chunk of bodyOf(response)) {
        signal?.throwIfAborted();
        yield chunk;
      }
    },
  };
}

async function sizeOf(file: HubFile, id: string, options: HubOptions): Promise<number> {
  const response = await get(file.url, id, options, { Range: 'bytes=0-0' });
  const total = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1] ?? response.headers.get('content-length');
  await cancel(response);
  if (total === null)
    throw new FormatError(`The server does not say how large ${file.path} is.`, 'Download the file from its page and open it from there.');
  return Number(total);
}

async function range(file: HubFile, id: string, start: number, end: number, options: HubOptions): Promise<ArrayBuffer> {
  if (end <= start) return new ArrayBuffer(0);
  const response = await get(file.url, id, options, { Range: `bytes=${start}-${end - 1}` });
  const bytes = await asOffline(file.path, options, () => response.arrayBuffer());
  // A server that knows no ranges sends everything.
  return response.status === 206 ? bytes : bytes.slice(start, end);
}

/** A body's pieces: Node's and newer browsers' streams are iterable, others have a reader. */
async function* bodyOf(response: HubResponse): AsyncGenerator<Uint8Array, void, void> {
  const body = response.body as { getReader(): { read(): Promise<{ done: boolean; value?: Uint8Array }>; cancel(): Promise<void> } } | null;
  if (!body) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      if (value) yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
