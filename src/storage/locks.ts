/** One writer per run, over all tabs of this origin. */

/** Returns null if someone else holds it. Otherwise call the returned function to let go. */
export interface RunLocks {
  tryAcquire(run: string): Promise<(() => void) | null>;
  /** Whether someone, perhaps in another tab, holds it now. */
  held(run: string): Promise<boolean>;
}

const lockName = (run: string) => `mind-the-gap/run/${run}`;

/** Web Locks; a tab that closes or crashes lets go by itself. */
export class WebRunLocks implements RunLocks {
  private readonly manager: LockManager;
  constructor(manager: LockManager) {
    this.manager = manager;
  }

  tryAcquire(run: string): Promise<(() => void) | null> {
    return new Promise((resolve, reject) => {
      this.manager
        .request(lockName(run), { ifAvailable: true }, (lock) => {
          if (!lock) {
            resolve(null);
            return undefined;
          }
          return new Promise<void>((release) => resolve(release));
        })
        .catch(reject);
    });
  }

  async held(run: string): Promise<boolean> {
    const { held = [] } = await this.manager.query();
    return held.some((lock) => lock.name === lockName(run));
  }
}

/** Without Web Locks (no secure context): guards the sessions of one thread only. */
export class LocalRunLocks implements RunLocks {
  private readonly holders = new Set<string>();

  tryAcquire(run: string): Promise<(() => void) | null> {
    if (this.holders.has(run)) return Promise.resolve(null);
    this.holders.add(run);
    return Promise.resolve(() => void this.holders.delete(run));
  }

  held(run: string): Promise<boolean> {
    return Promise.resolve(this.holders.has(run));
  }
}

export function runLocks(): RunLocks {
  // Absent without a secure context, whatever the types say.
  const manager = (globalThis as { navigator?: { locks?: LockManager } }).navigator?.locks;
  return manager ? new WebRunLocks(manager) : new LocalRunLocks();
}
