/**
 * The policy worker of the built page on the bundled policy, IndexedDB, Web Locks and WASM as browsers have them. The test speaks the
 * protocol itself, from a document of the same origin that is not the notebook, so that nothing else computes.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { RewriteEvent } from '../../src/method/types';
import type { Command, Reply, RunConfig, RunSnapshot } from '../../src/protocol/messages';
import { allow, expect, test } from './support/fixtures';
import { EACH_STEP_DURABLE, heldSite, hold } from './support/hold';
import { DIST } from './support/paths';
import { removeSite } from './support/site';

const FOLDER = 'static-models/base/';
test.skip(!existsSync(join(DIST, FOLDER, 'model.safetensors')), 'no weights of the bundled policy in static-models/base');

/** The page with a worker that can be held in the middle of its work; in the second one also between the steps of a training. */
let held = '';
let heldInSteps = '';
test.beforeAll(() => ([held, heldInSteps] = [heldSite(), heldSite(EACH_STEP_DURABLE)]));
test.afterAll(() => [held, heldInSteps].forEach(removeSite));
allow(180_000);

type Body = Command extends infer C ? (C extends Command ? Omit<C, 'request'> : never) : never;
/** When to let go of the worker: at the first reply of a type. */
interface Until {
  type: Reply['type'];
  /** Of replies of a rewriting: one that tells such an event. */
  event?: RewriteEvent['type'];
  /** terminate: as when the tab is closed. */
  how: 'stop' | 'terminate';
}
declare global {
  /** Sends a command and collects its replies until it ends, or until `until`; a worker that was ended is started again. */
  var ask: (body: Body, until?: Until) => Promise<Reply[]>;
}

/** Opens a document of the origin and gives it `ask`. */
async function open(page: Page, url: string): Promise<void> {
  await page.goto(`${url}${FOLDER}config.json`);
  const worker = readdirSync(join(DIST, 'assets')).find((name) => /^policy\.worker-.*\.js$/.test(name))!;
  await page.evaluate((address) => {
    let worker: Worker | null = null;
    let next = 1;
    globalThis.ask = (body, until) =>
      new Promise((resolve, reject) => {
        const own = (worker ??= new Worker(address, { type: 'module' }));
        const request = next++;
        const replies: Reply[] = [];
        let due = until;
        const listen = ({ data }: MessageEvent<Reply>) => {
          if (data.request !== request) return;
          replies.push(data);
          const told = data.type === 'rewrite' ? data.events.map(({ type }) => type) : [];
          if (due?.type === data.type && (!due.event || told.includes(due.event))) {
            const { how } = due;
            due = undefined;
            if (how === 'stop') own.postMessage({ type: 'stop', request: next++, target: request });
            else {
              own.terminate();
              worker = null;
              resolve(replies);
            }
          }
          if (['done', 'stopped', 'failed'].includes(data.type)) {
            own.removeEventListener('message', listen);
            resolve(replies);
          }
        };
        own.addEventListener('message', listen);
        own.addEventListener('error', (event) => reject(new Error(event.message)));
        own.postMessage({ ...body, request });
      });
  }, `${url}assets/${worker}`);
}

function runConfig(url: string): RunConfig {
  const arm = {
    learningRate: 1e-3,
    warmup: 0.1,
    epochs: 2,
    batchSize: 4,
    seed: 3,
    weightDecay: 0.01,
    clipNorm: 1,
    beta1: 0.9,
    beta2: 0.95,
    maxLength: 256,
  };
  const [sft, dft] = [
    { ...arm, objective: { id: 'sft' } },
    { ...arm, objective: { id: 'dft' } },
  ];
  return {
    task: 'hands',
    policyUrl: `${url}${FOLDER}`,
    rewrite: { set: 'train', problems: 12, dataSeed: 1, k: 2, temperature: 1, topP: 1, seed: 7, maxNewTokens: 96, chunk: 4 },
    arms: { sft, dft, 'dr+sft': sft, 'dr+dft': dft },
    evaluation: { problems: 2, runs: 2, seed: 5, temperature: 1, maxNewTokens: 64 },
  };
}

/** The run in words that can be compared: typed arrays in full, no clocks. */
function openRun(page: Page, config: RunConfig) {
  return page.evaluate(async (config) => {
    const replies = await ask({ type: 'open-run', config });
    const run = replies.find((reply) => reply.type === 'result')?.result as RunSnapshot;
    const arms = Object.entries(run.arms).map(([arm, { metrics, done }]) => [arm, done, metrics.map((m) => ({ ...m, seconds: 0 }))]);
    const plain = (_key: string, value: unknown) => (ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value);
    const { id, writable, policyId, counts } = run;
    const results = JSON.stringify([run.candidates, run.rows, counts, arms, run.evaluations], plain);
    const trained = Object.fromEntries(Object.entries(run.arms).map(([arm, { metrics, done }]) => [arm, { done, steps: metrics.length }]));
    return { id, writable, policyId, counts, candidates: run.candidates.length, rows: run.rows.length, arms: trained, results };
  }, config);
}

/** Types of the replies. As JSON: Playwright's types of arguments do not end on the commands' union. */
const send = (page: Page, body: Body, until?: Until): Promise<string[]> =>
  page.evaluate(async (json) => {
    const { body, until } = JSON.parse(json) as { body: Body; until?: Until };
    return (await ask(body, until)).map((reply) => reply.type);
  }, JSON.stringify({ body, until }));

/** Loads the policy and returns the run's id. */
async function begin(page: Page, config: RunConfig, threads = 1): Promise<string> {
  expect((await send(page, { type: 'load', policyUrl: config.policyUrl, backend: 'wasm', threads })).slice(-2)).toEqual(['result', 'done']);
  return (await openRun(page, config)).id;
}

