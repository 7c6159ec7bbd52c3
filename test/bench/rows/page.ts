/** `page/*`: the built notebook on localhost, against the limits that it has set itself. */
import { basename } from 'node:path';
import { compressedSize, firstToken, freshProfile, serveNotebook, witnessOf, type Witness } from '../notebook';
import { figure, median, type Context, type Measured, type Row } from '../row';

type PageRow = Pick<Row, 'name' | 'unit' | 'peer' | 'measure'>;
const page = (row: PageRow): Row => ({ ...row, backend: 'page', threads: 0, better: 'less' });

const times = (visits: { ready: number; token: number }[]): Pick<Measured, 'ours' | 'notes'> => ({
  ours: visits.map((v) => v.token),
  notes: [`the answer’s button could be pressed after ${figure(median(visits.map((v) => v.ready)))} s, and was`],
});

/** A fresh profile each time. */
const cold = page({
  name: 'page/cold',
  unit: 's to the first sampled token',
  peer: 'limit, first visit',
  async measure({ rounds, log }) {
    const site = await serveNotebook();
    const visits = [];
    for (let i = 0; i < rounds; i++) {
      const visit = await freshProfile();
      visits.push(await firstToken(await visit.open(site.url, true)));
      await visit.close();
      log(`${figure(visits[i]!.token)} s`);
    }
    await site.close();
    return { ...times(visits), peer: [6] };
  },
});

/** A new tab each time, the files from the service worker. */
const warm = page({
  name: 'page/warm',
  unit: 's to the first sampled token',
  peer: 'limit, later visit',
  async measure({ rounds, log }) {
    const site = await serveNotebook();
    const visit = await freshProfile();
    const first = await visit.open(site.url, true);
    await firstToken(first);
    // The service worker has taken over and has fetched what it keeps: nothing is sent any more.
    await first.waitForFunction(() => navigator.serviceWorker.controller !== null);
    for (let sent = -1; sent !== site.sent.length;) {
      sent = site.sent.length;
      await first.waitForTimeout(2000);
    }
    await first.close();
    const visits = [];
    for (let i = 0; i < rounds; i++) {
      const again = await visit.open(site.url, true);
      visits.push(await firstToken(again));
      // Nobody leaves at the first token: the browser keeps what it has compiled a little later, and the next visit finds the machine at rest.
      await again.waitForTimeout(3000);
      await again.close();
      log(`${figure(visits[i]!.token)} s`);
    }
    await visit.close();
    await site.close();
    return { ...times(visits), peer: [2] };
  },
});

/** MB of the files sent before the first token. */
async function bytesBefore(serviceWorkers: boolean): Promise<{ megabytes: number; largest: string }> {
  const site = await serveNotebook();
  const visit = await freshProfile({ serviceWorkers });
  await firstToken(await visit.open(site.url, true));
  const sent = [...site.sent];
  await visit.close();
  await site.close();
  const files = sent.map((path) => ({ name: basename(path), size: compressedSize(path) })).sort((a, b) => b.size - a.size);
  const largest = files.slice(0, 3).map(({ name, size }) => `${name} ${(size / 1e6).toFixed(2)}`);
  return { megabytes: files.reduce((sum, { size }) => sum + size, 0) / 1e6, largest: largest.join(', ') };
}

const bytes = page({
  name: 'page/bytes',
  unit: 'MB compressed',
  peer: 'limit before the first sampled token',
  async measure() {
    const whole = await bytesBefore(true);
    const alone = await bytesBefore(false);
    return {
      ours: [whole.megabytes],
      peer: [10],
      notes: [
        'every file sent until then, the service worker’s own among them, at gzip -9 (weights as they are)',
        `largest: ${whole.largest}`,
        `without a service worker ${alone.megabytes.toFixed(2)} MB`,
      ],
    };
  },
});

interface Everything {
  seconds: number;
  /** Seconds of rewriting, training, evaluating. */
  parts: Map<string, number>;
  witness: Witness;
}
/** One run for both rows: it takes minutes. */
let everything: Promise<Everything> | null = null;

async function runEverything({ quick, log }: Context): Promise<Everything> {
  const site = await serveNotebook();
  const visit = await freshProfile();
  try {
    const small = '#problems=8&k=2&epochs=1&batch=4&testProblems=1&runs=1&backend=wasm';
    const tab = await visit.open(site.url + (quick ? small : '#backend=wasm'), false);
    await tab.getByTestId('policy-facts').waitFor();
    const started = performance.now();
    await tab.getByTestId('run-all-start').click();
    const parts = new Map<string, number>();
    let last = '';
    let since = started;
    const poll = async (): Promise<string | null> => {
      const strip = tab.getByTestId('run-strip');
      const text = (await strip.count()) > 0 ? (await strip.innerText({ timeout: 5000 }).catch(() => '')).split('\n')[0]! : '';
      const what = text.replace(/[\d,.:%]+.*/, '').trim();
      if (what !== last && what !== '') log(what);
      const now = performance.now();
      const part = last.split(/[ ,]/, 1)[0]!;
      if (part !== '') parts.set(part, (parts.get(part) ?? 0) + (now - since) / 1000);
      if (what !== '') last = what;
      since = now;
      return tab.getByTestId('run-all').getAttribute('data-status');
    };
    for (let status = await poll(); status !== 'done'; status = await poll()) {
      if (performance.now() - started > 45 * 60_000) throw new Error('“Run everything” was not done after 45 minutes.');
      if (status === 'stopped') throw new Error('“Run everything” stopped by itself.');
      await tab.waitForTimeout(200);
    }
    return { seconds: (performance.now() - started) / 1000, parts, witness: await witnessOf(tab) };
  } finally {
    await visit.close();
    await site.close();
  }
}

const once = (context: Context): Promise<Everything> =>
  (everything ??= runEverything(context).catch((error: unknown) => {
    everything = null;
    throw error;
  }));

const runAll = page({
  name: 'page/run-all',
  unit: 's',
  peer: 'limit',
  async measure(context): Promise<Measured> {
    const { seconds, parts } = await once(context);
    return {
      ours: [seconds],
      peer: [300],
      notes: [
        context.quick ? '8 problems' : 'the default settings, which are the quick preset, on WASM',
        [...parts].map(([name, time]) => `${name} ${figure(time)} s`).join(', '),
      ],
    };
  },
});

const longTask = page({
  name: 'page/long-task',
  unit: 'ms, longest main-thread task',
  peer: 'limit while training',
  async measure(context): Promise<Measured> {
    const { witness } = await once(context);
    const training = witness.longTasks.filter((t) => t.training).map((t) => t.duration);
    const other = witness.longTasks.filter((t) => !t.training).map((t) => t.duration);
    const longest = (tasks: number[]): string =>
      tasks.length === 0 ? 'none' : `${tasks.length}, the longest ${Math.round(Math.max(...tasks))} ms`;
    return {
      // The browser tells of tasks over 50 ms only.
      ours: [Math.max(50, ...training)],
      peer: [50],
      notes: [`tasks over 50 ms while training: ${longest(training)}; at other times: ${longest(other)}; 50 stands for none`],
    };
  },
});

export const PAGE_ROWS: Row[] = [cold, warm, bytes, runAll, longTask];
