import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_ARMS as ARMS } from '../method/arms';
import type { ArmId, RewriteEvent } from '../method/types';
import { PolicyError, StoppedError } from '../protocol/client';
import type { EvaluatedId, RunSnapshot } from '../protocol/messages';
import { IndexedDbBackend, LocalRunLocks, RunStore } from '../storage';
import { runConfig } from '../storage/testing/config';
import { harness, type Harness, hooked } from './testing/harness';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

const EVALUATED: EvaluatedId[] = ['base', ...ARMS];
const load = { policyUrl: 'models/letters', backend: 'auto' } as const;

/** Loads, opens, and does everything that is left to do. False if it was stopped or killed on the way. */
async function everything({ client }: Harness, arms: readonly ArmId[] = ARMS): Promise<boolean> {
  try {
    await client.load(load).result;
    const run = await client.openRun(runConfig).result;
    await client.rewrite(run.id).result;
    for (const arm of arms) await client.train(run.id, arm).result;
    for (const policy of EVALUATED) if (policy === 'base' || arms.includes(policy)) await client.evaluate(run.id, policy).result;
    return true;
  } catch (error) {
    if (error instanceof StoppedError) return false;
    throw error;
  }
}

/** What must not depend on interruptions: no clocks, no revisions. */
function comparable(run: RunSnapshot) {
  const arms = Object.fromEntries(
    Object.entries(run.arms).map(([arm, { metrics, steps, done }]) => [
      arm,
      { steps, done, metrics: metrics.map((m) => ({ ...m, seconds: 0 })) },
    ]),
  );
  const stages = Object.fromEntries(Object.entries(run.stages).map(([stage, summary]) => [stage, { ...summary, seconds: 0 }]));
  const { candidates, rows, counts, filtered, evaluations, policyId } = run;
  return { candidates, rows, counts, filtered, evaluations, policyId, stages, arms };
}

async function stored(): Promise<ReturnType<typeof comparable> & { checkpoints: unknown[] }> {
  const page = harness();
  const run = await page.client.openRun(runConfig).result;
  const store = new RunStore(await IndexedDbBackend.open(), 'test');
  const checkpoints = await Promise.all(ARMS.map((arm) => store.checkpoint(run.id, arm)));
  store.backend.close();
  await page.session.dispose();
  return { ...comparable(run), checkpoints };
}

