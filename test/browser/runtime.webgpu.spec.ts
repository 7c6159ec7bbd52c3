import { expect, test } from './support/fixtures';
import { HARNESS } from './support/paths';

test('the webgpu bundle runs a session on a software adapter', async ({ page, served }) => {
  const { url } = await served({ root: HARNESS });
  await page.goto(url);
  const reply = await page.evaluate(() => bench.ort({ kind: 'webgpu', provider: 'webgpu' }));
  expect(reply).toMatchObject({ value: 64 });
});
