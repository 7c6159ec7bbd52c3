/** The page as a reader uses it: the bundled policy on WASM, a small preset taken from the address. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { OBJECTIVES } from '../../src/method/objectives';
import { allow, expect, test } from './support/fixtures';
import { heldSite, hold, release } from './support/hold';
import { DIST } from './support/paths';
import { removeSite } from './support/site';

const hasPolicy = existsSync(join(DIST, 'static-models/base/model.safetensors'));
const SMALL = '#problems=8&k=2&epochs=1&batch=4&testProblems=1&runs=1&backend=wasm&threads=1';

/** The page with a worker that can be held in the middle of its work. */
let held = '';
test.beforeAll(() => (held = heldSite()));
test.afterAll(() => removeSite(held));

async function ready(page: Page): Promise<void> {
  await expect(page.getByTestId('policy-facts')).toBeVisible({ timeout: 30_000 });
}

async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

test('the gap answers the slider at once, without a model', async ({ page, served }) => {
  const { url } = await served();
  await page.route('**/static-models/**', (route) => route.abort());
  await page.goto(url);
  const ess = async () => Number.parseFloat(await page.getByTestId('gap-ess').innerText());
  const slider = page.getByTestId('gap-slider');
  await slider.fill('0');
  await expect(page.getByTestId('gap-ess')).toContainText('100');
  await slider.fill('3');
  await expect.poll(ess).toBeLessThan(10);
  await page.getByTestId('gap-rewrite').check();
  await expect.poll(ess).toBeGreaterThan(50);
});

test.describe('without the policy’s files', () => {
  // A service worker would fetch them past the route below.
  test.use({ serviceWorkers: 'block' });

  test('a policy that cannot be loaded is said in words, and the rest of the page works', async ({ page, served }) => {
    const { url } = await served();
    await page.route('**/static-models/**', (route) => route.abort());
    await page.goto(url);
    await expect(page.getByTestId('failure-policy')).toBeVisible({ timeout: 30_000 });
    expect((await page.getByTestId('failure-policy').innerText()).length).toBeGreaterThan(40);
    await expect(page.getByTestId('run-all-start')).toBeDisabled();
    // The section's number is that of its heading.
    const number = await page.locator('#policy-title .number').innerText();
    const link = page.getByTestId('run-all-text').getByRole('link', { name: `section ${number}` });
    await link.click();
    await expect(page.locator('#policy')).toBeFocused();
    await expect(page.getByTestId('problem-question')).toContainText('gold answer');
  });
});

test('objectives are shown from their registry: formula typeset, effect and source in words, the code that runs', async ({
  page,
  served,
}) => {
  const { url } = await served();
  await page.goto(url);
  for (const { id, formula, description, reference } of Object.values(OBJECTIVES)) {
    const shown = page.getByTestId('cell-training').getByTestId(`objective-${id}`);
    await shown.scrollIntoViewIfNeeded();
    await expect(shown.locator('.katex annotation')).toHaveText(formula);
    await expect(shown).toContainText(description);
    await expect(shown).toContainText(reference);
    await expect(shown.getByTestId(`source-${id}`)).toContainText('loss: (');
  }
  const method = page.getByTestId('cell-method').getByTestId('objective-dft');
  await method.scrollIntoViewIfNeeded();
  await expect(method.locator('.katex annotation')).toHaveText(OBJECTIVES.dft!.formula);
});

test('what the address asks for is used, or named and ignored', async ({ page, served }) => {
  const { url } = await served();
  await page.goto(`${url}#problems=8&k=999&color=red`);
  await expect(page.getByTestId('setting-problems')).toHaveValue('8');
  await expect(page.getByTestId('setting-k')).toHaveValue('32');
  await expect(page.getByTestId('note-address-0')).toContainText('K');
  await expect(page.getByTestId('note-address-1')).toContainText('color');
});

test('one answer is sampled, coloured by token and graded; both voices are scored', async ({ page, served }) => {
  test.skip(!hasPolicy, 'no weights of the bundled policy in static-models/base');
  const { url } = await served();
  await page.goto(url + SMALL);
  await ready(page);
  await page.getByTestId('try-sample').click();
  await expect(page.getByTestId('try-answer').locator('.token').first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByTestId('try-it').locator('[data-correct]')).toBeVisible();
  for (const voice of ['voice-expert', 'voice-own']) {
    await expect(page.getByTestId(voice)).toContainText('per token', { timeout: 30_000 });
  }
  // Markup in a question is text, before and after it has been through the model.
  await page.getByTestId('try-question').fill('<img src=x onerror="document.title=1"> 1+1');
  await page.getByTestId('try-sample').click();
  await expect(page.getByTestId('try-it')).toContainText('not graded: no gold answer is known for this text', { timeout: 30_000 });
  expect(await page.title()).not.toBe('1');
});

