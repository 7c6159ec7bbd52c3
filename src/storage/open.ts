import type { Backend } from './backend';
import { StorageError } from './errors';
import { IndexedDbBackend, type IndexedDbOptions } from './indexeddb';
import { MemoryBackend } from './memory';

export interface OpenedBackend {
  backend: Backend;
  /** Why IndexedDB is not used; the message ends with what that means for the reader. */
  problem: StorageError | null;
}

/** IndexedDB, or memory where that does not work: the page goes on either way. */
export async function openBackend(options: IndexedDbOptions = {}): Promise<OpenedBackend> {
  try {
    return { backend: await IndexedDbBackend.open(options), problem: null };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const message = `${error.message} Results are kept only until this tab closes.`;
    return { backend: new MemoryBackend(), problem: new StorageError(error.problem, message, error.hint, error) };
  }
}
