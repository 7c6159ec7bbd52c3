/**
 * Holds the policy worker's work at a durable point, so that a journey can look at "in the middle" for as long as it likes: no machine is too fast.
 *
 *   const site = heldSite();                       // a copy of the page whose worker can be held; removeSite(site) at the end
 *   await hold(page, 'rows', 2);                   // the second commit of rows from now on is written, and the worker is not told
 *   …click, look, stop, reload…
 *   await release(page);                           // it is told
 *
 * What is held is the completion of a transaction in IndexedDB: the worker goes on hearing commands meanwhile.
 *
 * `LOAD=2 npm test -- browser` keeps so many processes busy beside the tests (`support/global-setup.ts`): the same journeys on a slower machine.
 */
import type { Page } from '@playwright/test';
import { siteWith } from './site';

export type HeldStore = 'rows' | 'checkpoints' | 'evaluations';

/** In the worker, before its own code. */
export const HOLD = `{
  const channel = new BroadcastChannel('hold');
  const stores = ['checkpoints', 'evaluations', 'rows'];
  const counts = new Map(stores.map((store) => [store, 0]));
  const wanted = new Map();
  let held = null;
  channel.onmessage = ({ data }) => {
    if (data.hold) {
      wanted.set(data.hold, counts.get(data.hold) + data.at);
      channel.postMessage({ ready: data.hold });
    } else if (data.release) {
      const waiting = held ?? [];
      held = null;
      wanted.clear();
      for (const go of waiting) go();
    }
  };
  const add = IDBTransaction.prototype.addEventListener;
  IDBTransaction.prototype.addEventListener = function (type, listener, options) {
    const store = this.mode === 'readwrite' ? stores.find((one) => this.objectStoreNames.contains(one)) : undefined;
    if (type !== 'complete' || store === undefined) return add.call(this, type, listener, options);
    return add.call(this, type, (event) => {
      counts.set(store, counts.get(store) + 1);
      if (counts.get(store) === wanted.get(store)) held = [];
      if (held) held.push(() => listener(event));
      else listener(event);
    }, options);
  };
}`;

export const heldSite = (): string => siteWith({ workerPrelude: HOLD });

/** Resolves when the worker knows. @param at which commit of that store from now on, 1 for the next */
export async function hold(page: Page, store: HeldStore, at = 1): Promise<void> {
  await page.evaluate(
    ([store, at]) =>
      new Promise<void>((resolve) => {
        const channel = new BroadcastChannel('hold');
        channel.onmessage = ({ data }: MessageEvent<{ ready?: string }>) => {
          if (data.ready !== store) return;
          clearInterval(asking);
          channel.close();
          resolve();
        };
        // The worker may still be starting.
        const ask = () => channel.postMessage({ hold: store, at });
        const asking = setInterval(ask, 200);
        ask();
      }),
    [store, at] as const,
  );
}

export async function release(page: Page): Promise<void> {
  await page.evaluate(() => {
    const channel = new BroadcastChannel('hold');
    channel.postMessage({ release: true });
    channel.close();
  });
}
