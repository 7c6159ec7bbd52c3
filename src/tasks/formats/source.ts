/** Where bytes come from: a file, a pasted text, a file of the Hub. Readers see nothing else. */
export interface Source {
  /** A file's name, for recognising its format and for messages. */
  readonly name: string;
  /** Bytes, where known. */
  readonly size: number | null;
  /** All bytes in order. Stopping the iteration stops the reading. */
  stream(signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /** Bytes start … end − 1; fewer at the end of the file. */
  slice(start: number, end: number, signal?: AbortSignal): Promise<ArrayBuffer>;
}

/** How much is read at a time. */
export const CHUNK = 1 << 20;

/** Something that gives slices of bytes: a browser's File, Node's Blob. */
export interface BlobLike {
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

export function blobSource(name: string, blob: BlobLike): Source {
  return randomAccess(name, blob.size, (start, end) => blob.slice(start, end).arrayBuffer());
}

export function bytesSource(name: string, bytes: Uint8Array<ArrayBuffer>): Source {
  return randomAccess(name, bytes.byteLength, async (start, end) => bytes.slice(start, end).buffer);
}

/** Pasted text. */
export function textSource(name: string, text: string): Source {
  return bytesSource(name, new TextEncoder().encode(text));
}

/** A source over a function that reads a range of bytes. */
export function randomAccess(
  name: string,
  size: number,
  read: (start: number, end: number, signal?: AbortSignal) => Promise<ArrayBuffer>,
): Source {
  return {
    name,
    size,
    async *stream(signal) {
      for (let at = 0; at < size; at += CHUNK) {
        signal?.throwIfAborted();
        yield new Uint8Array(await read(at, Math.min(size, at + CHUNK), signal));
      }
    },
    slice: (start, end, signal) => read(Math.min(start, size), Math.min(end, size), signal),
  };
}
