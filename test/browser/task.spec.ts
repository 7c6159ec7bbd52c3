/** Own tasks on the page: a task file opened, run and edited, the shipped example, and files that are no task. */
import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures';

const SMALL = 'problems=24&k=4&epochs=1&batch=8&testProblems=2&runs=1&backend=wasm&threads=1';
const letters = readFileSync(new URL('../../public/tasks/letters.json', import.meta.url), 'utf8');

interface Task {
  id: string;
  name: string;
  description: string;
  sets: { id: string; rows: { id: string; question: string }[] }[];
  testSets: string[];
}

async function openPanel(page: Page): Promise<void> {
  await page.getByTestId('task-open').getByText('Work on another task').click();
  await expect(page.getByTestId('task-panel')).toBeVisible();
}

async function openFile(page: Page, text: string, name = 'task.json'): Promise<void> {
  await page.getByTestId('task-import').setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
}

async function savedText(page: Page): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('task-export').click()]);
  return readFileSync(await download.path(), 'utf8');
}

/** The example under another name, with twelve training rows and one test set: a reader's own file. */
function ownTask(): string {
  const task = JSON.parse(letters) as Task;
  const sets = task.sets.filter(({ id }) => id === 'train' || id === 'hard');
  sets[0]!.rows = sets[0]!.rows.slice(0, 12);
  return JSON.stringify({ ...task, id: 'words', name: 'Words <b>of</b> mine', sets, testSets: ['hard'] });
}

test('a task file is opened, chosen, rewritten in its stages, evaluated on its own test sets, and still there after a reload', async ({
  page,
  served,
}) => {
  const { url } = await served();
  await page.goto(`${url}#${SMALL}&policy=letters`);
  await expect(page.getByTestId('policy-facts')).toBeVisible({ timeout: 30_000 });
  await openPanel(page);
  await openFile(page, ownTask());
  await expect(page.getByTestId('task-said')).toContainText('“Words <b>of</b> mine” is stored');
  await expect(page.getByTestId('fewer-problems')).toContainText('12 training problems');
  await expect(page.getByTestId('voice-own')).toHaveCount(0);
  await expect(page.getByTestId('problem-question')).toContainText(/Write|Replace|Sort|Give/);

  await page.getByTestId('rewrite-start').click();
  await expect(page.locator('#rewriting [data-status=done]')).toBeVisible({ timeout: 60_000 });
  const cells = page.getByTestId('problem-grid').getByRole('button');
  await expect(cells).toHaveCount(12);
  // The rewriting is done before the last squares are drawn: they are drawn at most five times a second.
  const shown = () => cells.evaluateAll((buttons) => buttons.map((button) => button.getAttribute('data-stage')));
  await expect.poll(shown).not.toContain(null);
  const stages = await shown();
  expect(new Set(stages)).toEqual(new Set(['self', 'guided', 'fallback']));

  await page.getByTestId('evaluate-base-start').click();
  await expect(page.getByTestId('status-evaluate-base')).toHaveAttribute('data-status', 'done', { timeout: 60_000 });
  await expect(page.getByTestId('evaluation-table').locator('thead th')).toHaveText(['Policy', 'hard', 'average', '− start', 'State']);

  await page.reload();
  await expect(page.getByTestId('problem-grid').getByRole('button')).toHaveCount(12);
  await expect(page.locator('#rewriting [data-status=done]')).toBeVisible({ timeout: 60_000 });
  await expect.poll(shown).toEqual(stages);

  // Results of the task stay with it: the built-in world begins empty, and the way back finds them.
  await openPanel(page);
  await page.getByTestId('task-choice').selectOption('hands');
  await expect(page.getByTestId('voice-own')).toBeVisible();
  await expect(page.locator('#rewriting [data-status=done]')).toHaveCount(0);
  await page.getByTestId('task-choice').selectOption({ label: 'Words <b>of</b> mine (76 rows)' });
  await expect(page.getByTestId('problem-grid').getByRole('button')).toHaveCount(12);
});

