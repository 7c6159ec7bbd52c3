/** The store on IndexedDB, through `idb`. */
import { type IDBPDatabase, openDB } from 'idb';
import type { Backend, Change, KeyPart } from './backend';
import { StorageError, storageError } from './errors';
import type { Records, StoreName } from './records';
import { DATABASE_NAME, type Migration, MIGRATIONS } from './schema';

export interface IndexedDbOptions {
  /** Default: the project's own database. */
  name?: string;
  migrations?: readonly Migration[];
  /** How long to wait for tabs with an older version to let go, in milliseconds. Default 3000. */
  blockedTimeout?: number;
  /** The connection ended without our doing: a newer version in another tab, or the browser. */
  onClosed?: (error: StorageError) => void;
}

/** Keys that start with `prefix`: a list is greater than its own prefix, and [] is greater than any number or string. */
function prefixRange(prefix: readonly KeyPart[]): IDBKeyRange | undefined {
  return prefix.length === 0 ? undefined : IDBKeyRange.bound([...prefix], [...prefix, []]);
}

export class IndexedDbBackend implements Backend {
  readonly kind = 'indexeddb';
  private readonly options: IndexedDbOptions;
  private connection: Promise<IDBPDatabase> | null = null;

  private constructor(options: IndexedDbOptions) {
    this.options = options;
  }

  /** Throws StorageError: unavailable, blocked, newer, failed. */
  static async open(options: IndexedDbOptions = {}): Promise<IndexedDbBackend> {
    const backend = new IndexedDbBackend(options);
    backend.connection = backend.reconnect();
    await backend.connection;
    return backend;
  }

  async get<S extends StoreName>(store: S, key: readonly KeyPart[]): Promise<Records[S] | undefined> {
    return this.attempt('read what is stored', async (db) => (await db.get(store, [...key])) as Records[S] | undefined);
  }

  async range<S extends StoreName>(store: S, prefix: readonly KeyPart[]): Promise<Records[S][]> {
    return this.attempt('read what is stored', async (db) => (await db.getAll(store, prefixRange(prefix))) as Records[S][]);
  }

  async count(store: StoreName, prefix: readonly KeyPart[]): Promise<number> {
    return this.attempt('read what is stored', (db) => db.count(store, prefixRange(prefix)));
  }

  async write(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    await this.attempt('store the results', async (db) => {
      const stores = [...new Set(changes.map((change) => change.store))];
      // Strict: on disk before we say so; a checkpoint that a power cut takes back would be a lie.
      const transaction = db.transaction(stores, 'readwrite', { durability: 'strict' });
      const requests: Promise<unknown>[] = [transaction.done];
      try {
        for (const change of changes) {
          const store = transaction.objectStore(change.store);
          if ('put' in change) requests.push(store.put(change.put));
          else {
            const range = prefixRange(change.delete);
            requests.push(range ? store.delete(range) : store.clear());
          }
        }
      } catch (error) {
        // A value that cannot be copied throws at once and would leave what was put before it.
        transaction.abort();
        await Promise.allSettled(requests);
        throw error;
      }
      // Await all, so that no rejection goes unhandled; the transaction's own error is the one worth telling.
      const failed = (await Promise.allSettled(requests)).find((outcome) => outcome.status === 'rejected');
      if (failed) throw transaction.error ?? failed.reason;
    });
  }

  close(): void {
    const connection = this.connection;
    this.connection = null;
    connection?.then((db) => db.close()).catch(() => undefined);
  }

  private async attempt<T>(doing: string, work: (db: IDBPDatabase) => Promise<T>): Promise<T> {
    try {
      this.connection ??= this.reconnect();
      return await work(await this.connection);
    } catch (error) {
      const mapped = storageError(error, doing);
      // The next attempt opens a new connection.
      if (mapped.problem === 'closed' || mapped.problem === 'blocked' || mapped.problem === 'newer') this.connection = null;
      throw mapped;
    }
  }

  private reconnect(): Promise<IDBPDatabase> {
    return connect(this.options, (error) => {
      this.connection = null;
      this.options.onClosed?.(error);
    });
  }
}

function connect(options: IndexedDbOptions, onClosed: (error: StorageError) => void): Promise<IDBPDatabase> {
  if (typeof indexedDB === 'undefined') return Promise.reject(storageError(new DOMException('', 'NotAllowedError'), ''));
  const migrations = options.migrations ?? MIGRATIONS;
  return new Promise<IDBPDatabase>((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let givenUp = false;
    const opening = openDB(options.name ?? DATABASE_NAME, migrations.length, {
      upgrade(db, from, _to, transaction) {
        const migrateAll = async () => {
          for (const migrate of migrations.slice(from)) await migrate(db, transaction);
        };
        // A failed migration leaves the database as it was, and opening it fails.
        migrateAll().catch(() => {
          if (transaction.error === null) transaction.abort();
        });
      },
      blocked() {
        timer = setTimeout(() => {
          givenUp = true;
          const message = 'Another tab holds an older version of this page open, so stored results cannot be read.';
          reject(new StorageError('blocked', message, 'Close the other tabs of this page and reload.'));
        }, options.blockedTimeout ?? 3000);
      },
      blocking(_current, _blocked, event) {
        // Let the newer version in rather than block it; what it writes this code may not be able to read.
        (event.target as IDBDatabase).close();
        const message = 'A newer version of this page was opened in another tab and has taken over the stored results.';
        onClosed(new StorageError('closed', message, 'Reload this tab to go on here.'));
      },
      terminated() {
        const message = "The browser closed this page's storage, perhaps because site data was cleared.";
        onClosed(new StorageError('closed', message, 'Continue to try again, or reload the page.'));
      },
    });
    opening.then(
      (db) => {
        clearTimeout(timer);
        // Opened after all, but nobody waits for it any more.
        if (givenUp) db.close();
        resolve(db);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(storageError(error, 'open its storage'));
      },
    );
  }).catch((error: unknown) => {
    // Some private windows refuse by throwing at once.
    throw storageError(error, 'open its storage');
  });
}
