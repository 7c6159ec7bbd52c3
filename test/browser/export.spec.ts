/** What a reader takes away: figures, tables, data sets and policies, made on the page without a network. */
import { readFile } from 'node:fs/promises';
import type { Download, Locator, Page } from '@playwright/test';
import { expect, test } from './support/fixtures';

async function saved(page: Page, button: Locator): Promise<{ name: string; bytes: Buffer; text: string }> {
  const [download] = await Promise.all<[Promise<Download>, Promise<void>]>([page.waitForEvent('download'), button.click()]);
  const bytes = await readFile(await download.path());
  return { name: download.suggestedFilename(), bytes, text: bytes.toString('utf8') };
}

test('a figure is saved as an SVG that stands alone, in light colours, and as a PNG at twice its size', async ({ page, served }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.route('**/static-models/**', (route) => route.abort());
  const { url } = await served();
  await page.goto(url);
  const figure = page.getByTestId('gap-weights');
  const dark = await page.evaluate(() => document.documentElement.dataset['theme']);
  expect(dark).toBe('dark');
  const svg = await saved(page, figure.getByRole('button', { name: /^Save as SVG/ }));
  expect(svg.name).toMatch(/^importance-weights-of-\d+-answers\.svg$/);
  expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
  expect(svg.text).not.toMatch(/var\(--|class=|<script|<style/);
  expect(svg.text).toContain('w = π/μ, log scale');

  // Drawn alone in an empty page, it shows bars in the light theme's colour and dark text on white.
  const alone = await page.context().newPage();
  await alone.setContent(svg.text);
  const seen = await alone.evaluate(() => {
    const root = document.querySelector('svg')!;
    const bars = [...root.querySelectorAll(':scope > svg:last-of-type rect')].filter((bar) => bar.getBoundingClientRect().height > 1);
    return {
      title: root.querySelector('title')?.textContent,
      bars: bars.length,
      fill: getComputedStyle(bars[0]!).fill,
      inside: bars.every((bar) => {
        const [outer, box] = [root.getBoundingClientRect(), bar.getBoundingClientRect()];
        return box.left >= outer.left && box.right <= outer.right && box.top >= outer.top && box.bottom <= outer.bottom;
      }),
      size: [Number(root.getAttribute('width')), Number(root.getAttribute('height'))],
    };
  });
  expect(seen.title).toMatch(/^Importance weights of/);
  expect(seen.bars).toBeGreaterThan(5);
  expect(seen.fill).toBe('rgb(176, 67, 39)');
  expect(seen.inside).toBe(true);

  const png = await saved(page, figure.getByRole('button', { name: /^Save as PNG/ }));
  expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(Math.abs(png.bytes.readUInt32BE(16) - 2 * seen.size[0]!)).toBeLessThanOrEqual(2);
  expect(Math.abs(png.bytes.readUInt32BE(20) - 2 * seen.size[1]!)).toBeLessThanOrEqual(2);
});

test('a table is saved as CSV with the numbers that it shows', async ({ page, served }) => {
  await page.route('**/static-models/**', (route) => route.abort());
  const { url } = await served();
  await page.goto(url);
  const { name, text } = await saved(page, page.getByRole('button', { name: 'Save as CSV: The paper’s Table 3' }));
  expect(name).toBe('the-paper-s-table-3.csv');
  const lines = text.split('\r\n');
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(/^Σ log p/);
  expect(lines[1]).toContain('-184.44 → -83.36');
});
