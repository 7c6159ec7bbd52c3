/**
 * Registers the service worker of a built page (workers/service.worker.ts), which makes the page work offline after its first load. Without
 * service workers (http, private mode, dev server) the page works online as usual.
 */
const FILL_AFTER_MS = 2000;
const ANSWER_WITHIN_MS = 3000;

export interface ServiceWorkerCallbacks {
  /**
   * Called when a new version is completely fetched. `reloadIntoUpdate` loads it, and so does a reload while no other tab shows the old
   * one.
   */
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
  const registration = await workers.register(new URL('service-worker.js', document.baseURI), { updateViaCache: 'none' });
  if (registration.waiting) onUpdate?.();
  registration.addEventListener('updatefound', () => {
    const { installing } = registration;
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'installed' && registration.active) onUpdate?.();
    });
  });
  const { active } = await workers.ready;
  // The rest of the site is fetched after the page has had the connection to itself for its start.
  setTimeout(() => active?.postMessage('fill'), FILL_AFTER_MS);
}

/**
 * Reloads this page into the new version.
 * @returns false without a reload while another tab shows the old version, whose files would be deleted.
 */
export async function reloadIntoUpdate(): Promise<boolean> {
  const workers = navigator.serviceWorker;
  const registration = await workers.getRegistration();
  if (registration?.active && (await pagesOf(registration.active)) > 1) return false;
  const { waiting } = registration ?? {};
  if (waiting) {
    const changed = new Promise((resolve) => workers.addEventListener('controllerchange', resolve, { once: true }));
    waiting.postMessage('take-over');
    await Promise.race([changed, pause(ANSWER_WITHIN_MS)]);
  }
  location.reload();
  return true;
}

/** How many tabs show this site; 1 if the worker does not answer. */
function pagesOf(worker: ServiceWorker): Promise<number> {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<number>((resolve) => (port1.onmessage = ({ data }: MessageEvent<number>) => resolve(data)));
  worker.postMessage('pages', [port2]);
  return Promise.race([answer, pause(ANSWER_WITHIN_MS).then(() => 1)]);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
