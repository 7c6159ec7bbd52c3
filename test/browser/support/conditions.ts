/**
 * The same journeys on other machines, by environment variables; each alone or together, for the whole suite or one file:
 *
 *   FAST=1 npm test -- browser       the work takes a twentieth of its time: a policy that guesses in eight tokens stands in for the bundled one
 *   LATE=300 npm test -- browser     each action and each look of a journey comes so many milliseconds late, as if everything else were faster
 *   THROTTLE=4 npm test -- browser   the page's own thread is so many times slower, and its workers are not
 *   LOAD=2 npm test -- browser       so many busy processes run beside the tests
 *
 * A journey that waits for a moment which may be missed fails under the first three; one that is short of time fails under the others.
 * A single file: `npm run build`, then `FAST=1 npx playwright test test/browser/notebook.spec.ts --workers=1`.
 */
import { spawn } from 'node:child_process';
import type { BrowserContext, Page } from '@playwright/test';

const amount = (name: string): number => {
  const text = process.env[name] ?? '0';
  const value = Number(text);
  if (!(value >= 0)) throw new Error(`${name}=${text}: give a number, such as ${name}=2, or leave it out.`);
  return value;
};
export const FAST = amount('FAST') > 0;
export const LATE = amount('LATE');
const THROTTLE = amount('THROTTLE');
const LOAD = amount('LOAD');
/** How much longer a test may take. */
export const PATIENCE = LATE > 0 || THROTTLE > 1 || LOAD > 0 ? 4 : 1;

/** @returns what ends them */
export function startLoad(): () => void {
  const busy = Array.from({ length: LOAD }, () => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
  return () => busy.forEach((one) => one.kill());
}

/** Slows the threads of this context's pages, those that are still to come. */
export function throttle(context: BrowserContext): void {
  if (THROTTLE <= 1) return;
  const slow = async (page: Page): Promise<void> => {
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });
  };
  // A page that is closed at once needs no slowing.
  context.on('page', (page) => void slow(page).catch((error: unknown) => page.isClosed() || Promise.reject(error as Error)));
}
