import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { beforeEach, describe, expect, it } from 'vitest';
import { v1, v1KeyPaths } from './fixtures/v1';
import { v2, v2KeyPaths } from './fixtures/v2';
import { v3, v3KeyPaths } from './fixtures/v3';
import { IndexedDbBackend, openBackend, type StorageError } from './index';
import type { StoreName } from './records';
import { DATABASE_NAME, MIGRATIONS, SCHEMA_VERSION } from './schema';
import { RunStore } from './runs';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

/** Writes a fixture with IndexedDB alone, as the code of its time did. */
async function writeFixture(version: number, keyPaths: Record<string, string[]>, records: Record<string, object[]>): Promise<void> {
  const db = await openDB(DATABASE_NAME, version, {
    upgrade(database) {
      for (const [store, keyPath] of Object.entries(keyPaths)) database.createObjectStore(store, { keyPath });
    },
  });
  for (const [store, list] of Object.entries(records)) for (const record of list) await db.put(store, record);
  db.close();
}

describe('migrations', () => {
  it.each([
    [1, v1KeyPaths, v1],
    [2, v2KeyPaths, v2],
    [3, v3KeyPaths, v3],
  ])('opens a database of version %i', async (version, keyPaths, fixture) => {
    await writeFixture(version, keyPaths, fixture);
    const backend = await IndexedDbBackend.open();
    // What migration 3 renamed reads as version 3 wrote it.
    const expected = { ...fixture, candidates: v3.candidates, rows: v3.rows };
    for (const [store, records] of Object.entries(expected)) expect(await backend.range(store as StoreName, []), store).toEqual(records);
    const runs = new RunStore(backend, 'test');
    const [record] = await runs.list();
    const resumed = await runs.open(record!.config, 'a1b2c3d4e5f6');
    expect(resumed.configHash).toBe(record!.configHash);
    backend.close();
  });

  it('creates the stores of the newest version from nothing', async () => {
    const backend = await IndexedDbBackend.open();
    backend.close();
    const db = await openDB(DATABASE_NAME);
    expect(db.version).toBe(SCHEMA_VERSION);
    for (const [store, keyPath] of Object.entries(v3KeyPaths)) {
      expect(db.transaction(store).objectStore(store).keyPath, store).toEqual(keyPath);
    }
    db.close();
  });

  it('keeps what is stored when a version is appended', async () => {
    await writeFixture(1, v1KeyPaths, v1);
    const added = [...MIGRATIONS, (db: { createObjectStore(name: string): unknown }) => void db.createObjectStore('later')];
    const backend = await IndexedDbBackend.open({ migrations: added });
    expect(await backend.range('rows', [])).toEqual(v3.rows);
    backend.close();
  });

  it('says so when the data is newer than the code, and goes on in memory', async () => {
    const db = await openDB(DATABASE_NAME, SCHEMA_VERSION + 1);
    db.close();
    const { backend, problem } = await openBackend();
    expect(backend.kind).toBe('memory');
    expect(problem?.problem).toBe('newer');
    expect(problem?.message).toMatch(/newer version .* only until this tab closes/);
  });

  it('lets a newer version in, and says so in the older tab', async () => {
    const told: StorageError[] = [];
    const older = await IndexedDbBackend.open({ onClosed: (error) => told.push(error) });
    const added = [...MIGRATIONS, () => undefined];
    const newer = await IndexedDbBackend.open({ migrations: added });
    expect(told.map((error) => error.problem)).toEqual(['closed']);
    await expect(older.range('runs', [])).rejects.toMatchObject({ name: 'StorageError', problem: 'newer' });
    newer.close();
  });

  it('does not wait for ever for a tab that does not let go', async () => {
    const stubborn = await openDB(DATABASE_NAME, SCHEMA_VERSION); // no `blocking`: stays open
    const added = [...MIGRATIONS, () => undefined];
    const { backend, problem } = await openBackend({ migrations: added, blockedTimeout: 20 });
    expect(backend.kind).toBe('memory');
    expect(problem).toMatchObject({ problem: 'blocked', hint: expect.stringMatching(/Close the other tabs/) as string });
    stubborn.close();
  });
});
