/**
 * Registers the service worker of a built page (workers/service.worker.ts): offline after the first load, and cross-origin isolation, hence
 * threads, on hosts that cannot send the headers. Without service workers (http, private mode, dev server) the page works all the same.
 */
const RELOADED = 'mind-the-gap: reloaded for isolation';
/** Later than this a reader has begun to do something: isolation then comes with their next visit. */
const RELOAD_WITHIN_MS = 5000;
const FILL_AFTER_MS = 2000;

export interface ServiceWorkerCallbacks {
  /** A new version is complete: it takes over when this page is reloaded and no other tab shows the old one. */
  onUpdate?: () => void;
}

export function registerServiceWorker({ onUpdate }: ServiceWorkerCallbacks = {}): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  void register(onUpdate).catch((error: unknown) => {
    console.info('Offline use is not available here:', error instanceof Error ? error.message : error);
  });
}

async function register(onUpdate?: () => void): Promise<void> {
  const workers = navigator.serviceWorker;
  const firstVisit = !workers.controller;
  const registration = await workers.register(new URL('service-worker.js', document.baseURI), { updateViaCache: 'none' });
  if (registration.waiting) onUpdate?.();
  registration.addEventListener('updatefound', () => {
    const { installing } = registration;
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'installed' && registration.active) onUpdate?.();
    });
  });
  const { active } = await workers.ready;
  if (firstVisit && (await isControlled()) && reloadForIsolation()) return;
  // The rest of the site, once the page has had the line to itself for its start.
  setTimeout(() => active?.postMessage('fill'), FILL_AFTER_MS);
}

/** The first worker claims the page that registered it. */
function isControlled(): Promise<boolean> {
  if (navigator.serviceWorker.controller) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.serviceWorker.addEventListener('controllerchange', () => resolve(true), { once: true });
    setTimeout(() => resolve(false), RELOAD_WITHIN_MS);
  });
}

/** The page itself came without the headers; loaded again through the worker it has them. Once, and never under the reader's hands. */
function reloadForIsolation(): boolean {
  if (globalThis.crossOriginIsolated || navigator.userActivation?.hasBeenActive || performance.now() > RELOAD_WITHIN_MS) return false;
  try {
    if (sessionStorage.getItem(RELOADED)) return false;
    sessionStorage.setItem(RELOADED, '1');
  } catch {
    return false; // Without a memory of it the reload could repeat for ever.
  }
  location.reload();
  return true;
}
