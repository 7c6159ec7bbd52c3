/**
 * `test` with a server and a guard: `served` starts a static server for the test; a request to any other origin fails the test, and so does
 * an error that no one caught in the page.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test as base, type Page } from '@playwright/test';
import { serve } from '../../../scripts/static-server.mjs';
import { PATIENCE, throttle } from './conditions';
import { DIST } from './paths';

export { expect } from '@playwright/test';

export interface ServeOptions {
  root?: string;
  base?: string;
  /** false: a host that can only serve files. */
  headers?: boolean | Record<string, string>;
  /** Answers a request before any file does; says whether it did. */
  also?: (request: IncomingMessage, response: ServerResponse) => boolean;
}
export type Server = Awaited<ReturnType<typeof serve>>;

interface Fixtures {
  /** A server of the built page (or of `root`), closed after the test. */
  served: (options?: ServeOptions) => Promise<Server>;
  /** Uncaught errors and requests to other origins; checked to be empty after the test. A test that provokes one empties it. */
  trouble: string[];
}

export const test = base.extend<Fixtures>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads a fixture's dependencies from the pattern
  served: async ({}, use) => {
    const servers: Server[] = [];
    await use(async (options = {}) => {
      const server = await serve({ root: DIST, ...options });
      servers.push(server);
      return server;
    });
    await Promise.all(servers.map((server) => server.close()));
  },

  trouble: [
    async ({ context }, use) => {
      throttle(context);
      const trouble: string[] = [];
      context.on('request', (request) => {
        const { protocol, hostname } = new URL(request.url());
        if (protocol.startsWith('http') && hostname !== 'localhost') trouble.push(`a request to another origin: ${request.url()}`);
      });
      context.on('weberror', (error) => trouble.push(`an uncaught error: ${error.error().stack ?? error.error().message}`));
      context.on('console', (message) => {
        if (message.text().includes('Content Security Policy')) trouble.push(message.text());
      });
      await use(trouble);
      base.expect(trouble).toEqual([]);
    },
    { auto: true },
  ],
});

/** How long a test, or a file's tests, may take on this machine; longer where it is made slower. */
export const allow = (milliseconds: number): void => test.setTimeout(PATIENCE * milliseconds);

/** Resolves when the service worker controls the page and every file that it keeps for offline use is there (Chromium has relaxed SIMD). */
export async function offlineReady(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const kept = async (): Promise<string[]> => {
    const code = await (await fetch('service-worker.js')).text();
    const manifest = JSON.parse(/\{"version".*?\]\]\}/s.exec(code)![0]) as { version: string; files: [string, string, string][] };
    const { pathname } = new URL('./', document.baseURI);
    const cache = await caches.open(`mind-the-gap ${pathname} ${manifest.version}`);
    const present = new Set((await cache.keys()).map(({ url }) => decodeURIComponent(new URL(url).pathname).slice(pathname.length)));
    return manifest.files.filter(([path, , phase]) => !['use', 'fill-plain'].includes(phase) && !present.has(path)).map(([path]) => path);
  };
  await base.expect.poll(() => page.evaluate(kept), { message: 'files not kept yet', timeout: 30_000 }).toEqual([]);
}
