import { describe, expect, it } from 'vitest';
import { newTask, taskKey } from '../tasks/dataset';
import { MemoryBackend, TaskStore } from './index';

describe('own tasks', () => {
  it('are kept by their content: the same once, an edited one beside the other', async () => {
    let minute = 0;
    const store = new TaskStore(new MemoryBackend(), () => new Date(Date.UTC(2026, 0, 1, 0, minute++)));
    const first = newTask();
    const added = await store.add(first);
    expect(added).toMatchObject({
      task: taskKey(first),
      name: 'My task',
      grader: 'mathematics',
      sets: [
        { id: 'train', rows: 1 },
        { id: 'test', rows: 1 },
      ],
    });
    expect(await store.add(structuredClone(first))).toEqual(added);
    const edited = { ...first, name: 'Other' };
    await store.add(edited);
    expect((await store.list()).map(({ name }) => name)).toEqual(['Other', 'My task']);
    expect(await store.get(added.task)).toEqual(first);
    await store.delete(added.task);
    expect(await store.get(added.task)).toBeNull();
    expect((await store.list()).map(({ task }) => task)).toEqual([taskKey(edited)]);
  });

  it('refuses what is no task, and stores nothing of it', async () => {
    const store = new TaskStore(new MemoryBackend());
    await expect(store.add({ ...newTask(), id: 'No id' })).rejects.toThrow(/^id is “No id”/);
    expect(await store.list()).toEqual([]);
  });
});
