/** The tasks that can be chosen, and the chosen one. */
import { HintedError } from '../../base/errors';
import type { PolicyClient } from '../../protocol/client';
import type { TaskRecord } from '../../protocol/messages';
import type { TaskSpec } from '../../tasks/dataset/types';
import { DEFAULT_GAP, gapOf, type Gap } from '../../tasks/tinymath/gap';
import { builtInTask, ownTask, type ChosenTask } from '../lib/chosen-task';
import { EXAMPLES, fetchExample, type Example } from '../lib/examples';
import type { World } from './world';

export class Tasks {
  /** Own tasks stored on this device. */
  stored = $state.raw<TaskRecord[]>([]);
  chosen: ChosenTask = $state.raw<ChosenTask>(null!);
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    this.chosen = this.#builtIn(DEFAULT_GAP);
  }

  #builtIn(gap: Gap): ChosenTask {
    return builtInTask(gap, (count) => this.#world.problems(count, gap));
  }

  async refresh(client: PolicyClient): Promise<void> {
    this.stored = await client.ask({ type: 'list-tasks' });
  }

  /** Stores a task. @returns its key. @throws an error with a hint saying what is wrong with it. */
  async add(client: PolicyClient, spec: TaskSpec): Promise<string> {
    const { task } = await client.ask({ type: 'add-task', spec: $state.snapshot<TaskSpec>(spec) });
    await this.refresh(client);
    return task;
  }

  /** @throws an error with a hint where the task is not on this device. */
  async choose(client: PolicyClient | null, key: string): Promise<void> {
    if (key === this.chosen.key) return;
    const gap = gapOf(key);
    if (gap) {
      this.chosen = this.#builtIn(gap);
      return;
    }
    if (!client) throw new HintedError('The worker is not running.', 'Reload the page.');
    this.chosen = await ownTask(key, await this.#find(client, key));
  }

  /** Reads a task from storage, or fetches an example that is not stored yet from the site. */
  async #find(client: PolicyClient, key: string): Promise<TaskSpec> {
    try {
      return await client.ask({ type: 'get-task', task: key });
    } catch (error) {
      const example = EXAMPLES.find((one) => key.startsWith(`${one.id}.`));
      if (!example) throw error;
      const spec = await fetchExample(example);
      // An example that has changed since then has another key.
      if ((await this.add(client, spec)) !== key) throw error;
      return spec;
    }
  }

  /** Stores an example if it is not stored yet. @returns its key. */
  async addExample(client: PolicyClient, example: Example): Promise<string> {
    return this.add(client, await fetchExample(example));
  }

  async remove(client: PolicyClient, key: string): Promise<void> {
    await client.ask({ type: 'delete-task', task: key });
    await this.refresh(client);
  }
}
