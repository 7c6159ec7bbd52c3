/** onnxruntime-web from our own files, in a module worker of a built page, wherever it is served. */
import { ISOLATION_HEADERS } from '../../scripts/headers.mjs';
import { expect, test } from './support/fixtures';
import { HARNESS } from './support/paths';

for (const kind of ['wasm', 'webgpu'] as const) {
  test(`the ${kind} bundle runs a session on its CPU provider with 2 threads where the page is isolated`, async ({ page, served }) => {
    const { url } = await served({ root: HARNESS, headers: ISOLATION_HEADERS });
    await page.goto(url);
    const reply = await page.evaluate((kind) => bench.ort({ kind, threads: 2 }), kind);
    expect(reply).toEqual({ value: 64, threads: 2, isolated: true });
  });
}

test('without isolation it runs on one thread, under a path of a host that serves only files', async ({ page, served }) => {
  const { url } = await served({ root: HARNESS, base: '/some/where/', headers: false });
  await page.goto(url);
  const reply = await page.evaluate(() => bench.ort({ kind: 'wasm', threads: 2 }));
  expect(reply).toEqual({ value: 64, threads: 1, isolated: false });
});

test('without WebGPU the provider refuses with an error instead of hanging', async ({ page, served }) => {
  const { url } = await served({ root: HARNESS });
  await page.goto(url);
  const reply = await page.evaluate(() => bench.ort({ kind: 'webgpu', provider: 'webgpu' }));
  expect(reply).toHaveProperty('error');
});