test('a task is edited and saved again equal: templates with their preview, grader, rows', async ({ page, served }) => {
  const { url } = await served();
  await page.goto(`${url}#${SMALL}`);
  await openPanel(page);
  await openFile(page, letters);
  await expect(page.getByTestId('task-said')).toContainText('is stored', { timeout: 30_000 });
  expect(await savedText(page)).toBe(letters);

  await page.getByTestId('task-edit').click();
  await page.getByTestId('task-name').fill('Letters, changed');
  await page.getByTestId('task-prompt-user').fill('{question} {oops');
  await expect(page.getByTestId('task-prompt-user-preview')).toContainText('never closed');
  await expect(page.getByTestId('task-problem')).toContainText('prompt.user is not a template');
  await expect(page.getByTestId('task-save')).toBeDisabled();
  await page.getByTestId('task-prompt-user').fill('Please: {question} {{}}');
  const first = (JSON.parse(letters) as Task).sets[0]!.rows[0]!;
  await expect(page.getByTestId('task-prompt-user-preview')).toHaveText(`Please: ${first.question} {}`);

  await page.getByTestId('grader-try-response').fill('The answer is NOPE.');
  await expect(page.getByTestId('grader-try-verdict')).toContainText('wrong');
  await page.getByTestId('grader-try-gold').fill('nope');
  await expect(page.getByTestId('grader-try-verdict')).toContainText('wrong');
  await page.getByTestId('grader-case').selectOption('any');
  await expect(page.getByTestId('grader-try-verdict')).toContainText('correct');

  await page.getByTestId('row-question').fill('Write <img src=x onerror=alert(1)> backwards.');
  await page.getByTestId('row-gold').fill('x');
  await page.getByTestId('row-add').click();
  await expect(page.getByTestId('task-rows')).toContainText('train-257');
  expect((await new AxeBuilder({ page }).include('[data-testid=task-panel]').analyze()).violations.map(({ id }) => id)).toEqual([]);
  await page.getByTestId('task-save').click();
  await expect(page.getByTestId('task-said')).toContainText('“Letters, changed” is saved');

  const changed = await savedText(page);
  const task = JSON.parse(changed) as Task & { prompt: { user: string }; grader: { options: Record<string, string> } };
  expect(task.name).toBe('Letters, changed');
  expect(task.prompt.user).toBe('Please: {question} {{}}');
  expect(task.grader.options['case']).toBe('any');
  expect(task.sets[0]!.rows.at(-1)).toMatchObject({ id: 'train-257', gold: 'x', expert: null });
  // What was saved is what is opened: the same task, not a second one.
  await openFile(page, changed);
  await expect(page.getByTestId('task-said')).toContainText('is stored');
  expect(await savedText(page)).toBe(changed);
  // The world at its three gaps, the example, and the task of the reader's own.
  await expect(page.getByTestId('task-choice').locator('option')).toHaveCount(5);

  await page.getByTestId('task-delete').click();
  await page.getByTestId('task-delete-yes').click();
  await expect(page.getByTestId('task-said')).toContainText('was deleted');
  await expect(page.getByTestId('task-choice')).toHaveValue('hands');
});

test('the example comes with its own policy', async ({ page, served }) => {
  const { url } = await served();
  await page.goto(`${url}#${SMALL}`);
  await openPanel(page);
  await page.getByTestId('task-choice').selectOption('example:letters');
  await expect(page.getByTestId('task-said')).toContainText('The notebook is about “Letters” now', { timeout: 30_000 });
  await expect(page.getByTestId('policy-facts')).toContainText('345 k');
  await expect(page).toHaveURL(/policy=letters&task=letters\.[0-9a-f]{16}/);
  // A reader who gets this address finds the example, stored or not.
  const other = await page.context().browser()!.newContext();
  const page2 = await other.newPage();
  await page2.goto(page.url());
  await expect(page2.getByTestId('evaluation-table').locator('thead th')).toContainText(['easy', 'middle', 'hard', 'longer']);
  await other.close();
});

test('what is no task is said with its place, and nothing is lost', async ({ page, served }) => {
  const { url } = await served();
  await page.goto(`${url}#${SMALL}&task=gone.0123456789abcdef`);
  await expect(page.getByTestId('note-task')).toContainText('There is no task “gone.0123456789abcdef” on this device');
  await expect(page.getByTestId('problem-question')).toContainText('gold answer');
  await openPanel(page);
  await openFile(page, ownTask());
  await expect(page.getByTestId('task-said')).toContainText('is stored', { timeout: 30_000 });
  const cases: [string, RegExp][] = [
    ['{"a":', /not valid JSON/],
    ['[]', /must be an object, not a list/],
    [letters.replace('"gold": "', '"gold": 5, "old": "'), /sets\[0\]\.rows\[0\] has a field “old” that is not known/],
    [letters.replace('mind-the-gap/task', 'other'), /this is not a task that was exported here/],
  ];
  for (const [text, message] of cases) {
    await openFile(page, text);
    await expect(page.getByTestId('task-failure')).toContainText(message);
  }
  await expect(page.getByTestId('task-choice')).toContainText('Words <b>of</b> mine');
  await page.setViewportSize({ width: 380, height: 800 });
  await page.getByTestId('task-edit').click();
  await expect(page.getByTestId('task-editor')).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});
