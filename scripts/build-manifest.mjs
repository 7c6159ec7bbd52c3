/**
 * What the service worker needs to know of a build: each file with its SHA-256, and when to fetch it. Written into service-worker.js, so
 * that any change of any file is a change of the worker, which is how a browser notices a new version.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** In the built worker's code; the build replaces it with the manifest. */
export const MANIFEST_MARK = '__BUILD_MANIFEST__';
const WORKER = 'service-worker.js';

/**
 * 'install': before the worker takes over. 'fill': soon after the first load, in the background; 'fill-fused' and 'fill-plain': so much of it where WebAssembly
 * has relaxed SIMD, or has not. 'use': when the page asks for it (the
 * WebGPU runtime, 27 MB, and the example tasks with their policies, which many never need).
 *
 * @param {string} path
 */
export function phase(path) {
  if (/ort-wasm-simd-threaded\.(asyncify|jspi|jsep)/.test(path)) return 'use';
  if (path.startsWith('tasks/') || (path.startsWith('static-models/') && !path.startsWith('static-models/base/'))) return 'use';
  if (/ort-wasm-simd-threaded\.fused/.test(path)) return 'fill-fused';
  if (/ort-wasm-simd-threaded\.plain/.test(path)) return 'fill-plain';
  if (path.startsWith('static-models/') || path.includes('ort-wasm-simd-threaded') || path.includes('ort-image')) return 'fill';
  return 'install';
}

const isServed = (path) => path !== WORKER && path !== '_headers' && !path.endsWith('.map');

/**
 * @param {string} root
 * @returns {{version: string, files: [path: string, sha256: string, phase: string][]}} paths relative to the build's root, sorted
 */
export function buildManifest(root) {
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/').replace(/^\/+/, ''))
    .filter(isServed)
    .sort()
    .map((path) => [
      path,
      createHash('sha256')
        .update(readFileSync(join(root, path)))
        .digest('base64'),
      phase(path),
    ]);
  const version = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 12);
  return { version, files };
}

/**
 * Puts the manifest of the files in `root` into `root`/service-worker.js.
 *
 * @param {string} root
 * @param {string} [code] the worker as compiled; default: what lies there
 */
export function writeServiceWorker(root, code = readFileSync(join(root, WORKER), 'utf8')) {
  if (!code.includes(MANIFEST_MARK))
    throw new Error(`${WORKER} does not mention ${MANIFEST_MARK}: was it compiled from workers/service.worker.ts?`);
  const manifest = buildManifest(root);
  writeFileSync(
    join(root, WORKER),
    code.replaceAll(MANIFEST_MARK, () => JSON.stringify(manifest)),
  );
  return manifest;
}
