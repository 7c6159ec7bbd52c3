/**
 * Runs before `npm start` and `npm test`: says plainly when Node is too old, and installs what package-lock.json lists where it is not
 * there yet. Needs nothing but Node itself.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const project = resolve(import.meta.dirname ?? '.', '..');
const NEEDED = [20, 19];

/** @param {string} version such as '20.19.0' */
export function nodeIsNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

/**
 * What of package-lock.json is missing in node_modules or there in another version. Compared by content, since a checkout changes file times.
 * Packages for other platforms are optional and may be absent.
 *
 * @param {{packages: Record<string, {version?: string, optional?: boolean, link?: boolean}>}} lock package-lock.json
 * @param {typeof lock | null} installed node_modules/.package-lock.json
 * @returns {string[]} package names
 */
export function missingPackages(lock, installed) {
  return Object.entries(lock.packages)
    .filter(([path, wanted]) => {
      if (path === '' || wanted.link) return false;
      const present = installed?.packages[path];
      return present ? present.version !== wanted.version : !wanted.optional;
    })
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
}

/** @param {string} path */
function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

function main() {
  if (!nodeIsNewEnough(process.versions.node)) {
    console.error(
      `This project needs Node ${NEEDED.join('.')} or newer; this is Node ${process.versions.node}. Get one from https://nodejs.org.`,
    );
    return 1;
  }
  const lock = readJson(join(project, 'package-lock.json'));
  if (!lock) {
    console.error('package-lock.json is missing: this is not a whole copy of the project. Clone it again.');
    return 1;
  }
  const missing = missingPackages(lock, readJson(join(project, 'node_modules/.package-lock.json')));
  if (missing.length === 0) return 0;

  console.log(`Installing packages (${missing.length} missing or outdated); this happens once and takes a minute or two.`);
  // npm tells its scripts where it is; without it (run by hand) it is looked up in the path.
  const cli = process.env.npm_execpath;
  const [command, args] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
  const { status, error } = spawnSync(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: project,
    stdio: 'inherit',
    shell: command === 'npm' && process.platform === 'win32',
  });
  if (status === 0) return 0;
  console.error(
    `Installing failed${error ? ` (${error.message})` : ''}. Check the connection to the npm registry and run the command again.`,
  );
  return 1;
}

if (process.argv[1] && resolve(process.argv[1]) === resolve(import.meta.filename ?? '')) process.exitCode = main();
