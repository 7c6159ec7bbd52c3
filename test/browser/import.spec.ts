/** Bringing problems in on the page: text, files and a Hub of our own, by one server beside the page. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { hubHandler, REVISION } from '../../src/tasks/formats/testing/hub-server';
import { expect, test } from './support/fixtures';
import { removeSite, siteWith } from './support/site';

/** In the import worker: of a large file it reads 20 pieces, and goes on when it has heard the stop. No machine reads past the middle. */
const READS_HALF = `{
  const told = new Promise((resolve) => addEventListener('message', ({ data }) => data.type === 'stop' && setTimeout(resolve)));
  const read = Blob.prototype.arrayBuffer;
  let pieces = 0;
  Blob.prototype.arrayBuffer = async function () {
    if (this.size >= 1 << 20 && ++pieces > 20) await told;
    return read.call(this);
  };
}`;

const line = (row: unknown) => `${JSON.stringify(row)}\n`;
const sums = (n: number) =>
  Array.from({ length: n }, (_, i) =>
    line({
      question: `Ann has ${i + 10} pens. She buys 3 more. How many pens does Ann have now?`,
      answer: `Now ${i + 10}+3 = <<${i + 10}+3=${i + 13}>>${i + 13}.\n#### ${i + 13}`,
    }),
  ).join('');

async function open(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByTestId('import-open').locator('summary').first().click();
  await expect(page.getByTestId('import')).toBeVisible();
}
async function paste(page: Page, text: string): Promise<void> {
  const box = page.getByTestId('import-text');
  if (!(await box.isVisible())) await page.getByTestId('import-drop').getByText('Paste rows').click();
  await box.fill(text);
  await page.getByTestId('import-paste').click();
}
const file = (page: Page, name: string, content: string | Buffer) =>
  page.getByTestId('import-file').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) });

test('a file becomes a task: shape, counts, lists, preview, another mapping, use', async ({ page, served }) => {
  const { url } = await served();
  await open(page, url);
  await expect(page.getByTestId('policy-facts')).toBeVisible({ timeout: 30_000 });
  const bad = `{"question": "broken\n${line({ question: 'Why?', answer: 'No answer here.' })}${sums(1)}`;
  const far = line({ question: 'Let $f(x)=\\frac{x^2}{2}$ be continuous. Find $f(4)$.', answer: 'It is $f(4)=8$.\n#### 8' });
  await file(page, 'sums.jsonl', far + sums(12) + bad);
  const result = page.getByTestId('import-result');
  await expect(result).toHaveAttribute('data-shape', 'gsm8k', { timeout: 20_000 });
  await expect(page.getByTestId('import-counts')).toContainText('13 problems of 16 rows');
  await expect(page.getByTestId('import-beyond')).toContainText('1 of');
  await page.getByTestId('reason-unreadable').locator('summary').click();
  await expect(page.getByTestId('reason-unreadable')).toContainText('14');
  await expect(page.getByTestId('reason-no-gold')).toContainText('no usable gold answer');
  // Formulas are set, calculator notes are gone.
  await expect(page.getByTestId('import-preview').locator('.katex').first()).toBeVisible();
  await expect(page.getByTestId('import-preview')).not.toContainText('<<');
  const download = page.waitForEvent('download');
  await page.getByTestId('import-list').click();
  expect((await download).suggestedFilename()).toBe('rows-listed.csv');

  // Another mapping: the file is read again by it; one that gives nothing is said, and the rows stay.
  await page.getByTestId('read-gold').selectOption('stated');
  // The menu shows how the rows shown were read: the new reading is there when they are.
  await expect(page.getByTestId('read-gold')).toHaveValue('stated');
  await expect(page.getByTestId('import-counts')).toContainText('13 problems of 16 rows');
  await page.getByTestId('import-shape').selectOption('aime');
  await expect(page.getByTestId('import-failure')).toContainText('does not have the columns of AIME');
  await expect(page.getByTestId('import-counts')).toContainText('13 problems');
  const { violations } = await new AxeBuilder({ page }).include('[data-testid="import"]').analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);

  await page.getByTestId('import-name').fill('Sums of pens');
  await page.getByTestId('import-use').click();
  await expect(page.getByTestId('import-done')).toContainText('Sums of pens is the task now', { timeout: 20_000 });
  await expect(page.getByTestId('problem-question')).toContainText('pens');
});

