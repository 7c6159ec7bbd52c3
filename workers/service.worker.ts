/**
 * Keeps one complete version of the site: the page works offline after its first load. Every file is checked against the SHA-256 it had in the build, so that a deployment in the middle of a visit cannot
 * mix two versions; a new version waits until no page of the old one is left, or until the only one is reloaded.
 */
import { fusesMultiplyAdd } from '../src/policy/simd/support';

declare const self: ServiceWorkerGlobalScope;

/** Replaced by the build (scripts/build-manifest.mjs). */
declare const __BUILD_MANIFEST__: { version: string; files: [path: string, sha256: string, phase: Phase][] };
/** When a file is fetched: before taking over, in the background afterwards (some of it only where the runtime of this browser needs it), or when the page asks for it. */
type Phase = 'install' | 'fill' | 'fill-fused' | 'fill-plain' | 'use';

const { version, files } = __BUILD_MANIFEST__;
const scope = new URL(self.registration.scope);
const digests = new Map(files.map(([path, sha256]) => [path, sha256]));
/** Named after the scope: several copies of this site may live on one origin. */
const prefix = `mind-the-gap ${scope.pathname} `;
const cacheName = prefix + version;
const DIGEST = 'x-sha256';

self.addEventListener('install', (event) => event.waitUntil(fetchPhase('install')));
self.addEventListener('activate', (event) => event.waitUntil(deleteOtherVersions().then(() => self.clients.claim())));
self.addEventListener('message', (event) => {
  if (event.data === 'fill') event.waitUntil(fetchPhase('fill', fusesMultiplyAdd() ? 'fill-fused' : 'fill-plain'));
  if (event.data === 'take-over') event.waitUntil(self.skipWaiting());
  if (event.data === 'pages') event.waitUntil(pages().then((count) => event.ports[0]?.postMessage(count)));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname)) return;
  const path = decodeURIComponent(url.pathname.slice(scope.pathname.length)) || 'index.html';
  if (digests.has(path)) event.respondWith(request.mode === 'navigate' ? navigate(event, path) : file(path));
  // Not one of our files: another page below the same path, or a wrong address, for which offline there is only the page itself.
  else if (request.mode === 'navigate') event.respondWith(fetch(request).catch(() => Response.redirect(scope.href)));
});

async function navigate(event: FetchEvent, path: string): Promise<Response> {
  // Chromium and Firefox mark a reload; elsewhere the new version comes when the last page of the old one is closed.
  const reload = event.request.cache === 'no-cache' || (event.request as { isReloadNavigation?: boolean }).isReloadNavigation === true;
  if (reload && self.registration.waiting && (await pages()) < 2) {
    self.registration.waiting.postMessage('take-over');
    // Empty, and reloaded from the new version. Not at once: a request that comes while one worker takes over from the other may never be answered.
    return new Response('', { headers: { Refresh: '1', 'Content-Type': 'text/html' } });
  }
  return file(path);
}

const pages = async (): Promise<number> => (await self.clients.matchAll({ type: 'window', includeUncontrolled: true })).length;

/** Two requests for one file share one download. */
const fetching = new Map<string, Promise<Response>>();

async function file(path: string): Promise<Response> {
  const cached = await (await caches.open(cacheName)).match(address(path));
  if (cached) return cached;
  let response = fetching.get(path);
  if (!response) {
    response = download(path).finally(() => fetching.delete(path));
    fetching.set(path, response);
  }
  return (await response).clone();
}

const address = (path: string): string => new URL(path.split('/').map(encodeURIComponent).join('/'), scope).href;

async function download(path: string): Promise<Response> {
  const sha256 = digests.get(path)!;
  const cache = await caches.open(cacheName);
  const response = (await fromOtherVersion(path, sha256)) ?? (await fetchChecked(path, sha256));
  // A full disk must not keep the page from its file.
  await cache.put(address(path), response.clone()).catch(() => undefined);
  return response;
}

async function fetchChecked(path: string, sha256: string): Promise<Response> {
  // Hashed names never change their content, so the HTTP cache may answer; others are revalidated.
  const cache = path.startsWith('assets/') ? 'default' : 'no-cache';
  const response = await fetch(path === 'index.html' ? scope.href : address(path), { integrity: `sha256-${sha256}`, cache });
  if (!response.ok) throw new TypeError(`${path}: the server answered ${response.status}`);
  const headers = new Headers(response.headers);
  headers.set(DIGEST, sha256);
  // A fresh response: a redirected one (index.html → ./) may not answer a navigation.
  return new Response(response.body, { status: 200, headers });
}

/** The 14 MB runtime rarely changes between versions: take it over instead of fetching it again. */
async function fromOtherVersion(path: string, sha256: string): Promise<Response | undefined> {
  for (const name of await otherVersions()) {
    const response = await (await caches.open(name)).match(address(path));
    if (response?.headers.get(DIGEST) === sha256) return response;
  }
  return undefined;
}

async function fetchPhase(...wanted: Phase[]): Promise<void> {
  const paths = files.filter(([, , phase]) => wanted.includes(phase)).map(([path]) => path);
  await Promise.all(paths.map(file));
}

const otherVersions = async (): Promise<string[]> => (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== cacheName);

async function deleteOtherVersions(): Promise<void> {
  await Promise.all((await otherVersions()).map((name) => caches.delete(name)));
}
