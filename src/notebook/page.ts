/** Puts the notebook on the page. */
import { mount } from 'svelte';
import type { WorkerLike } from '../protocol/client';
import App from './App.svelte';
import { addStageColours } from './lib/stage-colours';
import { registerServiceWorker } from './service-worker';
import { Notebook } from './state/notebook.svelte';

/** Delay after the policy is loaded. The first answer comes first, because fetching the whole site for offline use would delay it. */
const REGISTER_AFTER_MS = 2000;

export function showNotebook(spawn: () => WorkerLike): void {
  addStageColours(document);
  const notebook = new Notebook(spawn);
  // The worker loads the policy while the page is drawn.
  const started = notebook.start();
  mount(App, { target: document.getElementById('app')!, props: { notebook } });

  void started.finally(() => setTimeout(() => registerServiceWorker({ onUpdate: () => (notebook.update = 'ready') }), REGISTER_AFTER_MS));
}
