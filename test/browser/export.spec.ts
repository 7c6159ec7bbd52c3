/** What a reader takes away: figures, tables, data sets and policies, made on the page without a network. */
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSafetensorsMetadata } from '@huggingface/hub';
import type { Download, Locator, Page } from '@playwright/test';
import AdmZip from 'adm-zip';
import { parquetReadObjects } from 'hyparquet';
import { readSafetensors } from '../../src/policy/safetensors';
import { expect, offlineReady, test } from './support/fixtures';
import { DIST } from './support/paths';

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

const half = '\\boxed{1/2}';
const ROWS = [
  {
    problem: 'Half of one? <img src=x onerror="document.title=1">',
    gold: '\\frac12',
    expert: `Divide one by two: ${half}`,
    expertLogProbs: [-3, -3],
    candidates: [
      { stage: 'self', response: '\\boxed{2}', logProbs: [-1], samplingLogProbs: [-1] },
      { stage: 'guided', response: 'so \\boxed{0.5}', logProbs: [-1, -1, -1], samplingLogProbs: [-0.5, -0.5, -0.5] },
      { stage: 'guided', response: '<script>document.title=2</script>' },
    ],
  },
  '{"problem": "cut',
  {
    id: 'sum',
    problem: '1 + 1',
    gold: 2,
    expert: 'It is 2.',
    expertLogProbs: [-2],
    candidates: [{ stage: 'self', response: 'The answer is 2.', logProbs: [-0.5, -0.5], samplingLogProbs: [-0.5, -0.5] }],
  },
  { problem: '1 + 2', gold: '3', expert: 'It is 3.', candidates: [{ stage: 'self', response: '4' }] },
];
const jsonl = (rows: readonly unknown[]) => rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n');
const upload = (name: string, text: string) => ({ name, mimeType: 'application/jsonl', buffer: Buffer.from(text) });

test('candidates made elsewhere are graded, taken through the stages, shown and saved, without a policy', async ({ page, served }) => {
  await page.route('**/static-models/**', (route) => route.abort());
  const { url } = await served();
  await page.goto(url);
  const title = await page.title();
  const cell = page.getByTestId('cell-elsewhere');
  await cell.getByTestId('elsewhere-file').setInputFiles(upload('cluster.jsonl', jsonl(ROWS)));
  await expect(cell.getByTestId('elsewhere-summary')).toContainText('3 problems of cluster.jsonl, graded by mathematics, seed 1');
  for (const stage of ['self', 'guided', 'fallback']) await expect(cell.getByTestId(`elsewhere-settled-${stage}`)).toHaveText('1');
  await cell.getByTestId('elsewhere-malformed').locator('summary').click();
  await expect(cell.getByTestId('elsewhere-malformed')).toContainText('line 2: not valid JSON');

  const detail = cell.getByTestId('elsewhere-detail');
  await expect(detail).toContainText('Half of one? <img src=x');
  await expect(detail.getByTestId('candidate')).toHaveCount(3);
  await expect(detail.locator('li.kept')).toContainText('so \\boxed{0.5}');
  expect(await page.title()).toBe(title);

  // Σ log p of the kept guided response and its ratio to μ, as the rows carry them.
  await cell.getByTestId('elsewhere-logprobs-sum').check();
  const guided = cell.getByTestId('elsewhere-logprobs-table').getByRole('row', { name: /^Guided/ });
  await expect(guided).toContainText('−6.0');
  await expect(guided).toContainText('−3.0');
  await expect(cell.getByTestId('elsewhere-weights-table')).toBeVisible();

  const save = cell.getByTestId('elsewhere-save');
  const parquet = await saved(page, save.getByRole('button', { name: /Parquet/ }));
  expect(parquet.name).toBe('cluster-rewritten.parquet');
  const rows = await parquetReadObjects({ file: new Uint8Array(parquet.bytes).buffer });
  expect(rows.map((row): unknown[] => [row['id'], row['stage'], row['messages'] as unknown])).toEqual([
    ['row-1', 'guided', [expect.anything(), { role: 'assistant', content: 'so \\boxed{0.5}' }]],
    [
      'sum',
      'self',
      [
        { role: 'user', content: '1 + 1' },
        { role: 'assistant', content: 'The answer is 2.' },
      ],
    ],
    ['row-4', 'fallback', [expect.anything(), { role: 'assistant', content: 'It is 3.' }]],
  ]);
  expect(rows[0]!['provenance']).toMatchObject({ source: 'candidates made elsewhere', policy: null });

  // What was saved can be brought in again.
  const graded = await saved(page, save.getByRole('button', { name: /candidates:/ }));
  await cell.getByTestId('elsewhere-file').setInputFiles(upload('again.jsonl', graded.text));
  await expect(cell.getByTestId('elsewhere-summary')).toContainText('3 problems of again.jsonl');
  for (const stage of ['self', 'guided', 'fallback']) await expect(cell.getByTestId(`elsewhere-settled-${stage}`)).toHaveText('1');

  // A file that cannot be used is explained, and nothing shown is lost.
  await cell.getByTestId('elsewhere-file').setInputFiles(upload('wrong.jsonl', '{"problem":"p"}\n'));
  await expect(cell.getByTestId('elsewhere-failure')).toContainText('line 1: "gold" is missing');
  await cell.getByTestId('elsewhere-file').setInputFiles({ name: 'latin.jsonl', mimeType: '', buffer: Buffer.from([0x7b, 0xe9, 0x0a]) });
  await expect(cell.getByTestId('elsewhere-failure')).toContainText('line 1: not UTF-8');
  await expect(cell.getByTestId('elsewhere-summary')).toContainText('again.jsonl');
});

