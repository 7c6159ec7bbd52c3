/** Several streams as one, in the order in which things come. */

/** What a source is given: where its items go, and whether anybody still wants them. */
export interface Sink<T> {
  push(item: T): void;
  readonly closed: boolean;
}

/**
 * Runs all sources at once and yields what they push; ends when all have ended. The first error ends the stream. However it ends, `stop` is called and
 * the sources are waited for, so that nothing goes on behind the consumer's back.
 */
export async function* merge<T>(sources: readonly ((sink: Sink<T>) => Promise<void>)[], stop: () => void): AsyncGenerator<T, void, void> {
  const items: T[] = [];
  let wake: () => void = () => undefined;
  let running = sources.length;
  let failure: { error: unknown } | null = null;
  const sink = {
    closed: false,
    push(item: T) {
      items.push(item);
      wake();
    },
  };
  const all = sources.map(async (source) => {
    try {
      await source(sink);
    } catch (error) {
      failure ??= { error };
    }
    running--;
    wake();
  });
  try {
    for (;;) {
      while (items.length > 0) yield items.shift()!;
      // An assignment inside the sources' promises, which narrowing does not see.
      const failed = failure as { error: unknown } | null;
      if (failed) throw failed.error;
      if (running === 0) return;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    sink.closed = true;
    stop();
    await Promise.all(all);
  }
}
