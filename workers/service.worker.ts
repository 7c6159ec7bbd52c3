/**
 * Keeps one complete version of the site, so that the page works offline after its first load. Every file is checked against the SHA-256
 * that it had in the build, so that a deployment during a visit cannot mix two versions. A new version waits until no page of the old one
 * is left, or until the only one is reloaded.
 */
import { fusesMultiplyAdd } from '../src/policy/simd/support';

declare const self: ServiceWorkerGlobalScope;

/** The build inserts it (scripts/build-manifest.mjs). */
declare const __BUILD_MANIFEST__: { version: string; files: [path: string, sha256: string, phase: Phase][] };
/**
 * When a file is fetched: "install" before this version takes over; "fill" in the background afterwards, "fill-fused" and "fill-plain" only
 * if this browser's runtime needs it; "use" when the page asks for it.
 */
type Phase = 'install' | 'fill' | 'fill-fused' | 'fill-plain' | 'use';

const { version, files } = __BUILD_MANIFEST__;
const scope = new URL(self.registration.scope);
const digests = new Map(files.map(([path, sha256]) => [path, sha256]));
/** The cache is named after the scope, because several copies of this site may be served from one origin. */
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
  // The address is none of our files: another page below the same path, or a mistyped address. Offline, the page itself is shown for it.
  else if (request.mode === 'navigate') event.respondWith(fetch(request).catch(() => Response.redirect(scope.href)));
});

async function navigate(event: FetchEvent, path: string): Promise<Response> {
  // Chromium and Firefox mark a reload. In other browsers the new version is used when the last page of the old one is closed.
  const reload = event.request.cache === 'no-cache' || (event.request as { isReloadNavigation?: boolean }).isReloadNavigation === true;
  if (reload && self.registration.waiting && (await pages()) < 2) {
    self.registration.waiting.postMessage('take-over');
    // Answers with an empty page that reloads itself from the new version a second later. A request at once may never be answered, because
    // one worker takes over from the other.
    return new Response('', { headers: { Refresh: '1', 'Content-Type': 'text/html' } });
  }
  return file(path);
}

const pages = async (): Promise<number> => (await self.clients.matchAll({ type: 'window', includeUncontrolled: true })).length;

/** Downloads in progress, so that two requests for one file share one download. */
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
  // If the disk is full, the page still gets its file.
  await cache.put(address(path), response.clone()).catch(() => undefined);
  return response;
}

async function fetchChecked(path: string, sha256: string): Promise<Response> {
  // The HTTP cache may answer for hashed names, whose content never changes; others are revalidated.
  const cache = path.startsWith('assets/') ? 'default' : 'no-cache';
  const response = await fetch(path === 'index.html' ? scope.href : address(path), { integrity: `sha256-${sha256}`, cache });
  if (!response.ok) throw new TypeError(`${path}: the server answered ${response.status}`);
  const headers = new Headers(response.headers);
  headers.set(DIGEST, sha256);
  // A new response, because a redirected one (index.html → ./) may not answer a navigation.
  return new Response(response.body, { status: 200, headers });
}

/** Takes a file over from the cache of another version. The 14 MB runtime rarely changes between versions. */
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
