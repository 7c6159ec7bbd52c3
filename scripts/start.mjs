/** `npm start`: builds the page where its sources are newer than the last build, serves it and prints its address. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { serve } from './static-server.mjs';

const project = resolve(import.meta.dirname, '..');
const SOURCES = [
  'src',
  'workers',
  'public',
  'static-models',
  'scripts',
  'index.html',
  'vite.config.ts',
  'svelte.config.js',
  'package-lock.json',
];

/** @param {string} path */
function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  // A folder's own time changes when a file is deleted or renamed in it.
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), stat.mtimeMs);
}

/** @param {string} text */
function fail(text) {
  console.error(text);
  process.exit(2);
}

function options() {
  try {
    const { values } = parseArgs({
      options: { port: { type: 'string', default: '4173' }, host: { type: 'string', default: '127.0.0.1' }, help: { type: 'boolean' } },
    });
    if (values.help) {
      console.log('npm start [-- --port 4173] [--host 127.0.0.1]\nServes the page; a port in use: the next free one.');
      process.exit(0);
    }
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65535) fail(`--port ${values.port}: a number from 0 to 65535 is needed.`);
    return { port, host: values.host };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

const { port, host } = options();
const dist = join(project, 'dist');
const built = join(dist, 'service-worker.js'); // written last
const isBuilt = existsSync(built) && statSync(built).mtimeMs > Math.max(...SOURCES.map((name) => newest(join(project, name))));
if (!isBuilt) {
  console.log('Building the page …');
  await build({ root: project, logLevel: 'warn' });
}
const server = await serve({ root: dist, port, host });
console.log(`\n  Mind the Gap is at  ${server.url}\n\n  Stop with Ctrl+C.`);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void server.close().then(() => process.exit(0)));
