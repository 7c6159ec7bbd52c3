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
export type Migration = (database: IDBPDatabase, transaction: IDBPTransaction<unknown, string[], 'versionchange'>) => void | Promise<void>;

type Fields = Record<string, unknown>;

/** Rewrites every record of a store in place. */
async function rewriteAll(transaction: Parameters<Migration>[1], store: string, change: (record: Fields) => Fields): Promise<void> {
  let cursor = await transaction.objectStore(store).openCursor();
  while (cursor) {
    await cursor.update(change(cursor.value as Fields));
    cursor = await cursor.continue();
  }
}

/** Migration 3's names, of a row or an expert's text. log μ was kept in double precision where the rest is single. */
function renamed({ logProbs, behaviorLogProbs, ...rest }: Fields): Fields {
  const behavior = behaviorLogProbs ? Float32Array.from(behaviorLogProbs as Float64Array) : null;
  return { ...rest, policyLogProbs: logProbs, behaviorLogProbs: behavior };
}

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
  // 3: log π_0 and log μ have one name each, on candidate, row and expert alike
  async (_database, transaction) => {
    await rewriteAll(transaction, 'candidates', ({ candidate, ...key }) => {
      const { logProbs, samplingLogProbs, ...rest } = candidate as Fields;
      return { ...key, candidate: { ...rest, policyLogProbs: logProbs, behaviorLogProbs: samplingLogProbs } };
    });
    await rewriteAll(transaction, 'rows', ({ row, ...key }) => {
      const { expert, ...rest } = row as Fields;
      return { ...key, row: { ...renamed(rest), expert: renamed(expert as Fields) } };
    });
  },
];

export const SCHEMA_VERSION = MIGRATIONS.length;
