/** The few operations that runs need of a key-value store: implemented on IndexedDB and, where there is none, in memory. */
import type { Records, StoreName } from './records';

export type KeyPart = string | number;

export type Change =
  | { [S in StoreName]: { store: S; put: Records[S] } }[StoreName]
  /** All records whose key starts with these parts; an empty list: the whole store. */
  | { store: StoreName; delete: readonly KeyPart[] };

export interface Backend {
  readonly kind: 'indexeddb' | 'memory';
  get<S extends StoreName>(store: S, key: readonly KeyPart[]): Promise<Records[S] | undefined>;
  /** Records whose key starts with `prefix`, in key order. */
  range<S extends StoreName>(store: S, prefix: readonly KeyPart[]): Promise<Records[S][]>;
  count(store: StoreName, prefix: readonly KeyPart[]): Promise<number>;
  /** All or nothing, durable when it resolves. Values are copied. Throws StorageError. */
  write(changes: readonly Change[]): Promise<void>;
  close(): void;
}
