import { defineConfig } from '@playwright/test';
import { ensureChromium } from './scripts/find-chromium.mjs';
import { LATE, PATIENCE } from './test/browser/support/conditions';

const executablePath = await ensureChromium();

/** What a Chromium without a sandbox of its own and without a way out needs to be quiet and repeatable. */
const args = ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-quic', '--no-first-run'];

/**
 * Tests of the built page: `npm run build` first (`npm test` does). *.webgpu.spec.ts get a software WebGPU adapter (SwiftShader: right, but
 * very slow); the others have no WebGPU at all, which is a case of its own.
 */
export default defineConfig({
  testDir: 'test/browser',
  outputDir: 'test-results',
  globalSetup: './test/browser/support/global-setup.ts',
  timeout: PATIENCE * 120_000,
  // Two browsers that compute share two cores with everything else: what takes a second alone may take ten.
  expect: { timeout: PATIENCE * 15_000 },
  workers: 2,
  // A test that fails now and then is a failure to look into.
  retries: 0,
  forbidOnly: !!process.env.CI,
  reporter: [['list']],
  // Not traced: tracing evaluates in the page, which the browser takes for the reader's own action (`--trace on` to look at one test).
  use: { browserName: 'chromium', trace: 'off' },
  projects: [
    { name: 'chromium', testIgnore: '**/*.webgpu.spec.ts', use: { launchOptions: { executablePath, args, slowMo: LATE } } },
    {
      name: 'webgpu',
      testMatch: '**/*.webgpu.spec.ts',
      use: { launchOptions: { executablePath, args: [...args, '--enable-unsafe-webgpu'], slowMo: LATE } },
    },
  ],
});
