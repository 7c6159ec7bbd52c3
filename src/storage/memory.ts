/** The same store without IndexedDB: kept only until this tab closes. */
import type { Backend, Change, KeyPart } from './backend';
import type { Records, StoreName } from './records';
import { KEY_PATHS, STORE_NAMES } from './schema';

/** Order of IndexedDB keys for the kinds used here: numbers before strings, lists by their first difference. */
export function compareKeys(a: readonly KeyPart[], b: readonly KeyPart[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (typeof x !== typeof y) return typeof x === 'number' ? -1 : 1;
    if (x < y) return -1;
    if (x > y) return 1;
  }
  return a.length - b.length;
}

const startsWith = (key: readonly KeyPart[], prefix: readonly KeyPart[]) => prefix.every((part, i) => key[i] === part);

interface Entry {
  key: KeyPart[];
  value: unknown;
}

export class MemoryBackend implements Backend {
  readonly kind = 'memory';
  private readonly stores = new Map<StoreName, Map<string, Entry>>(STORE_NAMES.map((name) => [name, new Map()]));

  async get<S extends StoreName>(store: S, key: readonly KeyPart[]): Promise<Records[S] | undefined> {
    return structuredClone(this.store(store).get(JSON.stringify(key))?.value) as Records[S] | undefined;
  }

  async range<S extends StoreName>(store: S, prefix: readonly KeyPart[]): Promise<Records[S][]> {
    return this.matching(store, prefix)
      .sort((a, b) => compareKeys(a.key, b.key))
      .map((entry) => structuredClone(entry.value) as Records[S]);
  }

  async count(store: StoreName, prefix: readonly KeyPart[]): Promise<number> {
    return this.matching(store, prefix).length;
  }

  async write(changes: readonly Change[]): Promise<void> {
    // Copy everything first: if a value cannot be copied, nothing has changed.
    const copies = changes.map((change) => ('put' in change ? structuredClone(change.put) : null));
    changes.forEach((change, i) => {
      const store = this.store(change.store);
      if ('put' in change) {
        const fields = copies[i] as unknown as Record<string, KeyPart>;
        const key = KEY_PATHS[change.store].map((field) => fields[field]!);
        store.set(JSON.stringify(key), { key, value: copies[i] });
      } else {
        for (const entry of this.matching(change.store, change.delete)) store.delete(JSON.stringify(entry.key));
      }
    });
  }

  close(): void {
    for (const store of this.stores.values()) store.clear();
  }

  private store(name: StoreName): Map<string, Entry> {
    return this.stores.get(name)!;
  }

  private matching(store: StoreName, prefix: readonly KeyPart[]): Entry[] {
    return [...this.store(store).values()].filter((entry) => startsWith(entry.key, prefix));
  }
}
