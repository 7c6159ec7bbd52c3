import { cpSync, existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { FAST, startLoad } from './conditions';
import { guessingFolder } from './guessing';
import { BUILT, DIST, PROJECT } from './paths';
import { addPolicies, renewVersion } from './site';

/** The test page is built here, in seconds; the page itself by `npm run build`. */
export default async function globalSetup(): Promise<() => void> {
  if (!existsSync(join(BUILT, 'index.html'))) throw new Error('There is no built page to test: run `npm run build` first, or `npm test`.');
  await build({ configFile: resolve(PROJECT, 'test/browser/harness/vite.config.ts'), logLevel: 'warn' });
  if (FAST) {
    rmSync(DIST, { recursive: true, force: true });
    cpSync(BUILT, DIST, { recursive: true });
    addPolicies(DIST, { base: guessingFolder() });
    renewVersion(DIST);
  }
  return startLoad();
}