describe('a run', () => {
  it('goes through stages, arms and evaluation, and a new session finds all of it', async () => {
    const page = harness();
    await page.client.load(load).result;
    const run = await page.client.openRun(runConfig).result;
    expect(run).toMatchObject({ policyId: null, writable: true, candidates: [], rows: [], counts: null, arms: {}, evaluations: {} });

    const rewriting = page.client.rewrite(run.id);
    const events: RewriteEvent[] = [];
    for await (const event of rewriting) if (event.type === 'rewrite') events.push(...event.events);
    await rewriting.result;
    const done = events.at(-1)!;
    expect(done.type).toBe('done');

    const training = page.client.train(run.id, 'dr+dft');
    const steps: number[] = [];
    for await (const event of training) if (event.type === 'train') steps.push(...event.metrics.map((m) => m.step));
    await training.result;
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const evaluated = await page.client.evaluate(run.id, 'dr+dft').result;
    expect(Object.keys(evaluated.sets)).toEqual(['low', 'high']);
    await page.session.dispose();

    const later = await harness().client.openRun(runConfig).result;
    expect(later.candidates.length).toBe(events.filter((event) => event.type === 'candidate').length);
    expect(later.rows).toHaveLength(40);
    expect(later.counts).toEqual(done.type === 'done' && done.counts);
    expect(later.stages.self).toMatchObject({ problems: 40 });
    expect(later.arms['dr+dft']).toMatchObject({ steps: 10, done: true });
    expect(later.arms['dr+dft']!.metrics.map((m) => m.step)).toEqual(steps);
    expect(later.evaluations).toEqual({ 'dr+dft': evaluated });
    expect(later.devices).toEqual(['cpu, 1 thread (exact)']);
  });

  it('announces a chunk only after it is durable', async () => {
    const durable: boolean[] = [];
    const reading = new RunStore(await IndexedDbBackend.open(), 'test');
    const checks: Promise<void>[] = [];
    const page = harness({
      onReply: (reply) => {
        if (reply.type !== 'rewrite') return;
        for (const event of reply.events) {
          if (event.type !== 'chunk') continue;
          checks.push(
            reading.list().then(async ([run]) => {
              const ids = new Set((await reading.rows(run!.run)).map((row) => row.problemId));
              durable.push(event.rows.every((row) => ids.has(row.problemId)));
            }),
          );
        }
      },
    });
    await everything(page, []);
    await Promise.all(checks);
    expect(durable.length).toBeGreaterThan(3);
    expect(durable.every(Boolean)).toBe(true);
    reading.backend.close();
  });

  it('equals the uninterrupted one whatever is stopped or killed on the way', async () => {
    const arms = ['sft', 'dr+dft'] as const;
    let computations = 0;
    await everything(harness({ policies: hooked(() => computations++) }), arms);
    const reference = await stored();
    expect(reference.counts).not.toBeNull();
    expect(Math.min(...Object.values(reference.counts!))).toBeGreaterThan(0);
    expect(Object.keys(reference.evaluations)).toHaveLength(3);

    await fc.assert(
      fc.asyncProperty(
        // Interruptions: after how many computations, and how.
        fc.array(fc.record({ after: fc.integer({ min: 1, max: computations }), how: fc.constantFrom('stop', 'kill') }), { maxLength: 4 }),
        fc.constantFrom(0, 1000),
        async (interruptions, checkpointSeconds) => {
          globalThis.indexedDB = new IDBFactory();
          for (const { after, how } of interruptions) {
            let left = after;
            const page = harness({
              checkpointSeconds,
              policies: hooked(() => {
                if (--left !== 0) return;
                if (how === 'stop') return page.stop();
                page.kill();
                // A tab that is closed in the middle of a computation never sees its result.
                throw new Error('killed');
              }),
            });
            const finished = everything(page, arms).catch(() => false);
            await Promise.race([finished, page.session.idle().then(() => new Promise((resolve) => setTimeout(resolve, 20)))]);
            if (how === 'kill') page.client.close();
            await finished;
            await page.session.idle();
          }
          await everything(harness({ checkpointSeconds }), arms);
          expect(await stored()).toEqual(reference);
        },
      ),
      { numRuns: 12, seed: 42 },
    );
  });
});

describe('stop and flush', () => {
  it('a stopped arm goes on after its last step, not from its start', async () => {
    let applied = 0;
    const first: Harness = harness({ policies: hooked((what) => what === 'apply' && ++applied === 4 && first.stop()) });
    await first.client.load(load).result;
    const { id } = await first.client.openRun(runConfig).result;
    await first.client.rewrite(id).result;
    const job = first.client.train(id, 'sft');
    await expect(job.result).rejects.toBeInstanceOf(StoppedError);
    expect(job.state).toBe('stopped');

    const steps: number[] = [];
    const training = first.client.train(id, 'sft');
    for await (const event of training) if (event.type === 'train') steps.push(...event.metrics.map((m) => m.step));
    await training.result;
    expect(steps).toEqual([5, 6, 7, 8, 9, 10]);
  });

  it('a queued command can be stopped before its turn', async () => {
    const { client } = harness();
    const loading = client.load(load);
    const opened = client.openRun(runConfig);
    const { id } = await opened.result;
    const rewriting = client.rewrite(id);
    const waiting = client.evaluate(id, 'base');
    expect(waiting.state).toBe('queued');
    await waiting.stop();
    expect(waiting.state).toBe('stopped');
    await loading.result;
    await rewriting.result;
  });

  it('flush writes a checkpoint during training and answers at once otherwise', async () => {
    let asked = false;
    let flushed: Promise<void> | undefined;
    const page = harness({
      checkpointSeconds: 1000,
      onReply: (reply) => {
        if (reply.type !== 'progress' || !reply.progress.label.startsWith('Training') || asked) return;
        asked = true;
        flushed = page.client.ask({ type: 'flush' });
      },
    });
    await page.client.ask({ type: 'flush' });
    await page.client.load(load).result;
    const { id } = await page.client.openRun(runConfig).result;
    await page.client.rewrite(id).result;
    const checkpoints: number[] = [];
    const training = page.client.train(id, 'sft');
    for await (const event of training) if (event.type === 'checkpoint') checkpoints.push(event.step);
    await flushed;
    expect(checkpoints).toHaveLength(2);
    expect(checkpoints[0]).toBeLessThan(4);
    expect(checkpoints[1]).toBe(10);
  });
});