/** Large enough that replicas have a share of each step. */
const large = ({ rewrite, arms, ...config }: RunConfig): RunConfig => ({
  ...config,
  rewrite: { ...rewrite, problems: 32, k: 4, chunk: 16 },
  arms: Object.fromEntries(Object.entries(arms).map(([id, arm]) => [id, { ...arm, batchSize: 16, epochs: 5 }])),
});
for (const [threads, count, size] of [
  ['one thread', 1, (config: RunConfig) => config],
  ['two threads', 2, large],
] as const) {
  test(`on ${threads} a run that is stopped and closed in a stage and in an arm equals the uninterrupted one, bit by bit`, async ({
    browser,
    served,
  }) => {
    const { url } = await served();
    const finish = async (page: Page, config: RunConfig): Promise<string> => {
      const runId = await begin(page, config, count);
      for (const body of [
        { type: 'rewrite', runId },
        { type: 'train', runId, arm: 'dr+dft' },
        { type: 'evaluate', runId, policy: 'dr+dft' },
      ] as Body[]) {
        expect((await send(page, body)).at(-1), body.type).toBe('done');
      }
      return (await openRun(page, config)).results;
    };

    const whole = await browser.newContext({ serviceWorkers: 'block' });
    const first = await whole.newPage();
    await open(first, url);
    const expected = await finish(first, size(runConfig(url)));
    await whole.close();

    const broken = await browser.newContext({ serviceWorkers: 'block' });
    const second = await broken.newPage();
    // Each time the worker is let go at a point that it has not passed yet, and held at a later one that it cannot pass before.
    const other = await served({ root: heldInSteps });
    const config = size(runConfig(other.url));
    await open(second, other.url);
    let runId = await begin(second, config, count);
    await hold(second, 'candidates', 2);
    const stopped = await send(second, { type: 'rewrite', runId }, { type: 'rewrite', event: 'chunk', how: 'stop' });
    expect(stopped.at(-1)).toBe('stopped');
    await hold(second, 'candidates');
    const closed = await send(second, { type: 'rewrite', runId }, { type: 'rewrite', event: 'candidate', how: 'terminate' });
    expect(closed).not.toContain('done');
    // What is stored is shown before any policy is loaded.
    const stored = await openRun(second, config);
    expect(stored.counts).toBeNull();
    expect(stored.candidates).toBeGreaterThan(0);
    expect(stored.candidates % (config.rewrite.chunk * config.rewrite.k)).toBe(0);
    runId = await begin(second, config, count);
    expect((await send(second, { type: 'rewrite', runId })).at(-1)).toBe('done');
    const train = { type: 'train', runId, arm: 'dr+dft' } as const;
    await hold(second, 'checkpoints', 2);
    expect((await send(second, train, { type: 'train', how: 'stop' })).at(-1)).toBe('stopped');
    await hold(second, 'checkpoints');
    expect(await send(second, train, { type: 'train', how: 'terminate' })).not.toContain('done');
    await second.reload();
    await open(second, other.url);
    const { done, steps } = (await openRun(second, config)).arms['dr+dft']!;
    expect([done, steps > 0]).toEqual([false, true]);
    expect(await finish(second, config)).toBe(expected);
    await broken.close();
  });
}

test('two tabs: one writes, the other is told and can read, and goes on when the first is closed', async ({ context, served }) => {
  const { url } = await served({ root: held });
  const config = runConfig(url);
  const [first, second] = [await context.newPage(), await context.newPage()];
  await open(first, url);
  await open(second, url);
  const runId = await begin(first, config);
  await begin(second, config);

  // The first chunk is durable, and the first tab's worker is held there.
  await hold(first, 'candidates');
  const working = first.evaluate((runId) => ask({ type: 'rewrite', runId }).then(() => undefined), runId).catch(() => undefined);
  await expect.poll(async () => (await openRun(second, config)).candidates, { timeout: 60_000 }).toBeGreaterThan(0);
  const seen = await openRun(second, config);
  expect(seen.counts).toBeNull();
  expect(seen.writable).toBe(false);
  const [, failed] = await second.evaluate((runId) => ask({ type: 'rewrite', runId }), runId);
  expect(failed).toMatchObject({ type: 'failed', message: 'Another tab is working on this run.' });
  await first.close();
  await working;
  await expect.poll(async () => (await openRun(second, config)).writable).toBe(true);
  expect((await send(second, { type: 'rewrite', runId })).at(-1)).toBe('done');
  expect((await openRun(second, config)).counts).not.toBeNull();
});

test('a folder that is no policy is refused with a sentence, and the worker goes on', async ({ page, served }) => {
  const { url } = await served();
  await open(page, url);
  const load = (policyUrl: string) => page.evaluate((policyUrl) => ask({ type: 'load', policyUrl, backend: 'wasm' }), policyUrl);
  expect((await load(`${url}assets/`)).at(-1)).toMatchObject({
    type: 'failed',
    message: expect.stringMatching(/has no config\.json/),
  });
  const path = `**/${FOLDER}model.safetensors`;
  await page.route(path, async (route) => {
    const body = await (await route.fetch()).body();
    await route.fulfill({ body: body.subarray(0, 1000), headers: {} });
  });
  expect((await load(`${url}${FOLDER}`)).at(-1)).toMatchObject({ type: 'failed', message: expect.stringMatching(/cut short/) });
  await page.unroute(path);
  expect((await load(`${url}${FOLDER}`)).at(-2)).toMatchObject({ type: 'result', result: { backend: { name: 'wasm' } } });
});
