/** Chromium for the bench: builds and serves the bench's page once, and opens it in a browser of its own for each row. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { build } from 'vite';
import { ensureChromium } from '../../scripts/find-chromium.mjs';
import { ISOLATION_HEADERS } from '../../scripts/headers.mjs';
import { serve } from '../../scripts/static-server.mjs';
import { loadPolicyFolder, POLICY_FILES } from '../../src/policy/folder';
import { createNodeRuntime } from '../../src/policy/runtime/node';
import type { BenchGlobal, WorkerName } from './page/main';
import { MODEL, MODELS, PAGE } from './paths';

export interface PageOptions {
  /** With WebGPU, on a software adapter where there is no other. */
  webgpu?: boolean;
}

/** A worker in the page. */
export interface Remote {
  call<T>(method: string, ...args: unknown[]): Promise<T>;
  close(): Promise<void>;
}

export interface BenchPage {
  page: Page;
  url: string;
  worker(name: WorkerName): Promise<Remote>;
  close(): Promise<void>;
}

/**
 * Memory is measured when asked for, not at the next garbage collection. BENCH_CHROMIUM_ARGS adds what a machine's graphics need
 * ('--use-angle=vulkan --enable-features=Vulkan' on many Linux machines).
 */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
  '--enable-blink-features=ForceEagerMeasureMemory',
  ...(process.env.BENCH_CHROMIUM_ARGS ?? '').split(' ').filter(Boolean),
];

type Page_ = { bench: BenchGlobal };

export async function openPage(url: string, { webgpu = false }: PageOptions = {}): Promise<BenchPage> {
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    args: [...CHROMIUM_ARGS, ...(webgpu ? ['--enable-unsafe-webgpu'] : [])],
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.goto(url);
    await page.waitForFunction(() => 'bench' in globalThis && crossOriginIsolated);
    const worker = async (name: WorkerName): Promise<Remote> => {
      const id = await page.evaluate((name) => (globalThis as unknown as Page_).bench.open(name), name);
      return {
        call: async <T>(method: string, ...args: unknown[]) =>
          (await page.evaluate(({ id, method, args }) => (globalThis as unknown as Page_).bench.call(id, method, args), {
            id,
            method,
            args,
          })) as T,
        close: () => page.evaluate((id) => (globalThis as unknown as Page_).bench.close(id), id),
      };
    };
    return { page, url, worker, close: () => browser.close() };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** The bundled policy with onnx/model.onnx, as Transformers.js loads it; below the served page, and read by Node as well. */
export async function exportModel(): Promise<void> {
  const files = new Map<string, Uint8Array>();
  for (const name of POLICY_FILES) files.set(name, new Uint8Array(await readFile(join(MODEL, name))));
  const policy = await loadPolicyFolder(files, createNodeRuntime(1), 'base');
  for (const [name, bytes] of await policy.exportFolder({ onnx: true })) {
    const path = join(MODELS, 'base', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
  await policy.dispose();
}

export interface Site {
  url: string;
  close(): Promise<void>;
}

/** Builds the bench's page and serves it, isolated so that threads are to be had. */
export async function servePage(): Promise<Site> {
  await build({ configFile: join(import.meta.dirname, 'page/vite.config.ts'), logLevel: 'warn' });
  await exportModel();
  return serve({ root: PAGE, headers: ISOLATION_HEADERS });
}