describe('two tabs', () => {
  it('the second is told, can read, and goes on when the first is done', async () => {
    const locks = new LocalRunLocks();
    const first = harness({ locks });
    const second = harness({ locks });
    await Promise.all([first.client.load(load).result, second.client.load(load).result]);
    const { id } = await first.client.openRun(runConfig).result;
    expect((await second.client.openRun(runConfig).result).id).toBe(id);

    // The first tab has written; its lock is held for it here, so that nothing depends on how fast its work is.
    await first.client.rewrite(id).result;
    const letGo = (await locks.tryAcquire(id))!;
    const refused = second.client.rewrite(id).result;
    await expect(refused).rejects.toThrow('Another tab is working on this run.');
    await expect(refused).rejects.toBeInstanceOf(PolicyError);
    const seen = await second.client.openRun(runConfig).result;
    expect(seen.writable).toBe(false);
    expect(seen.candidates.length).toBeGreaterThan(0);
    await letGo();
    await first.client.train(id, 'dft').result;
    const job = second.client.train(id, 'sft');
    const types: string[] = [];
    for await (const event of job) {
      types.push(event.type);
      if (event.type === 'run') expect(event.run.rows).toHaveLength(40);
    }
    await job.result;
    // Another tab has written since: the page is given the whole run before anything else.
    expect(types[0]).toBe('run');
  });

  it('work waits while another tab takes over parts of other runs, and is not refused', async () => {
    const locks = new LocalRunLocks();
    const page = harness({ locks });
    await page.client.load(load).result;
    const { id } = await page.client.openRun(runConfig).result;
    // As the other tab holds it while it opens the same run.
    const letGo = (await locks.tryAcquire(`${id}/taking-over`))!;
    const work = page.client.rewrite(id).result;
    const first = await Promise.race([work.then(() => 'worked'), new Promise((resolve) => setTimeout(() => resolve('waits'), 100))]);
    expect(first).toBe('waits');
    await letGo();
    await work;
    expect((await page.client.openRun(runConfig).result).counts).not.toBeNull();
  });
});

