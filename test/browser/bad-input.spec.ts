/** What a browser may lack and what a policy folder may get wrong: each is a sentence on the page, and the page goes on with what it has. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures';
import { DIST } from './support/paths';
import { microFolder, removeSite, siteWith, type SiteOptions } from './support/site';

const SMALL = 'problems=2&k=1&epochs=1&batch=2&testProblems=1&runs=1&backend=wasm&threads=1';
const sites: string[] = [];
test.afterAll(() => sites.forEach(removeSite));

function site(options: SiteOptions): string {
  const root = siteWith(options);
  sites.push(root);
  return root;
}

/** The micro policy's folder with one file changed, or left out. */
function broken(name: string, change: (bytes: Uint8Array) => Uint8Array | null): Map<string, Uint8Array> {
  const folder = microFolder();
  const changed = change(folder.get(name)!);
  if (changed) folder.set(name, changed);
  else folder.delete(name);
  return folder;
}

function configWith(change: Record<string, unknown>): Map<string, Uint8Array> {
  return broken('config.json', (bytes) => {
    const config = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    return new TextEncoder().encode(JSON.stringify({ ...config, ...change }));
  });
}

/** What needs no model still works: the first picture, the problems, what is stored. */
async function goesOn(page: Page): Promise<void> {
  await page.getByTestId('gap-slider').fill('0');
  await expect(page.getByTestId('gap-ess')).toContainText('100');
  await expect(page.getByTestId('problem-question')).toContainText('gold answer');
  await expect(page.getByTestId('run-all-start')).toBeDisabled();
}

const FOLDERS: [name: string, folder: () => Map<string, Uint8Array>, sentence: RegExp][] = [
  ['missing-config', () => broken('config.json', () => null), /has no config\.json.*A policy folder needs/],
  ['missing-weights', () => broken('model.safetensors', () => null), /has no model\.safetensors.*A policy folder needs/],
  ['missing-tokenizer', () => broken('tokenizer.json', () => null), /has no tokenizer\.json.*A policy folder needs/],
  [
    'truncated-weights',
    () => broken('model.safetensors', (bytes) => bytes.slice(0, -100)),
    /model\.safetensors is cut short.*Load it again/,
  ],
  [
    'truncated-config',
    () => broken('config.json', (bytes) => bytes.slice(0, 40)),
    /config\.json is not valid JSON.*Save the policy folder/,
  ],
  ['wrong-shape', () => configWith({ intermediate_size: 48 }), /The tensor .* has shape .*config\.json asks for .*from the same folder/],
  ['other-architecture', () => configWith({ model_type: 'gpt2', architectures: ['GPT2LMHeadModel'] }), /GPT2LMHeadModel.*not supported/],
];

test('a policy folder that is wrong is named with what is wrong and what to do; a good one can be loaded after it', async ({
  page,
  served,
}) => {
  const policies = Object.fromEntries([['micro', microFolder()], ...FOLDERS.map(([name, folder]) => [name, folder()] as const)]);
  const { url } = await served({ root: site({ policies: policies }) });
  for (const [name, , sentence] of FOLDERS) {
    await page.goto('about:blank');
    await page.goto(`${url}#policy=${name}`);
    await expect(page.getByTestId('failure-policy'), name).toContainText(sentence, { timeout: 30_000 });
    await goesOn(page);
  }
  await page.goto('about:blank');
  await page.goto(`${url}#policy=micro&${SMALL}`);
  await expect(page.getByTestId('policy-facts')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByTestId('failure-policy')).toBeHidden();
});

test.describe('with the bundled policy', () => {
  test.skip(!existsSync(join(DIST, 'static-models/base/model.safetensors')), 'no weights of the bundled policy in static-models/base');

  async function rewrites(page: Page): Promise<void> {
    await page.getByTestId('rewrite-start').click();
    await expect(page.getByTestId('status-rewriting')).toHaveAttribute('data-status', 'done', { timeout: 90_000 });
  }

  for (const [name, workerPrelude] of [
    ['is missing', `Object.defineProperty(globalThis, 'indexedDB', { value: undefined });`],
    [
      'refuses to open, as in private windows',
      `IDBFactory.prototype.open = () => { throw new DOMException('denied', 'InvalidStateError'); };`,
    ],
  ] as const) {
    test(`an IndexedDB that ${name}: everything runs, in this tab only, and the page says so`, async ({ page, served }) => {
      const { url } = await served({ root: site({ workerPrelude }) });
      await page.goto(`${url}#${SMALL}`);
      await expect(page.getByTestId('policy-facts')).toBeVisible({ timeout: 60_000 });
      await expect(page.getByTestId('notice-memory-only')).toContainText(/reload|tab/);
      await rewrites(page);
      await expect(page.getByText('kept in this tab only')).toBeVisible({ timeout: 15_000 });
    });
  }

  test('no WebGPU: said, and WASM is used; asking for WebGPU in the address is answered', async ({ page, served }) => {
    const root = site({ workerPrelude: `Reflect.deleteProperty(WorkerNavigator.prototype, 'gpu');` });
    await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'gpu'));
    const { url } = await served({ root });
    await page.goto(`${url}#${SMALL.replace('backend=wasm', 'backend=webgpu')}`);
    await expect(page.getByTestId('backend')).toHaveAttribute('data-backend', 'wasm', { timeout: 60_000 });
    await expect(page.getByTestId('note-webgpu')).toContainText('has no WebGPU');
    await expect(page.getByTestId('notice-webgpu')).toContainText('The policy runs on WASM instead');
    await expect(page.getByTestId('backend-choice').locator('option[value="webgpu"]')).toBeDisabled();
  });

  test('a host without headers: everything runs, on as many threads', async ({ page, served }) => {
    const { url } = await served({ headers: false });
    await page.goto(`${url}#${SMALL.replace('threads=1', 'threads=4')}`);
    await expect(page.getByTestId('backend')).toContainText('4 threads', { timeout: 60_000 });
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    await rewrites(page);
  });
});
