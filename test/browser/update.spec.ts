/** A new version of the page while it is open: offered, taken on the reader's word, and a run in progress goes on. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { allow, expect, offlineReady, test } from './support/fixtures';
import { HOLD, hold } from './support/hold';
import { copyOfSite, removeSite, renewVersion } from './support/site';

/** The built page under another title, which makes it another version. */
function version(title: string): string {
  const root = copyOfSite();
  const index = join(root, 'index.html');
  writeFileSync(index, readFileSync(index, 'utf8').replace(/<title>.*<\/title>/, `<title>${title}</title>`));
  // Its worker can be held in the middle of its work.
  for (const name of readdirSync(join(root, 'assets')).filter((file) => /^policy\.worker-.*\.js$/.test(file))) {
    const worker = join(root, 'assets', name);
    writeFileSync(worker, `${HOLD}\n${readFileSync(worker, 'utf8')}`);
  }
  renewVersion(root);
  return root;
}

let sites: string[] = [];
test.beforeEach(() => (sites = [version('one'), version('two')]));
test.afterEach(() => sites.forEach(removeSite));

/** What browsers do by themselves on a visit and once a day. */
const lookForUpdate = (page: Page) => page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));

test('is offered, comes with the reader’s click, and a run in its middle goes on', async ({ page, served }) => {
  allow(240_000);
  const server = await served({ root: sites[0]! });
  await page.goto(`${server.url}#problems=34&k=1&epochs=1&batch=17&testProblems=1&runs=1&backend=wasm&threads=1`);
  await offlineReady(page);
  await expect(page.getByTestId('policy-facts')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByTestId('update')).toBeHidden();
  // The first chunk is durable, the second is held: the update arrives in the run's middle, on any machine.
  await hold(page, 'candidates', 2);
  await page.getByTestId('train-start').click();
  // Parts outside the window are not drawn again while something runs.
  await page.getByTestId('settled-self').scrollIntoViewIfNeeded();
  await expect.poll(async () => Number(await page.getByTestId('settled-self').innerText()), { timeout: 90_000 }).toBeGreaterThan(0);

  server.setRoot(sites[1]!);
  await lookForUpdate(page);
  await expect(page.getByTestId('update')).toContainText('A new version of this page is ready', { timeout: 60_000 });
  await expect(page).toHaveTitle('one');
  await expect(page.getByTestId('status-rewriting')).toHaveAttribute('data-status', 'running');
  const settled = Number(await page.getByTestId('settled-self').innerText());
  await page.getByTestId('update-reload').click();
  await expect(page).toHaveTitle('two', { timeout: 60_000 });
  await expect
    .poll(async () => Number(await page.getByTestId('settled-self').innerText()), { timeout: 60_000 })
    .toBeGreaterThanOrEqual(settled);
  await expect(page.getByTestId('status-training')).toHaveAttribute('data-status', 'done', { timeout: 120_000 });
  await expect(page.getByTestId('update')).toBeHidden();
});

test('waits for a second tab, and says so', async ({ page, context, served }) => {
  const server = await served({ root: sites[0]! });
  await page.goto(server.url);
  await offlineReady(page);
  const second = await context.newPage();
  await second.goto(server.url);
  server.setRoot(sites[1]!);
  await lookForUpdate(page);
  await page.getByTestId('update-reload').click({ timeout: 60_000 });
  await expect(page.getByTestId('update')).toContainText('waits for another tab');
  await expect(page).toHaveTitle('one');
  await second.close();
  await page.getByTestId('update-reload').click();
  await expect(page).toHaveTitle('two', { timeout: 60_000 });
});