test('bad input is said with its line, runs nothing, and loses nothing', async ({ page, served }) => {
  const { url } = await served();
  await open(page, url);
  const script = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  const text = line({
    id: script,
    question: `\u202e${script} שלום $\\href{javascript:document.title=3}{x}$`,
    gold: '$<b>1</b>$',
    expert: script,
    family: script,
  });
  await paste(
    page,
    text +
      line({ question: 'Deep', gold: '1', expert: `$${'\\frac{'.repeat(400)}1${'}{2}'.repeat(400)}$` }) +
      line({ question: script, gold: '', expert: '' }),
  );
  await expect(page.getByTestId('import-counts')).toContainText('of 3 rows', { timeout: 20_000 });
  await expect(page.getByTestId('import-preview')).toContainText(script.slice(0, 20));
  await expect(page.getByTestId('import-preview')).toContainText('שלום');
  await page.getByTestId('reason-no-gold').locator('summary').click();
  expect(await page.getByTestId('import').locator('img, script, a[href], b').count()).toBe(0);
  expect(await page.title()).not.toMatch(/^[123]$/);

  for (const [name, content, words] of [
    ['latin.csv', Buffer.from('question,answer\nGr\xfcn?,1\n', 'latin1'), /latin\.csv, line 2: not UTF-8 text/],
    ['empty.jsonl', '', /empty\.jsonl is empty/],
    ['page.json', '<!doctype html><title>x</title>', /is a web page/],
    ['wide.csv', `${Array.from({ length: 1_000_000 }, () => 'a').join(',')}\n`, /1000000 columns/],
    ['broken.json', '{"data": [', /holds no rows|can be read/],
    ['bad.parquet', 'PAR1 and nothing else', /bad\.parquet has no readable table of contents/],
  ] as const) {
    await file(page, name, content);
    await expect(page.getByTestId('import-failure')).toContainText(words, { timeout: 20_000 });
    await expect(page.getByTestId('import-failure')).toContainText('What was imported before is still here');
    await expect(page.getByTestId('import-counts')).toContainText('of 3 rows');
  }
});

test('a large file is read off the page’s thread, with progress, and can be stopped', async ({ page, served }) => {
  const root = siteWith({ importPrelude: READS_HALF });
  const { url } = await served({ root });
  await open(page, url);
  await paste(page, sums(3));
  await expect(page.getByTestId('import-counts')).toContainText('3 problems', { timeout: 20_000 });
  // 100 MB that the page makes itself; every row is listed, none kept.
  await page.evaluate(() => {
    const row = `${JSON.stringify({ question: 'word '.repeat(200), answer: 'no gold' })}\n`;
    const part = new Blob(Array.from({ length: 1000 }, () => row));
    const large = new File(
      Array.from({ length: 100 }, () => part),
      'large.jsonl',
    );
    const transfer = new DataTransfer();
    transfer.items.add(large);
    const target = document.querySelector('[data-testid="import-drop"]')!;
    target.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  });
  await expect(page.getByTestId('import-progress')).toContainText(/MB of 1\d\d\.\d MB/, { timeout: 20_000 });
  await page.getByTestId('import-stop').click();
  await expect(page.getByTestId('import-failure')).toContainText('Stopped', { timeout: 30_000 });
  await expect(page.getByTestId('import-counts')).toContainText('3 problems');
  await paste(page, sums(4));
  await expect(page.getByTestId('import-counts')).toContainText('4 problems', { timeout: 20_000 });
  removeSite(root);
});

test('a data set of a Hub: listed, downloaded, its revision kept; nothing is asked before', async ({ page, served }) => {
  const asked: string[] = [];
  const handle = hubHandler(
    {
      'owner/sums': { files: { 'data/train.jsonl': sums(6), 'data/test.jsonl': sums(2) }, license: 'mit' },
      'owner/shut': { access: 'gated', files: { 'a.jsonl': sums(1) } },
    },
    '/hub',
  );
  const { url } = await served({
    also: (request, response) => {
      const answered = handle(request, response);
      if (answered) asked.push(request.url ?? '');
      return answered;
    },
  });
  await open(page, url);
  expect(asked).toEqual([]);
  await page.getByText('Revision and server').click();
  await page.getByTestId('hub-base').fill(`${url}hub`);
  await page.getByTestId('hub-name').fill('owner/sums');
  await page.getByTestId('hub-list').click();
  await expect(page.getByTestId('hub-file').locator('option')).toHaveText([/data\/train\.jsonl/, /data\/test\.jsonl/]);
  await page.getByTestId('hub-read').click();
  await expect(page.getByTestId('import-counts')).toContainText('6 problems', { timeout: 20_000 });
  expect(asked.filter((path) => path.includes('/resolve/')).every((path) => path.includes(REVISION))).toBe(true);

  await page.getByTestId('hub-name').fill('owner/shut');
  await page.getByTestId('hub-list').click();
  await page.getByTestId('hub-read').click();
  await expect(page.getByTestId('import-failure')).toContainText('owner/shut is gated');
  await page.getByTestId('hub-name').fill('owner/none');
  await page.getByTestId('hub-list').click();
  await expect(page.getByTestId('import-failure')).toContainText('does not exist, or it is private');
  await expect(page.getByTestId('import-counts')).toContainText('6 problems');
});

test('on a narrow screen nothing scrolls sideways', async ({ page, served }) => {
  const { url } = await served();
  await page.setViewportSize({ width: 380, height: 800 });
  await open(page, url);
  await paste(
    page,
    line({ question: `Q ${'x'.repeat(80)} $${'a+'.repeat(30)}b$`, gold: '1', expert: 'E', family: 'f'.repeat(90) }) + '{\n',
  );
  await expect(page.getByTestId('import-counts')).toContainText('1 problem', { timeout: 20_000 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(380);
});
