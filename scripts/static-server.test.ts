import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from './static-server.mjs';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'served-'));
  mkdirSync(join(folder, 'site'));
  writeFileSync(join(folder, 'site/index.html'), '<p>here');
  writeFileSync(join(folder, 'secret.txt'), 'not to be seen');
});
afterAll(() => rmSync(folder, { recursive: true }));

test('serves under a path, with the content security policy, and nothing outside its folder', async () => {
  const server = await serve({ root: join(folder, 'site'), base: '/a/b/' });
  const page = await fetch(server.url);
  expect(await page.text()).toBe('<p>here');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect((await fetch(server.url, { headers: { 'If-None-Match': page.headers.get('etag') ?? '' } })).status).toBe(304);
  for (const path of ['..%2fsecret.txt', '%2e%2e/secret.txt', '..%5csecret.txt', '%', '../../secret.txt']) {
    expect((await fetch(server.url + path)).status).toBe(404);
  }
  expect((await fetch(server.url, { method: 'POST' })).status).toBe(405);
  await server.close();
});

test('a port in use: the next one', async () => {
  const first = await serve({ root: folder });
  const port = Number(new URL(first.url).port);
  const second = await serve({ root: folder, port });
  expect(Number(new URL(second.url).port)).toBeGreaterThan(port);
  await Promise.all([first.close(), second.close()]);
});
