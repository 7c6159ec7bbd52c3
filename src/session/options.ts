/** What a session is given: everything that differs between the worker and a test. */
import type { OpenedBackend, RunLocks, StorageError } from '../storage';
import type { TaskEntry } from './context';
import type { PolicyLoader } from './host';
import type { Post } from './outbox';

export interface SessionOptions {
  post: Post;
  /** `onClosed` is to be called when the connection ends without our doing. */
  openBackend(onClosed: (error: StorageError) => void): Promise<OpenedBackend>;
  locks: RunLocks;
  policies: PolicyLoader;
  /** By id. The first is the try-it box's while no run is open. */
  tasks: ReadonlyMap<string, TaskEntry>;
  appVersion: string;
  /** Default of `load`. */
  threads: number;
  /** Default 15. */
  checkpointSeconds?: number;
  fetch?: typeof fetch;
}
