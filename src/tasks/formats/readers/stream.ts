/** A source's text, counted as it is read. */
import type { Source } from '../source';
import { decodeText } from '../text';
import type { ReadContext } from './types';

export function textOf(source: Source, context: ReadContext): AsyncGenerator<string, void, void> {
  return decodeText(counted(source.stream(context.signal), context), source.name, context.onEncoding);
}

async function* counted(chunks: AsyncIterable<Uint8Array>, { signal, onBytes }: ReadContext): AsyncGenerator<Uint8Array, void, void> {
  let bytes = 0;
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    yield chunk;
    onBytes?.((bytes += chunk.length));
  }
}
