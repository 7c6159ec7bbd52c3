/** What else the browser keeps for this project: cached files. Only names that are ours: other projects may share the origin. */
import { NAME_PREFIX } from './schema';

/** Caches of Transformers.js, which it names itself. */
const FOREIGN_CACHES = new Set(['transformers-cache']);

/** Deletes this project's Cache API caches and origin-private files; quietly does nothing where there are none. */
export async function clearOriginFiles(): Promise<void> {
  if (typeof caches !== 'undefined') {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith(NAME_PREFIX) || FOREIGN_CACHES.has(name)).map((name) => caches.delete(name)));
  }
  const storage = storageManager();
  if (!storage?.getDirectory) return;
  const root = await storage.getDirectory();
  const ours: string[] = [];
  for await (const name of root.keys()) if (name.startsWith(NAME_PREFIX)) ours.push(name);
  await Promise.all(ours.map((name) => root.removeEntry(name, { recursive: true })));
}

/** Bytes used and available to this origin, null where the browser does not tell. */
export async function originEstimate(): Promise<{ used: number | null; quota: number | null }> {
  const estimate = await storageManager()
    ?.estimate?.()
    .catch(() => null);
  return { used: estimate?.usage ?? null, quota: estimate?.quota ?? null };
}

/** Absent without a secure context, whatever the types say. */
function storageManager(): StorageManager | undefined {
  return (globalThis as { navigator?: { storage?: StorageManager } }).navigator?.storage;
}
