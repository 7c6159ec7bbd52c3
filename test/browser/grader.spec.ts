/** The grader on the page: the bench, and why a verdict is what it is. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures';
import { DIST } from './support/paths';

const hasPolicy = existsSync(join(DIST, 'static-models/base/model.safetensors'));

async function violations(page: Page, within: string): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include(within).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

async function openBench(page: Page, url: string): Promise<void> {
  // The bench needs no policy.
  await page.route('**/static-models/**', (route) => route.abort());
  await page.goto(url);
  await page.getByTestId('grader-bench').scrollIntoViewIfNeeded();
  await expect(page.getByTestId('grader-verdict')).toBeVisible({ timeout: 30_000 });
}

test.describe('the bench', () => {
  test.use({ serviceWorkers: 'block' });

  test('the grader and the typesetter are fetched when the bench is reached, not before', async ({ page, served }) => {
    const { url } = await served();
    const fetched: string[] = [];
    page.on('request', (request) => fetched.push(request.url()));
    await page.route('**/static-models/**', (route) => route.abort());
    await page.goto(url);
    await expect(page.getByTestId('gap-ess')).toBeVisible();
    expect(fetched.filter((address) => /grading|katex/i.test(address))).toEqual([]);
    await page.getByTestId('grader-bench').scrollIntoViewIfNeeded();
    await expect(page.getByTestId('reason-gold').locator('.katex').first()).toBeVisible({ timeout: 30_000 });
    expect(fetched.some((address) => /grading\.worker/.test(address))).toBe(true);
    await expect.poll(() => fetched.some((address) => /KaTeX.*\.woff2/.test(address))).toBe(true);
    // Style sheet and fonts are the page's own.
    expect(fetched.filter((address) => !address.startsWith(url) && !address.startsWith('data:') && !address.startsWith('blob:'))).toEqual(
      [],
    );
  });

  test('verdict, rule and both formulas follow what is typed and the options', async ({ page, served }) => {
    const { url } = await served();
    await openBench(page, url);
    const verdict = page.getByTestId('grader-verdict');
    await expect(verdict).toHaveAttribute('data-correct', 'true');
    await expect(page.getByTestId('reason-rule')).toContainText('exact');
    await page.getByTestId('grader-gold').fill('2, 5');
    await page.getByTestId('grader-text').fill('5, 2');
    await expect(page.getByTestId('reason-rule')).toContainText('any order');
    // The option that would turn the verdict is named and can be set from there.
    await page.getByRole('button', { name: 'Set it: Order of lists to given' }).click();
    await expect(verdict).toHaveAttribute('data-correct', 'false');
    await page.getByText('Options of the grader').click();
    await expect(page.getByTestId('grader-option-listOrder')).toHaveValue('given');
    await page.getByTestId('grader-reset').click();
    await expect(verdict).toHaveAttribute('data-correct', 'true');

    await page.getByTestId('grader-kind-response').check();
    await page.getByTestId('grader-gold').fill('\\frac{1}{2}');
    await page.getByTestId('grader-text').fill('<think>\\boxed{2}</think>Half of them, so \\boxed{0.5}.');
    await expect(page.getByTestId('reason-source')).toHaveText('the last box');
    await expect(page.getByTestId('reason-answer')).toContainText('0.5');
    await expect(verdict).toHaveAttribute('data-correct', 'true');
    await page.getByTestId('grader-text').fill('I cannot say.');
    await expect(page.getByTestId('reason-status')).toHaveText('no-answer');
  });

  test('markup, scripts, right-to-left text and LaTeX bombs are text, and the page goes on', async ({ page, served }) => {
    const { url } = await served();
    await openBench(page, url);
    const title = await page.title();
    const html = '<img src=x onerror="document.title=\'taken\'"><script>document.title="taken"</' + 'script>';
    await page.getByTestId('grader-gold').fill(html);
    await page.getByTestId('grader-text').fill('\\href{javascript:document.title=1}{x}');
    await expect(page.getByTestId('reason-gold')).toContainText('<img src=x');
    await expect(page.getByTestId('reason-answer')).toContainText('href');
    await page.getByTestId('grader-gold').fill('\u202eשלום 12');
    await expect(page.getByTestId('reason-gold')).toContainText('שלום 12');
    await page.getByTestId('grader-gold').fill('9^{9^{9^{9}}}');
    await expect(page.getByTestId('reason-gold').locator('.katex').first()).toBeVisible();
    await page.getByTestId('grader-text').fill('\\frac{'.repeat(10_000) + '1' + '}{2}'.repeat(10_000));
    await expect(page.getByTestId('reason-status')).toHaveText(/no-answer|unparsable-prediction/);
    await page.getByTestId('grader-text').fill('7');
    await expect(page.getByTestId('reason-status')).toHaveText(/timeout|ok/);
    await expect(page.getByTestId('reason-answer')).toContainText('7');
    expect(await page.getByTestId('grader-result').locator('img, script, a').count()).toBe(0);
    expect(await page.title()).toBe(title);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe finds nothing, ${colorScheme}; nothing is wider than a narrow window`, async ({ page, served }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 380, height: 800 });
      const { url } = await served();
      await openBench(page, url);
      await page.getByText('Options of the grader').click();
      await page.getByTestId('grader-gold').fill('\\begin{pmatrix}' + '1000000 & '.repeat(9) + '1\\end{pmatrix}');
      await page.getByTestId('grader-text').fill('x^{8}+x^{7}+x^{6}+x^{5}+x^{4}+x^{3}+x^{2}+x+1+\\sqrt{2}+\\sqrt{3}+\\sqrt{5}');
      await expect(page.getByTestId('reason-answer').locator('.katex').first()).toBeVisible();
      expect(await violations(page, '#grader')).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(380);
    });
  }
});

test('a verdict opens by keyboard to both answers, the rule and the way to the bench', async ({ page, served }) => {
  test.skip(!hasPolicy, 'no weights of the bundled policy in static-models/base');
  const { url } = await served();
  await page.goto(`${url}#problems=8&k=2&epochs=1&batch=4&testProblems=1&runs=1&backend=wasm`);
  await expect(page.getByTestId('policy-facts')).toBeVisible({ timeout: 30_000 });
  await page.getByTestId('try-sample').click();
  const verdict = page.getByTestId('try-it').getByTestId('verdict');
  await expect(verdict).toBeVisible({ timeout: 60_000 });
  await verdict.focus();
  await page.keyboard.press('Enter');
  await expect(verdict).toHaveAttribute('aria-expanded', 'true');
  const reason = page.getByTestId('try-it').getByTestId('verdict-reason');
  await expect(reason.getByTestId('reason-gold')).toContainText(/\d/);
  await expect(reason.getByTestId('reason-rule')).not.toBeEmpty();
  expect(await violations(page, '[data-testid="verdict-reason"]')).toEqual([]);
  const gold = (await reason.getByTestId('reason-gold').locator('annotation').first().textContent()) ?? '';
  await reason.getByRole('button', { name: 'Open in the grader' }).click();
  await expect(page.getByTestId('grader-gold')).toHaveValue(gold);
  await expect(page.locator('#grader')).toBeFocused();
  await verdict.focus();
  await page.keyboard.press('Space');
  await expect(reason).toBeHidden();
});
