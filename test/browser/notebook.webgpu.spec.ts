/** The page on WebGPU, with a policy small enough for a software adapter: choice of backend, one candidate, a device that is lost. */
import type { Page } from '@playwright/test';
import { allow, expect, test } from './support/fixtures';
import { microFolder, removeSite, siteWith } from './support/site';

declare global {
  /** In the policy worker: what happened to each graphics device that it asked for. */
  var devices: { device: GPUDevice; lost: string | null }[];
}

/** Remembers devices, and lets the software adapter pass for a real one, which the comparison with WASM would otherwise leave out. */
const PRELUDE = `
  globalThis.devices = [];
  const requestDevice = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...args) {
    const device = await requestDevice.apply(this, args);
    const entry = { device, lost: null };
    device.lost.then(({ reason }) => (entry.lost = reason));
    devices.push(entry);
    return device;
  };
  Object.defineProperty(GPUAdapterInfo.prototype, 'isFallbackAdapter', { get: () => false });
`;
const SMALL = '#policy=micro&problems=2&k=1&epochs=1&batch=2&testProblems=1&runs=1';

let site: string;
test.beforeAll(() => (site = siteWith({ policies: { micro: microFolder() }, workerPrelude: PRELUDE })));
test.afterAll(() => removeSite(site));

const policyWorker = (page: Page) => page.workers().find((worker) => worker.url().includes('policy.worker'))!;
const losses = (page: Page) => policyWorker(page).evaluate(() => devices.map(({ lost }) => lost));
const backend = (page: Page, name: string) =>
  expect(page.getByTestId('backend')).toHaveAttribute('data-backend', name, { timeout: 60_000 });

test('a candidate is sampled and kept on WebGPU; the device goes with its policy; a lost one is replaced by WASM', async ({
  page,
  served,
}) => {
  allow(300_000);
  const { url } = await served({ root: site });
  await page.goto(`${url}${SMALL}&backend=webgpu`);
  await backend(page, 'webgpu');
  await page.getByTestId('try-sample').click();
  await expect(page.getByTestId('try-answer').locator('.token').first()).toBeVisible({ timeout: 120_000 });
  await page.getByTestId('rewrite-start').click();
  await expect(page.getByTestId('latest-candidate').first()).toBeVisible({ timeout: 120_000 });
  await expect(page.getByTestId('status-rewriting')).toHaveAttribute('data-status', 'done', { timeout: 120_000 });
  await backend(page, 'webgpu');

  await page.getByTestId('backend-choice').selectOption('wasm');
  await backend(page, 'wasm');
  await expect.poll(() => losses(page)).toEqual(['destroyed']);

  await page.getByTestId('backend-choice').selectOption('webgpu');
  await backend(page, 'webgpu');
  // As when the driver is reset: the next run finds no device, and its work is done on WASM instead.
  await policyWorker(page).evaluate(() => devices.at(-1)!.device.destroy());
  await page.getByTestId('try-sample').click();
  await backend(page, 'wasm');
  await expect(page.getByTestId('notice-webgpu')).toContainText('The graphics device was lost');
  await expect(page.getByTestId('notice-webgpu')).toContainText('WASM');
  await expect(page.getByTestId('try-answer').locator('.token').first()).toBeVisible({ timeout: 60_000 });
});

test('WASM first, then both are measured, the faster stays, and a reload remembers', async ({ page, served }) => {
  allow(300_000);
  const { url } = await served({ root: site });
  await page.goto(url + SMALL);
  await backend(page, 'wasm');
  const measured = page.getByTestId('measured');
  await expect(measured).toContainText(/WASM .* tokens\/s .*WebGPU .* tokens\/s .* times as fast/, { timeout: 240_000 });
  const words = await measured.innerText();
  const faster = /^.*(WASM|WebGPU): [\d.]+ times as fast/s.exec(words)![1]!.toLowerCase();
  await backend(page, faster);
  // The device of the slower one is gone.
  if (faster === 'wasm') await expect.poll(() => losses(page)).toEqual(['destroyed']);

  await page.reload();
  await expect(measured).toContainText('times as fast', { timeout: 60_000 });
  expect(await measured.innerText()).toBe(words);
  await backend(page, faster);
  await page.getByTestId('backend-choice').selectOption('webgpu');
  await backend(page, 'webgpu');
});
