/** A small static file server: `npm start` and the browser tests serve a build with it. Node only, no dependencies. */
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { CONTENT_SECURITY_POLICY } from './headers.mjs';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** The file under `root` that an address means, or null. Never one outside `root`. */
function find(root, pathname) {
  let path;
  try {
    path = normalize(join(root, decodeURIComponent(pathname)));
  } catch {
    return null; // malformed percent-encoding
  }
  if (path !== root && !path.startsWith(root + sep)) return null;
  if (pathname.endsWith('/')) path = join(path, 'index.html');
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() ? { path, stat } : null;
}

/**
 * Serves the folder `root` under `base` ('/' or '/some/path/').
 * `also` may answer a request before any file does (a test's own server beside the page), and says whether it did.
 * `headers: false` is a host that can only serve files, such as GitHub Pages: no policy. Given as an object: those alone.
 *
 * @param {{root: string, base?: string, port?: number, host?: string, headers?: boolean | Record<string, string>, tries?: number,
 *   served?: (path: string) => void,
 *   also?: (request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => boolean}} options `served` is told each file that is sent; port 0: any free one;
 *   a port in use: the next one, up to `tries` of them
 * @returns {Promise<{url: string, setRoot(root: string): void, close(): Promise<void>}>}
 */
export async function serve({
  root,
  base = '/',
  port = 0,
  host = '127.0.0.1',
  headers = true,
  tries = 20,
  served = undefined,
  also = undefined,
}) {
  let folder = normalize(root).replace(/[\\/]$/, '');
  const whole = { 'Content-Security-Policy': CONTENT_SECURITY_POLICY };
  const extra = headers === true ? whole : headers || {};

  const server = createServer((request, response) => {
    if (also?.(request, response)) return;
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = pathname.startsWith(base) ? find(folder, pathname.slice(base.length - 1)) : null;
    if (!file || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(file ? 405 : 404, { 'Content-Type': 'text/plain; charset=utf-8' });
      response.end(file ? 'Only GET and HEAD.\n' : `Nothing here. The page is at ${base}\n`);
      return;
    }
    const etag = `"${file.stat.size.toString(36)}-${file.stat.mtimeMs.toString(36)}"`;
    const immutable = pathname.startsWith(`${base}assets/`);
    const all = {
      ...extra,
      'Content-Type': TYPES[extname(file.path)] ?? 'application/octet-stream',
      'Cache-Control': immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      ETag: etag,
    };
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304, all).end();
      return;
    }
    response.writeHead(200, { ...all, 'Content-Length': file.stat.size });
    if (request.method === 'HEAD') response.end();
    else {
      served?.(file.path);
      createReadStream(file.path)
        .on('error', () => response.destroy())
        .pipe(response);
    }
  });

  for (let attempt = 0; ; attempt++) {
    try {
      await listen(server, port && port + attempt, host);
      break;
    } catch (error) {
      if (error.code !== 'EADDRINUSE' || attempt + 1 >= tries) throw error;
    }
  }
  const name = host === '127.0.0.1' ? 'localhost' : host;
  return {
    url: `http://${name}:${server.address().port}${base}`,
    setRoot(next) {
      folder = normalize(next).replace(/[\\/]$/, '');
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server, port, host) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
