/** One writer per run, over all tabs of this origin. */

/** Lets go of a lock; resolves when others see that it is free. */
export type Release = () => Promise<void>;

export interface RunLocks {
  /** Null if someone else holds it. */
  tryAcquire(run: string): Promise<Release | null>;
  /** Waits for its turn: for what is held briefly. */
  acquire(run: string): Promise<Release>;
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

  tryAcquire(run: string): Promise<Release | null> {
    return this.request(run, { ifAvailable: true });
  }

  async acquire(run: string): Promise<Release> {
    return (await this.request(run, {}))!;
  }

  private request(run: string, options: LockOptions): Promise<Release | null> {
    return new Promise((resolve, reject) => {
      const held: Promise<void> = this.manager.request(lockName(run), options, (lock) => {
        if (!lock) {
          resolve(null);
          return undefined;
        }
        return new Promise<void>((letGo) =>
          resolve(() => {
            letGo();
            return held;
          }),
        );
      });
      held.catch(reject);
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

  tryAcquire(run: string): Promise<Release | null> {
    if (this.holders.has(run)) return Promise.resolve(null);
    this.holders.add(run);
    return Promise.resolve(async () => void this.holders.delete(run));
  }

  async acquire(run: string): Promise<Release> {
    for (;;) {
      const release = await this.tryAcquire(run);
      if (release) return release;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
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
