import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { runConfig } from '../storage/testing/config';
import { newTask, taskKey, type TaskSpec } from '../tasks/dataset';
import { harness } from './testing/harness';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

const load = { policyUrl: 'models/letters', backend: 'auto' } as const;
const GOLDS = 'aaaabbbbccccddddeeeeffffgggghhhh';

/** For the bigram policy: after ':' it guesses, after a capital it mostly knows; the expert's text is the gold's capital. */
const letters: TaskSpec = {
  ...newTask(),
  id: 'letters',
  prompt: { user: '{question}:' },
  retell: { user: '{question}?{expert}' },
  grader: { id: 'exact', options: { where: 'whole' } },
  sets: ['train', 'exam'].map((id) => ({
    ...{ id, name: id, description: '' },
    rows: [...GOLDS].slice(0, id === 'train' ? 32 : 3).map((gold, i) => ({
      ...{ id: `${id}/${i}`, question: String(i % 10), gold, family: gold },
      expert: id === 'train' ? gold.toUpperCase() : null,
    })),
  })),
  testSets: ['exam'],
};

describe('a task of the reader’s own', () => {
  it('is stored, listed and given back equal; the same one once', async () => {
    const { client, session } = harness();
    const record = await client.ask({ type: 'add-task', spec: letters });
    expect(record).toMatchObject({ task: taskKey(letters), name: 'My task', grader: 'exact' });
    expect(await client.ask({ type: 'add-task', spec: letters })).toEqual(record);
    expect(await client.ask({ type: 'list-tasks' })).toEqual([record]);
    expect(await client.ask({ type: 'get-task', task: record.task })).toEqual(letters);
    await expect(client.ask({ type: 'add-task', spec: { ...letters, grader: { id: 'luck' } } })).rejects.toThrow(/^grader cannot be used/);
    await client.ask({ type: 'delete-task', task: record.task });
    expect(await client.ask({ type: 'list-tasks' })).toEqual([]);
    await expect(client.ask({ type: 'get-task', task: record.task })).rejects.toMatchObject({
      message: expect.stringMatching(/There is no task/) as string,
    });
    await session.dispose();
  });

  it('runs through stages, an arm and its own test sets, with fewer problems than asked for, and goes on in a new session', async () => {
    const page = harness();
    const { task } = await page.client.ask({ type: 'add-task', spec: letters });
    const config = { ...runConfig, task };
    await page.client.load(load).result;
    const run = await page.client.openRun(config).result;
    await page.client.rewrite(run.id).result;
    await page.client.train(run.id, 'dr+dft').result;
    const progress: number[] = [];
    const job = page.client.evaluate(run.id, 'base');
    for await (const event of job) if (event.type === 'progress') progress.push(event.progress.done / event.progress.of);
    expect(Object.keys((await job.result).sets)).toEqual(['exam']);
    expect((await job.result).sets['exam']).toMatchObject({ problems: 3, runs: 3 });
    expect(Math.max(...progress)).toBe(1);
    await page.session.dispose();

    const later = harness();
    const again = await later.client.openRun(config).result;
    expect(again.rows).toHaveLength(32);
    const { self, guided, fallback } = again.counts!;
    // 'h' is beyond help, 'e' to 'g' need some.
    expect(self > 0 && guided > 0 && fallback >= 4).toBe(true);
    expect(again.rows.every((row) => (row.behaviorLogProbs === null) === (row.stage === 'fallback'))).toBe(true);
    expect(again.evaluations.base?.sets['exam']?.problems).toBe(3);
    expect(again.arms['dr+dft']?.done).toBe(true);
    await later.session.dispose();
  });

  it('is refused deletion while a run needs it, and its absence is said', async () => {
    const page = harness();
    const { task } = await page.client.ask({ type: 'add-task', spec: letters });
    await page.client.load(load).result;
    const run = await page.client.openRun({ ...runConfig, task }).result;
    await page.client.evaluate(run.id, 'base').result;
    await expect(page.client.ask({ type: 'delete-task', task })).rejects.toMatchObject({ message: 'A stored run uses this task.' });
    await page.client.ask({ type: 'delete-run', runId: run.id });
    await page.client.ask({ type: 'delete-task', task });
    await expect(page.client.openRun({ ...runConfig, task }).result).rejects.toMatchObject({
      hint: 'Import it again, or choose another task.',
    });
    await page.session.dispose();
  });
});
