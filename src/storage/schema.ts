/**
 * Versions of the database. Append-only: a migration that has shipped is never edited, and every shipped version keeps a fixture
 * in `fixtures/` that the tests open with the current code.
 */
import type { IDBPDatabase, IDBPTransaction } from 'idb';
import type { StoreName } from './records';

export const DATABASE_NAME = 'mind-the-gap';
/** Everything else that this project keeps on the origin (Cache API, origin-private files) has a name that starts with this. */
export const NAME_PREFIX = 'mind-the-gap';

/** In-line keys. A record's key is the list of these fields' values (for one field: the value itself). */
export const KEY_PATHS: Readonly<Record<StoreName, readonly string[]>> = {
  runs: ['run'],
  candidates: ['run', 'stage', 'problem', 'k'],
  rows: ['run', 'problem'],
  metrics: ['run', 'arm', 'chunk'],
  checkpoints: ['run', 'arm'],
  evaluations: ['run', 'policy', 'set'],
  settings: ['key'],
  tasks: ['task'],
  taskContents: ['task'],
};
export const STORE_NAMES = Object.keys(KEY_PATHS) as StoreName[];
/** The stores whose keys begin with a run id. */
export const RUN_STORES: readonly StoreName[] = ['runs', 'candidates', 'rows', 'metrics', 'checkpoints', 'evaluations'];

/** Untyped on purpose: a migration speaks of stores as they were, not as today's types have them. */
export type Migration = (database: IDBPDatabase, transaction: IDBPTransaction<unknown, string[], 'versionchange'>) => void;

export const MIGRATIONS: readonly Migration[] = [
  // 1
  (database) => {
    database.createObjectStore('runs', { keyPath: ['run'] });
    database.createObjectStore('candidates', { keyPath: ['run', 'stage', 'problem', 'k'] });
    database.createObjectStore('rows', { keyPath: ['run', 'problem'] });
    database.createObjectStore('metrics', { keyPath: ['run', 'arm', 'chunk'] });
    database.createObjectStore('checkpoints', { keyPath: ['run', 'arm'] });
    database.createObjectStore('evaluations', { keyPath: ['run', 'policy', 'set'] });
    database.createObjectStore('settings', { keyPath: ['key'] });
  },
  // 2: tasks of the reader's own
  (database) => {
    database.createObjectStore('tasks', { keyPath: ['task'] });
    database.createObjectStore('taskContents', { keyPath: ['task'] });
  },
];

export const SCHEMA_VERSION = MIGRATIONS.length;