test('rewrite, stop, reload, continue, train, evaluate; all of it is there after a reload', async ({ page, served }) => {
  test.skip(!hasPolicy, 'no weights of the bundled policy in static-models/base');
  allow(240_000);
  const { url } = await served({ root: held });
  // Several durable chunks, so that there is something to keep and something left to do.
  await page.goto(`${url}#problems=34&k=1&epochs=1&batch=17&testProblems=1&runs=1&backend=wasm&threads=1`);
  await ready(page);
  // The first chunk is durable and shown, the second one is held: the middle of the first stage, for as long as it takes to look.
  await hold(page, 'candidates', 2);
  await page.getByTestId('rewrite-start').click();
  await expect(page.getByTestId('status-rewriting')).toHaveAttribute('data-status', 'running');
  // Samples are on the page before their stage ends.
  await expect(page.getByTestId('latest-candidate').first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByTestId('stage-self')).toContainText('running');
  await expect.poll(async () => Number(await page.getByTestId('settled-self').innerText()), { timeout: 60_000 }).toBeGreaterThan(0);
  await page.getByTestId('rewrite-stop').click();
  await expect(page.getByTestId('status-rewriting')).toHaveAttribute('data-status', 'stopped', { timeout: 30_000 });
  // A piece that has ended stands beside its last figures.
  const settled = Number(await page.getByTestId('settled-self').innerText());
  expect(settled).toBeGreaterThan(0);

  await page.reload();
  await ready(page);
  await expect(page.getByTestId('status-rewriting')).toHaveAttribute('data-status', 'stopped');
  await expect(page.getByTestId('settled-self')).toHaveText(String(settled));
  await page.getByTestId('rewrite-start').click();
  await expect(page.getByTestId('status-rewriting')).toHaveAttribute('data-status', 'done', { timeout: 120_000 });
  await expect(page.getByTestId('logprobs-table')).toBeVisible({ timeout: 10_000 });
  await expect(page.getByTestId('weights-table')).toBeVisible();

  // A reload in the middle of the work goes on by itself: the second arm is trained, and nobody has been told.
  await hold(page, 'checkpoints', 2);
  await page.getByTestId('evaluate-start').click();
  await expect(page.getByTestId('step-dft')).toContainText('2 of 2', { timeout: 60_000 });
  await expect(page.getByTestId('status-train-sft')).toHaveAttribute('data-status', 'done');
  await expect(page.getByTestId('status-train-dr+dft')).toHaveAttribute('data-status', 'queued');
  await page.reload();
  await expect(page.getByTestId('status-evaluation')).toHaveAttribute('data-status', 'done', { timeout: 120_000 });
  await expect(page.getByTestId('curve-nll')).toBeVisible();
  await expect(page.getByTestId('run-all')).toHaveAttribute('data-status', 'done');
  // Parts are laid out again one after the other.
  await expect(page.locator('#evaluation')).toHaveCSS('content-visibility', 'visible');
  const table = await page.getByTestId('evaluation-table').innerText();

  await page.reload();
  await expect(page.getByTestId('run-all')).toHaveAttribute('data-status', 'done', { timeout: 30_000 });
  // Numbers, not how long they took: that is known in the visit that computed them only.
  const values = (text: string) =>
    text
      .replace(/\s+/g, ' ')
      .replace(/ done in [^A-Z]*/g, ' done ')
      .trim();
  await expect.poll(async () => values(await page.getByTestId('evaluation-table').innerText())).toBe(values(table));
  expect(await violations(page)).toEqual([]);
  // Nor does a page full of results scroll sideways in a narrow window.
  await page.setViewportSize({ width: 380, height: 720 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(380);
  await page.setViewportSize({ width: 1280, height: 720 });

  // Changed settings make results out of date; nothing is run or lost by itself.
  await page.getByTestId('setting-k').fill('3');
  await page.getByTestId('setting-k').press('Enter');
  await expect(page.getByTestId('status-rewriting')).toHaveAttribute('data-status', 'stale');
  await page.getByRole('button', { name: 'Back to its settings' }).first().click();
  await expect(page.getByTestId('status-rewriting')).toHaveAttribute('data-status', 'done');

  // Other learning rates need no other rewriting, and the start is not evaluated again.
  await page.getByTestId('preset-rates').selectOption('tuned');
  await expect(page.getByTestId('status-train-sft')).toHaveAttribute('data-status', 'stale');
  await page.getByTestId('train-start').click();
  await expect(page.getByTestId('status-training')).toHaveAttribute('data-status', 'done', { timeout: 120_000 });
  await expect(page.getByTestId('status-rewriting')).toHaveAttribute('data-status', 'done');
  await expect(page.getByTestId('status-evaluate-base')).toHaveAttribute('data-status', 'done');
  await expect(page.getByTestId('status-evaluate-sft')).toHaveAttribute('data-status', 'ready');
  // An arm at the rate that it had is taken over with its evaluation.
  await expect(page.getByTestId('status-evaluate-dft')).toHaveAttribute('data-status', 'done');
});

test('“Run everything” does it all, by keyboard alone', async ({ page, served }) => {
  test.skip(!hasPolicy, 'no weights of the bundled policy in static-models/base');
  allow(180_000);
  const { url } = await served({ root: held });
  await page.goto(url + SMALL);
  await ready(page);
  await hold(page, 'candidates');
  const start = page.getByTestId('run-all-start');
  await expect(start).toBeEnabled();
  for (let i = 0; i < 12 && !(await start.evaluate((button) => button === document.activeElement)); i++) await page.keyboard.press('Tab');
  await expect(start).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('run-strip')).toBeVisible();
  await release(page);
  await expect(page.getByTestId('run-all')).toHaveAttribute('data-status', 'done', { timeout: 150_000 });
  for (const arm of ['base', 'sft', 'dft', 'dr+sft', 'dr+dft']) await expect(page.getByTestId(`average-${arm}`)).toContainText(/\d/);
  // Problems are chosen with the arrow keys.
  await page.getByTestId('problem-grid').locator('button[tabindex="0"]').focus();
  const problem = async () => Number(/Problem (\d+)/.exec(await page.getByTestId('problem-detail').innerText())![1]);
  const before = await problem();
  await page.keyboard.press('ArrowRight');
  await expect.poll(problem).toBe(before + 1);
});

test('links lead to their parts while something runs, when parts outside the window are not laid out', async ({ page, served }) => {
  test.skip(!hasPolicy, 'no weights of the bundled policy in static-models/base');
  const { url } = await served({ root: held });
  await page.goto(`${url}#problems=34&k=1&backend=wasm&threads=1`);
  await ready(page);
  await hold(page, 'candidates');
  await page.getByTestId('rewrite-start').click();
  await expect(page.locator('#evaluation')).toHaveCSS('content-visibility', 'auto');
  const rail = page.getByRole('navigation', { name: 'Parts of the notebook' });
  for (const [link, id] of [
    ['Evaluation', 'evaluation'],
    ['The method', 'method'],
    ['Training', 'training'],
  ] as const) {
    await rail.getByRole('link', { name: link }).click();
    const top = () => page.locator(`#${id}`).evaluate((part) => part.getBoundingClientRect().top);
    await expect.poll(async () => Math.abs((await top()) - 72)).toBeLessThan(4);
    await expect(page.locator(`#${id}`)).toBeFocused();
  }
  await page.getByTestId('run-all-stop').click();
  await expect(page.getByTestId('run-all')).toHaveAttribute('data-status', /ready|stopped/, { timeout: 30_000 });
  await expect(page.locator('#evaluation')).toHaveCSS('content-visibility', 'visible');
});

test('a second tab shows what the first computes, and goes on when it is closed', async ({ page, context, served }) => {
  test.skip(!hasPolicy, 'no weights of the bundled policy in static-models/base');
  allow(180_000);
  const { url } = await served({ root: held });
  const address = `${url}#problems=34&k=1&epochs=1&batch=17&testProblems=1&runs=1&backend=wasm&threads=1`;
  await page.goto(address);
  await ready(page);
  // The first tab holds the run, with its first chunk durable, until it is closed.
  await hold(page, 'candidates', 2);
  await page.getByTestId('rewrite-start').click();
  await expect.poll(async () => Number(await page.getByTestId('settled-self').innerText()), { timeout: 60_000 }).toBeGreaterThan(0);
  const second = await context.newPage();
  await second.goto(address);
  const status = second.getByTestId('status-rewriting');
  await expect(status).toContainText('waits for the other tab', { timeout: 30_000 });
  await expect.poll(async () => Number(await second.getByTestId('settled-self').innerText()), { timeout: 90_000 }).toBeGreaterThan(0);
  await page.close();
  await expect(status).not.toContainText('waits', { timeout: 30_000 });
  // Nothing was asked of this tab: it can go on, and does when it is asked.
  await expect(status).toHaveAttribute('data-status', 'stopped', { timeout: 30_000 });
  await second.getByTestId('rewrite-start').click();
  await expect(status).toHaveAttribute('data-status', 'done', { timeout: 90_000 });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing, ${colorScheme}`, async ({ page, served }) => {
    const { url } = await served();
    await page.emulateMedia({ colorScheme });
    await page.goto(url + SMALL);
    await expect(page.getByTestId('problem-question')).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}

test('a narrow window never scrolls sideways', async ({ page, served }) => {
  const { url } = await served();
  await page.setViewportSize({ width: 380, height: 720 });
  await page.goto(url);
  await expect(page.getByTestId('problem-question')).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(380);
});
