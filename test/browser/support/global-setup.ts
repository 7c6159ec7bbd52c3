import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { DIST, PROJECT } from './paths';

/** The test page is built here, in seconds; the page itself by `npm run build`. */
export default async function globalSetup(): Promise<() => void> {
  if (!existsSync(join(DIST, 'index.html'))) throw new Error('There is no built page to test: run `npm run build` first, or `npm test`.');
  await build({ configFile: resolve(PROJECT, 'test/browser/harness/vite.config.ts'), logLevel: 'warn' });
  // Busy processes beside the tests, to see the journeys on a slower machine.
  const busy = Array.from({ length: Number(process.env.LOAD ?? 0) }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  );
  return () => busy.forEach((one) => one.kill());
}
