/** The runs of this device as one session uses them: opens, sends, locks and writes them. */
import type { ArmId } from '../method/types';
import type { Policy } from '../policy/types';
import { assertNever, type Command, type RunSnapshot, type SettingValue } from '../protocol/messages';
import { packArrays } from '../protocol/pack';
import { adopt, type CheckpointRecord, clearOriginFiles, originEstimate, type RunLocks, type RunRecord, type RunStore } from '../storage';
import { HintedError } from '../base/errors';
import type { Outbox } from './outbox';
import { OpenRun } from './run';
import { snapshot, summary } from './snapshot';
import type { TaskLibrary } from './tasks';

/** Commands that need no model and are answered while another one computes. */
export type LibraryCommand = Extract<Command, { type: 'open-run' | 'list-runs' | 'usage' | 'get-setting' | 'set-setting' }>;

export class RunLibrary {
  /** The run last opened or written. */
  current: RunRecord | null = null;

  private readonly store: Promise<RunStore>;
  private readonly locks: RunLocks;
  private readonly tasks: TaskLibrary;
  /** Revision of each run as the page knows it. */
  private readonly known = new Map<string, number>();
  /** Run being written by this session. */
  private writing: string | null = null;

  constructor(store: Promise<RunStore>, locks: RunLocks, tasks: TaskLibrary) {
    this.store = store;
    this.locks = locks;
    this.tasks = tasks;
  }

  /** `policyId` of the loaded policy, null while there is none. */
  async answer(command: LibraryCommand, policyId: string | null, out: Outbox): Promise<void> {
    const store = await this.store;
    switch (command.type) {
      case 'open-run':
        await this.tasks.entry(command.config.task);
        this.current = await this.adopted(await store.open(command.config, policyId), policyId);
        out.result(...(await this.snapshot(this.current)));
        break;
      case 'list-runs':
        out.result(await Promise.all((await store.list()).map((record) => summary(store, record))));
        break;
      case 'usage': {
        const { kind } = store.backend;
        const estimate = kind === 'memory' ? { used: null, quota: null } : await originEstimate();
        out.result({ kind, ...estimate, runs: await store.backend.count('runs', []) });
        break;
      }
      case 'get-setting':
        out.result((await store.setting(command.key)) as SettingValue);
        break;
      case 'set-setting':
        await store.setSetting(command.key, command.value);
        break;
      default:
        assertNever(command, 'command');
    }
  }

  /** Holds the run's lock while `work` changes it. @throws HintedError: another tab holds it, deleted, or another policy's run. */
  async withRun(runId: string, policy: Policy, out: Outbox, work: (run: OpenRun) => Promise<void>): Promise<void> {
    await this.exclusively(runId, async (store) => {
      const record = await store.get(runId);
      if (!record) {
        throw new HintedError('This run is no longer stored.', 'It was deleted, perhaps in another tab. Open it again to start afresh.');
      }
      const run = new OpenRun(record, store, policy, (next) => {
        this.known.set(runId, next.revision);
        if (this.current?.run === runId) this.current = next;
      });
      if (this.known.get(runId) !== record.revision) {
        const [run, transfer] = await this.snapshot(record);
        out.send({ type: 'run', run }, transfer);
      }
      await work(run);
    });
  }

  async delete(runId: string): Promise<void> {
    await this.exclusively(runId, (store) => store.delete(runId));
    if (this.current?.run === runId) this.current = null;
  }

  /** Everything that this project keeps on the device. @throws HintedError while another tab works on a run. */
  async clear(): Promise<void> {
    const store = await this.store;
    for (const { run } of await store.list()) {
      if (await this.locks.held(run)) throw busy();
    }
    await store.clear();
    await clearOriginFiles();
    this.current = null;
  }

  /** A finished arm's parameters. @throws HintedError while it is not trained, or for another policy's. */
  async trained(arm: ArmId, runId: string | undefined, policy: Policy): Promise<CheckpointRecord> {
    const store = await this.store;
    const record = runId === undefined ? undefined : await store.get(runId);
    const stored = record?.arms[arm]?.done ? await store.checkpoint(record.run, arm) : undefined;
    if (!record || !stored) throw new HintedError(`The arm ${arm} is not trained to its end yet.`, 'Train it first.');
    if (record.policyId !== policy.id) {
      const message = `The arm ${arm} was trained from policy ${record.policyId}, which is not loaded.`;
      throw new HintedError(message, 'Load that policy, or open another run.');
    }
    return stored;
  }

  /** With what other runs have finished of it; as it is while another tab holds it. */
  private async adopted(record: RunRecord, policyId: string | null): Promise<RunRecord> {
    if (policyId === null || record.policyId !== null) return record;
    // A lock of its own: a tab that starts to work meanwhile waits for it, and is not told that the run is busy.
    const release = await this.locks.tryAcquire(takingOver(record.run));
    if (!release) return record;
    try {
      if (await this.locks.held(record.run)) return record;
      const store = await this.store;
      return await adopt(store, (await store.get(record.run)) ?? record, policyId);
    } finally {
      await release();
    }
  }

  /** What the page is sent of a run, and what is transferred with it. */
  private async snapshot(record: RunRecord): Promise<[RunSnapshot, Transferable[]]> {
    const writable = this.writing === record.run || !(await this.locks.held(record.run));
    const testSets = await this.tasks.testSets(record.config.task);
    const { packed, buffer } = packArrays(await snapshot(await this.store, record, testSets, writable));
    this.known.set(record.run, record.revision);
    return [packed, [buffer]];
  }

  private async exclusively(runId: string, work: (store: RunStore) => Promise<void>): Promise<void> {
    const release = await this.locks.tryAcquire(runId);
    if (!release) throw busy();
    this.writing = runId;
    try {
      await (
        await this.locks.acquire(takingOver(runId))
      )();
      await work(await this.store);
    } finally {
      this.writing = null;
      await release();
    }
  }
}

/** Name of the lock under which a run takes over what others have finished of it. */
const takingOver = (run: string): string => `${run}/taking-over`;

function busy(): HintedError {
  return new HintedError(
    'Another tab is working on this run.',
    'Stop it there or let it finish. What it has stored can be read here: open the run again to see the latest.',
  );
}
