/** Offline use and updates, on a built page with a worker that computes (test/browser/harness). */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, offlineReady, test } from './support/fixtures';
import { HARNESS } from './support/paths';
import { renewVersion } from './support/site';

const product = { kind: 'wasm' } as const;

test('after the first load the page and its runtime work offline', async ({ page, context, served }) => {
  const { url, close } = await served({ root: HARNESS, base: '/sub/path/' });
  await page.goto(url);
  await offlineReady(page);
  await context.setOffline(true);
  await close();
  await page.reload();
  expect(await page.evaluate((request) => bench.ort(request), product)).toMatchObject({ value: 64 });
  // A wrong address below the page's leads back to it.
  await page.goto(`${url}nothing/here`);
  await expect(page).toHaveURL(url);
  // The WebGPU runtime was never used, so it is not there; the page is told, and does not hang.
  expect(await page.evaluate(() => bench.ort({ kind: 'webgpu' }))).toHaveProperty('error');
});

test('the WebGPU runtime is kept once it has been used', async ({ page, context, served }) => {
  const { url } = await served({ root: HARNESS });
  await page.goto(url);
  await offlineReady(page);
  await page.evaluate(() => bench.ort({ kind: 'webgpu' }));
  await context.setOffline(true);
  expect(await page.evaluate(() => bench.ort({ kind: 'webgpu' }))).toMatchObject({ value: 64 });
});

test.describe('a new version', () => {
  let folders: string[] = [];
  const version = (name: string): string => {
    const folder = mkdtempSync(join(tmpdir(), 'site-'));
    folders.push(folder);
    cpSync(HARNESS, folder, { recursive: true });
    const page = join(folder, 'index.html');
    writeFileSync(page, readFileSync(page, 'utf8').replace('>ready<', `>${name}<`));
    renewVersion(folder);
    return folder;
  };
  test.afterEach(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
    folders = [];
  });

  test('takes over when the page is reloaded, whole, and the old one is deleted', async ({ page, served }) => {
    const server = await served({ root: version('one') });
    await page.goto(server.url);
    await offlineReady(page);
    await expect(page.locator('#state')).toHaveText('one');

    server.setRoot(version('two'));
    const waiting = () =>
      page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        await registration.update();
        return registration.waiting !== null;
      });
    await expect.poll(waiting).toBe(true);
    // Until then the old version is complete.
    await expect(page.locator('#state')).toHaveText('one');

    await page.reload();
    await expect(page.locator('#state')).toHaveText('two');
    await expect.poll(() => page.evaluate(async () => (await caches.keys()).length)).toBe(1);
    expect(await page.evaluate((request) => bench.ort(request), product)).toMatchObject({ value: 64 });
  });

  test('waits while a second tab shows the old one', async ({ page, context, served }) => {
    const server = await served({ root: version('one') });
    await page.goto(server.url);
    await offlineReady(page);
    const second = await context.newPage();
    await second.goto(server.url);

    server.setRoot(version('two'));
    await expect
      .poll(() =>
        page.evaluate(async () => {
          const registration = await navigator.serviceWorker.ready;
          await registration.update();
          return registration.waiting !== null;
        }),
      )
      .toBe(true);
    await page.reload();
    await expect(page.locator('#state')).toHaveText('one');
    await second.close();
    await page.reload();
    await expect(page.locator('#state')).toHaveText('two');
  });

  test('that arrived in the middle is refused as a whole: no file of it is taken for the old one', async ({ page, served, trouble }) => {
    const one = version('one');
    const server = await served({ root: one });
    // The worker's list is version one's, the page on the server is another's.
    const index = join(one, 'index.html');
    writeFileSync(index, readFileSync(index, 'utf8').replace('>one<', '>changed<'));
    await page.addInitScript(() => {
      const register = ServiceWorkerContainer.prototype.register;
      ServiceWorkerContainer.prototype.register = async function (...args) {
        const registration = await register.apply(this, args);
        const worker = registration.installing ?? registration.waiting ?? registration.active;
        Object.assign(globalThis, { installed: () => worker?.state });
        return registration;
      };
    });
    await page.goto(server.url);
    const state = () => page.evaluate(() => (globalThis as { installed?: () => string }).installed?.());
    await expect.poll(state, { timeout: 30_000 }).toBe('redundant');
    expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBeNull();
    await expect(page.locator('#state')).toHaveText('changed');
    trouble.length = 0;
  });
});