describe('failures', () => {
  it('a full disk stops the command with advice, keeps what was stored, and the run goes on later', async () => {
    const page = harness();
    await page.client.load(load).result;
    const { id } = await page.client.openRun(runConfig).result;
    const put = IDBObjectStore.prototype.put;
    let writes = 0;
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, value: unknown) {
      if (this.name === 'candidates' && ++writes > 60) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
      return put.call(this, value);
    };
    try {
      const failed = page.client.rewrite(id).result;
      await expect(failed).rejects.toThrow(/no room left/);
      await expect(failed).rejects.toMatchObject({ hint: expect.stringMatching(/Delete old runs/) as string });
    } finally {
      IDBObjectStore.prototype.put = put;
    }
    const kept = await page.client.openRun(runConfig).result;
    expect(kept.candidates).toHaveLength(48); // one chunk of 12 problems, K = 4
    await everything(page);
    const after = await stored();
    globalThis.indexedDB = new IDBFactory();
    await everything(harness());
    expect(after).toEqual(await stored());
  });

  it('without IndexedDB the page goes on in memory and says so', async () => {
    Reflect.deleteProperty(globalThis, 'indexedDB');
    const page = harness();
    expect(await everything(page, ['sft'])).toBe(true);
    const notice = page.replies.find((reply) => reply.type === 'notice');
    expect(notice).toMatchObject({ id: 'memory-only', message: expect.stringMatching(/only until this tab closes/) as string });
    expect(await page.client.ask({ type: 'usage' })).toEqual({ kind: 'memory', used: null, quota: null, runs: 1 });
    expect((await page.client.openRun(runConfig).result).arms.sft!.done).toBe(true);
  });

  it('says what is missing: policy, data set, arm, run, task', async () => {
    const { client } = harness();
    const { id } = await client.openRun(runConfig).result;
    await expect(client.rewrite(id).result).rejects.toThrow('No policy is loaded.');
    await client.load(load).result;
    await expect(client.train(id, 'sft').result).rejects.toThrow(/no complete data set/);
    await expect(client.evaluate(id, 'sft').result).rejects.toThrow(/not trained to its end/);
    await expect(client.rewrite('none').result).rejects.toThrow(/no longer stored/);
    await expect(client.openRun({ ...runConfig, task: 'chess' }).result).rejects.toThrow('There is no task “chess” on this device.');
    const wrong = { ...runConfig, rewrite: { ...runConfig.rewrite, k: 0 } };
    await expect(client.rewrite((await client.openRun(wrong).result).id).result).rejects.toThrow(/positive whole number for k/);
  });

  it('a step that is not finite stops the arm with its step and cause; the steps before are kept', async () => {
    const page = harness();
    await page.client.load(load).result;
    const diverging = { ...runConfig, arms: { ...runConfig.arms, sft: { ...runConfig.arms.sft!, learningRate: 1e38 } } };
    const { id } = await page.client.openRun(diverging).result;
    await page.client.rewrite(id).result;
    const failed = page.client.train(id, 'sft').result;
    await expect(failed).rejects.toThrow(/Training stopped at step \d+ of 10/);
    await expect(failed).rejects.toMatchObject({ hint: expect.stringMatching(/lower learning rate/) as string });
    const { arms } = await page.client.openRun(diverging).result;
    expect(arms.sft).toMatchObject({ done: false, steps: 10 });
    expect(arms.sft!.metrics.length).toBeGreaterThan(0);
  });
});

describe('the rest of the vocabulary', () => {
  it('lists, deletes and clears runs; keeps settings', async () => {
    const { client } = harness();
    await client.load(load).result;
    const { id } = await client.openRun(runConfig).result;
    await client.rewrite(id).result;
    await client.evaluate(id, 'base', ['low']).result;
    const [run] = await client.ask({ type: 'list-runs' });
    expect(run).toMatchObject({ id, rows: 40, armsDone: [], evaluated: ['base'], policyId: 'tabular', appVersion: 'test' });
    const snapshot = await client.openRun(runConfig).result;
    expect(snapshot.evaluations).toEqual({});
    expect(Object.keys(snapshot.evaluatedSets.base!)).toEqual(['low']);
    await client.ask({ type: 'delete-run', runId: id });
    expect(await client.ask({ type: 'list-runs' })).toEqual([]);
    await client.ask({ type: 'set-setting', key: 'theme', value: { dark: true } });
    expect(await client.ask({ type: 'get-setting', key: 'theme' })).toEqual({ dark: true });
    expect(await client.ask({ type: 'get-setting', key: 'none' })).toBeNull();
    await client.ask({ type: 'clear-all' });
    expect(await client.ask({ type: 'get-setting', key: 'theme' })).toBeNull();
  });

  it('samples one answer and scores a given one, of the base or a trained arm', async () => {
    const page = harness();
    await everything(page, ['sft']);
    const { client } = page;
    const { id } = await client.openRun(runConfig).result;
    const sample = await client.sampleOne({ question: '7', temperature: 1, seed: 3 }).result;
    expect(sample.pieces.map((piece) => piece.text).join('')).toBe(sample.text);
    expect(sample.pieces.every((piece) => piece.logProb <= 0)).toBe(true);
    const text = { question: '7', response: 'b' };
    const base = await client.scoreText(text).result;
    const trained = await client.scoreText({ ...text, policy: 'sft', runId: id }).result;
    expect(base.pieces.map((piece) => piece.text)).toEqual(['b', '']);
    expect(trained.pieces[0]!.logProb).not.toBe(base.pieces[0]!.logProb);
    const long = client.sampleOne({ question: '1'.repeat(100), temperature: 1, seed: 1 }).result;
    await expect(long).rejects.toThrow('This text is 101 tokens long; the policy reads at most 64.');
  });
});
