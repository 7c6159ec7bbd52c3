/**
 * Holds the policy worker's work at a durable point, so that a journey can look at "in the middle" for as long as it likes: no machine is too
 * fast.
 *
 *   const site = heldSite();                       // a copy of the page whose worker can be held; removeSite(site) at the end
 *   await hold(page, 'candidates', 2);             // the second chunk of samples from now on is written, and the worker is not told
 *   …click, look, stop, reload…
 *   await release(page);                           // it is told
 *
 * What is held is the completion of a transaction in IndexedDB: the worker goes on hearing commands meanwhile. A stop lets it go as soon as it has
 * heard it, so that "stopped" cannot be outrun by "done". Chunks are counted by their candidates, since one without a right sample commits no rows.
 * `support/conditions.ts` has the ways to run journeys on other machines.
 */
import { expect, type Page, type Worker } from '@playwright/test';
import { siteWith } from './site';

export type HeldStore = 'candidates' | 'checkpoints' | 'evaluations';

declare global {
  /** In a policy worker that can be held. */
  var holdWork: ((store: HeldStore, at: number) => void) | undefined;
  var releaseWork: () => void;
}

/** In the worker, before its own code. */
export const HOLD = `{
  const stores = ['candidates', 'checkpoints', 'evaluations'];
  const counts = new Map(stores.map((store) => [store, 0]));
  const wanted = new Map();
  let held = null;
  globalThis.holdWork = (store, at) => wanted.set(store, counts.get(store) + at);
  const release = (globalThis.releaseWork = () => {
    const waiting = held ?? [];
    held = null;
    wanted.clear();
    for (const go of waiting) go();
  });
  // The worker's own listener hears the stop in the same task, the release comes in the next.
  addEventListener('message', ({ data }) => data?.type === 'stop' && setTimeout(release));
  // The worker tells what it has at most every 50 ms, with its next event: by its clock a commit takes as long, so that a commit before the held
  // one is told.
  const clock = performance.now.bind(performance);
  let waited = 0;
  performance.now = () => clock() + waited;
  const add = IDBTransaction.prototype.addEventListener;
  IDBTransaction.prototype.addEventListener = function (type, listener, options) {
    const store = this.mode === 'readwrite' ? stores.find((one) => this.objectStoreNames.contains(one)) : undefined;
    if (type !== 'complete' || store === undefined) return add.call(this, type, listener, options);
    return add.call(this, type, (event) => {
      counts.set(store, counts.get(store) + 1);
      waited += 50;
      if (counts.get(store) === wanted.get(store)) held = [];
      if (held) held.push(() => listener(event));
      else listener(event);
    }, options);
  };
}`;

/**
 * In the worker: at each look at the clock, a minute has passed. So every step of a training is followed by a checkpoint, where it can be held,
 * and every event is told by itself. Clock readings are no part of a result.
 */
export const EACH_STEP_DURABLE = `{
  let now = 0;
  performance.now = () => (now += 60_000);
}`;

export const heldSite = (further = ''): string => siteWith({ workerPrelude: `${HOLD}\n${further}` });

/** This page's worker and no other tab's; the page may still be starting it. */
async function policyWorker(page: Page): Promise<Worker> {
  const found = () => page.workers().find((worker) => worker.url().includes('policy.worker'));
  await expect.poll(found, { message: 'no policy worker', timeout: 60_000 }).toBeDefined();
  const worker = found()!;
  await expect.poll(() => worker.evaluate(() => typeof holdWork), { message: 'the worker cannot be held' }).toBe('function');
  return worker;
}

/** Resolves when the worker knows. @param at which commit of that store from now on, 1 for the next */
export async function hold(page: Page, store: HeldStore, at = 1): Promise<void> {
  await (await policyWorker(page)).evaluate(([store, at]) => holdWork!(store, at), [store, at] as const);
}

export async function release(page: Page): Promise<void> {
  await (await policyWorker(page)).evaluate(() => releaseWork());
}