test('offline, a run’s data set, its record and its policy are saved', async ({ page, context, served }) => {
  test.skip(!existsSync(join(DIST, 'static-models/base/model.safetensors')), 'no weights of the bundled policy in static-models/base');
  const { url } = await served();
  await page.goto(`${url}#problems=8&k=2&backend=wasm`);
  await expect(page.getByTestId('policy-facts')).toBeVisible({ timeout: 60_000 });
  await offlineReady(page);
  await page.getByTestId('rewrite-start').click();
  await expect(page.getByTestId('cell-rewriting')).toHaveAttribute('data-status', 'done', { timeout: 90_000 });
  await context.setOffline(true);
  const dataset = page.getByTestId('save-dataset');
  const jsonl = await saved(page, dataset.getByRole('button', { name: /JSONL/ }));
  const rows = jsonl.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const settled = async (stage: string) => Number(await page.getByTestId(`settled-${stage}`).innerText());
  for (const stage of ['self', 'guided', 'fallback'])
    expect(rows.filter((row) => row['stage'] === stage)).toHaveLength(await settled(stage));
  expect(rows[0]!['provenance']).toMatchObject({
    source: 'sampled here',
    task: 'hands',
    k: 2,
    policy: expect.stringMatching(/^[0-9a-f]{12}$/),
  });
  const csv = await saved(page, dataset.getByRole('button', { name: /CSV/ }));
  expect(csv.text.split('\r\n').length).toBeGreaterThan(8);

  const run = await saved(page, page.getByTestId('save-run').getByRole('button'));
  expect(JSON.parse(run.text)).toMatchObject({
    format: 'mind-the-gap/run',
    config: { rewrite: { problems: 8, k: 2 } },
    seeds: { rewrite: expect.any(Number) },
  });

  // Read by an unzipper and by the Hub's own reader of safetensors.
  const zip = new AdmZip((await saved(page, page.getByTestId('save-policy').getByRole('button', { name: /start/ }))).bytes);
  expect(
    zip
      .getEntries()
      .map((entry) => entry.entryName)
      .sort(),
  ).toEqual(
    ['README.md', 'config.json', 'generation_config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'].map(
      (name) => `hands-base/${name}`,
    ),
  );
  expect(zip.readAsText('hands-base/README.md')).toContain('library_name: transformers');
  const weights = zip.readFile('hands-base/model.safetensors')!;
  const { parameterCount } = await parseSafetensorsMetadata({
    repo: 'local/base',
    path: 'model.safetensors',
    computeParametersCount: true,
    fetch: (_, init) => Promise.resolve(ranged(weights, new Headers(init?.headers).get('range'))),
  });
  // As many numbers as in the policy that the page was given.
  const given = readSafetensors(readFileSync(join(DIST, 'static-models/base/model.safetensors')));
  const numbers = [...given.values()].reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  expect(parameterCount['F32']).toBe(numbers);
});

/** A server's answer to a request for a part of a file. */
function ranged(bytes: Buffer, range: string | null): Response {
  const [, from, to] = /bytes=(\d+)-(\d+)/.exec(range ?? '') ?? [];
  const part = from === undefined ? bytes : bytes.subarray(Number(from), Number(to) + 1);
  return new Response(new Uint8Array(part), {
    status: from === undefined ? 200 : 206,
    headers: {
      'content-range': `bytes ${from ?? 0}-${to ?? bytes.length - 1}/${bytes.length}`,
      'content-length': String(part.length),
      etag: '"local"',
    },
  });
}
