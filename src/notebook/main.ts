/** Puts the notebook on the page. */
import { mount } from 'svelte';
import App from './App.svelte';
import { registerServiceWorker } from './service-worker';
import { Notebook } from './state/notebook.svelte';
import './styles.css';

const spawn = () => new Worker(new URL('../../workers/policy.worker.ts', import.meta.url), { type: 'module', name: 'policy' });

/** After the policy is loaded: long enough for a first answer, which fetching the whole site for offline use would hold up. */
const REGISTER_AFTER_MS = 2000;

const notebook = new Notebook(spawn);
// Before the page is drawn: the worker fetches and compiles meanwhile.
const started = notebook.start();
mount(App, { target: document.getElementById('app')!, props: { notebook } });

void started.finally(() => setTimeout(() => registerServiceWorker({ onUpdate: () => (notebook.update = 'ready') }), REGISTER_AFTER_MS));
