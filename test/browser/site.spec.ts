/** The built page as a site: any path of any host, offline, nothing from elsewhere (the `trouble` fixture watches each test). */
import { expect, offlineReady, test } from './support/fixtures';

test('under a path of a host that can only serve files, the page comes up at once', async ({ page, served }) => {
  const { url } = await served({ base: '/somebody/mind-the-gap/', headers: false });
  let loads = 0;
  page.on('domcontentloaded', () => loads++);
  await page.goto(url);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await offlineReady(page);
  expect(loads).toBe(1);
});

test('offline after its first load, the page comes up and its worker answers', async ({ page, context, served }) => {
  const { url, close } = await served({ base: '/sub/' });
  await page.goto(url);
  await offlineReady(page);
  await context.setOffline(true);
  await close();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByTestId('policy-facts')).toBeVisible({ timeout: 30_000 });
  await page.getByTestId('try-sample').click();
  await expect(page.getByTestId('try-answer').locator('.token').first()).toBeVisible({ timeout: 30_000 });
});

test('every file that the page may ask for is in the build, and the policy forbids inline scripts', async ({ request, served }) => {
  const { url } = await served();
  const html = await (await request.get(url)).text();
  expect(html).toContain('http-equiv="Content-Security-Policy"');
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
  for (const [, address] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
    expect(address, 'addresses are relative').toMatch(/^\.\//);
    expect((await request.get(new URL(address!, url).href)).status(), address).toBe(200);
  }
  expect((await request.get(`${url}service-worker.js`)).status()).toBe(200);
  expect(await (await request.get(`${url}manifest.webmanifest`)).json()).toMatchObject({ start_url: './' });
});
