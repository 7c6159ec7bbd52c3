/** The reader's own tasks. A stored task never changes: an edited one is another, so that a run's problems stay what they were. */
import type { TaskSpec } from '../tasks/dataset/types';
import type { Backend } from './backend';
import type { TaskRecord } from './records';

export class TaskStore {
  private readonly backend: Backend;
  private readonly now: () => Date;

  constructor(backend: Backend, now: () => Date = () => new Date()) {
    this.backend = backend;
    this.now = now;
  }

  /** The last one added first. */
  async list(): Promise<TaskRecord[]> {
    const tasks = await this.backend.range('tasks', []);
    return tasks.sort((a, b) => (a.addedAt < b.addedAt ? 1 : a.addedAt > b.addedAt ? -1 : a.task < b.task ? -1 : 1));
  }

  async get(task: string): Promise<TaskSpec | null> {
    return (await this.backend.get('taskContents', [task]))?.spec ?? null;
  }

  /** Stores a task, or finds that it is there. @throws TaskError for a task that is none. */
  async add(spec: TaskSpec): Promise<TaskRecord> {
    // With it come the graders, which nobody needs without a task of their own.
    const { taskKey } = await import('../tasks/dataset/key');
    const task = taskKey(spec);
    const before = await this.backend.get('tasks', [task]);
    if (before) return before;
    const record: TaskRecord = {
      task,
      name: spec.name,
      description: spec.description,
      sets: spec.sets.map(({ id, name, rows }) => ({ id, name, rows: rows.length })),
      grader: spec.grader.id,
      addedAt: this.now().toISOString(),
    };
    await this.backend.write([
      { store: 'tasks', put: record },
      { store: 'taskContents', put: { task, spec } },
    ]);
    return record;
  }

  async delete(task: string): Promise<void> {
    await this.backend.write([
      { store: 'tasks', delete: [task] },
      { store: 'taskContents', delete: [task] },
    ]);
  }
}
