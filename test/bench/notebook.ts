/** The built notebook in a browser profile of its own, as a reader opens it, with a witness in the page that notes times. */
import { mkdtemp, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { build } from 'vite';
import { ensureChromium } from '../../scripts/find-chromium.mjs';
import { serve } from '../../scripts/static-server.mjs';
import { CHROMIUM_ARGS } from './chromium';
import { PROJECT, SITE } from './paths';

export interface Witness {
  /** Milliseconds from the start of the navigation until an answer could be asked for, and until its first token was there. */
  ready: number | null;
  token: number | null;
  /** Main-thread tasks over 50 ms, with whether training was running. */
  longTasks: { start: number; duration: number; training: boolean }[];
}

declare global {
  var witness: Witness;
  var witnessSamples: boolean;
}

export const witnessOf = (page: Page): Promise<Witness> => page.evaluate(() => globalThis.witness);

export interface Site {
  url: string;
  /** Files sent so far, in order. */
  sent: string[];
  close(): Promise<void>;
}

let built: Promise<unknown> | null = null;

/** Builds the notebook once and serves it. */
export async function serveNotebook(): Promise<Site> {
  built ??= build({
    configFile: join(PROJECT, 'vite.config.ts'),
    root: PROJECT,
    logLevel: 'warn',
    build: { outDir: SITE, emptyOutDir: true },
  });
  await built;
  const sent: string[] = [];
  const { url, close } = await serve({ root: SITE, served: (path) => void sent.push(path) });
  return { url, sent, close };
}

export interface Visit {
  context: BrowserContext;
  /** A new tab, already on its way. */
  open(url: string, sample: boolean): Promise<Page>;
  close(): Promise<void>;
}

/** A fresh profile on disk, so that the browser keeps compiled code between visits as it does for a reader. */
export async function freshProfile({ serviceWorkers = true } = {}): Promise<Visit> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-profile-'));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: await ensureChromium(),
    args: CHROMIUM_ARGS,
    serviceWorkers: serviceWorkers ? 'allow' : 'block',
  });
  return {
    context,
    async open(url, sample) {
      const page = await context.newPage();
      page.setDefaultTimeout(0);
      await page.addInitScript((sample) => void (globalThis.witnessSamples = sample), sample);
      await page.addInitScript({ path: join(import.meta.dirname, 'page/witness.js') });
      await page.goto(url);
      return page;
    },
    async close() {
      await context.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Seconds from navigation until an answer could be asked for, and until its first token was on the page. */
export async function firstToken(page: Page): Promise<{ ready: number; token: number }> {
  await page.waitForFunction(() => globalThis.witness.token !== null, null, { timeout: 120_000 });
  const { ready, token } = await witnessOf(page);
  return { ready: ready! / 1000, token: token! / 1000 };
}

const COMPRESSED = new Set(['.css', '.html', '.js', '.json', '.md', '.mjs', '.svg', '.wasm', '.webmanifest']);
const sizes = new Map<string, number>();

/** Bytes over the wire at a host that compresses by gzip -9 what hosts compress by type; the weights (.safetensors) go as they are. */
export function compressedSize(path: string): number {
  let size = sizes.get(path);
  if (size === undefined) {
    const bytes = readFileSync(path);
    size = COMPRESSED.has(extname(path)) ? gzipSync(bytes, { level: 9 }).length : bytes.length;
    sizes.set(path, size);
  }
  return size;
}
