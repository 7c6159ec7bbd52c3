/** The tasks of a session: those built in, and the reader's own in storage. */
import type { Command } from '../protocol/messages';
import { type RunStore, TaskStore } from '../storage';
import type { TaskEntry } from './context';
import { HintedError } from '../base/errors';
import type { Outbox } from './outbox';

export type TaskCommand = Extract<Command, { type: 'list-tasks' | 'add-task' | 'get-task' | 'delete-task' }>;

export class TaskLibrary {
  /** By id. */
  private readonly builtIn: ReadonlyMap<string, TaskEntry>;
  private readonly runs: Promise<RunStore>;
  private readonly stored: Promise<TaskStore>;
  /** The own task used last: parsing thousands of rows for every command would be felt. */
  private last: { task: string; entry: TaskEntry } | null = null;

  constructor(runs: Promise<RunStore>, builtIn: ReadonlyMap<string, TaskEntry>) {
    this.runs = runs;
    this.builtIn = builtIn;
    this.stored = runs.then(({ backend }) => new TaskStore(backend));
    // Where storage cannot be opened, whoever asks for a task hears of it.
    this.stored.catch(() => undefined);
  }

  /** Id of the task that is used while nothing else is chosen. */
  get first(): string {
    return [...this.builtIn.keys()][0] ?? '';
  }

  /** @throws HintedError for a task that is neither built in nor stored. */
  async entry(task: string): Promise<TaskEntry> {
    const builtIn = this.builtIn.get(task);
    if (builtIn) return builtIn;
    if (this.last?.task === task) return this.last.entry;
    const spec = await (await this.stored).get(task);
    if (!spec) throw missing(task);
    // Graders and templates are loaded with the first own task and not before.
    const { datasetTask } = await import('../tasks/dataset');
    const made = datasetTask(spec);
    const entry: TaskEntry = { testSets: made.testSets, create: () => made };
    this.last = { task, entry };
    return entry;
  }

  /** Empty for a task that is not there any more. */
  async testSets(task: string): Promise<readonly string[]> {
    return this.entry(task).then(
      (entry) => entry.testSets,
      () => [],
    );
  }

  async answer(command: TaskCommand, out: Outbox): Promise<void> {
    const store = await this.stored;
    switch (command.type) {
      case 'list-tasks':
        out.result(await store.list());
        break;
      case 'add-task':
        out.result(await store.add(command.spec));
        break;
      case 'get-task': {
        const spec = await store.get(command.task);
        if (!spec) throw missing(command.task);
        out.result(spec);
        break;
      }
      case 'delete-task':
        await this.delete(command.task);
        break;
    }
  }

  private async delete(task: string): Promise<void> {
    const used = (await (await this.runs).list()).filter((run) => run.config.task === task && run.policyId !== null);
    if (used.length > 0) {
      const message = `${used.length === 1 ? 'A stored run uses' : `${used.length} stored runs use`} this task.`;
      throw new HintedError(message, 'Delete the runs first; they could not go on without their problems.');
    }
    await (await this.stored).delete(task);
    if (this.last?.task === task) this.last = null;
  }
}

function missing(task: string): HintedError {
  return new HintedError(`There is no task “${task}” on this device.`, 'Import it again, or choose another task.');
}
