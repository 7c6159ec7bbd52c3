/**
 * A Chromium for the browser tests: one named by CHROMIUM_PATH or PLAYWRIGHT_CHROMIUM, one of the system, Debian's package where this runs as
 * root under CI, else Playwright's own download.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  join(process.env.PROGRAMFILES ?? 'C:\\Program Files', 'Google\\Chrome\\Application\\chrome.exe'),
];

const isExecutable = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Path of a Chromium that is already here, or null. */
export function findChromium(env = process.env) {
  const named = env.CHROMIUM_PATH || env.PLAYWRIGHT_CHROMIUM;
  if (named) {
    if (!isExecutable(named)) throw new Error(`CHROMIUM_PATH or PLAYWRIGHT_CHROMIUM names ${named}, which is not an executable file.`);
    return named;
  }
  const inPath = (env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...inPath, ...ELSEWHERE].find((path) => existsSync(path) && isExecutable(path)) ?? null;
}

const run = (command, args) => spawnSync(command, args, { stdio: 'inherit' }).status === 0;

/**
 * The same, installing one if there is none.
 * @returns {Promise<string>} its path
 * @throws with a sentence that says what to do
 */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  if (process.env.CI && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('No Chromium here: installing the package of the system.');
    const noninteractive = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
    const install = () => run(noninteractive[0], [...noninteractive.slice(1), 'install', '-y', '--no-install-recommends', 'chromium']);
    if (install() || (run('apt-get', ['update']) && install())) {
      const installed = findChromium();
      if (installed) return installed;
    }
  }
  const { chromium } = await import('playwright');
  if (existsSync(chromium.executablePath())) return chromium.executablePath();
  console.log("No Chromium here: downloading Playwright's own.");
  const cli = join(import.meta.dirname, '../node_modules/playwright/cli.js');
  if (run(process.execPath, [cli, 'install', 'chromium']) && existsSync(chromium.executablePath())) return chromium.executablePath();
  throw new Error('No Chromium was found and none could be installed. Install Chromium or Chrome, or set CHROMIUM_PATH to one.');
}
