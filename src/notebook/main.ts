/** Puts the notebook on the page. */
import { mount } from 'svelte';
import App from './App.svelte';
import { registerServiceWorker } from './service-worker';
import { Notebook } from './state/notebook.svelte';
import './styles.css';

const spawn = () => new Worker(new URL('../../workers/policy.worker.ts', import.meta.url), { type: 'module', name: 'policy' });

const notebook = new Notebook(spawn);
mount(App, { target: document.getElementById('app')!, props: { notebook } });
void notebook.start();
registerServiceWorker({ onUpdate: () => (notebook.update = 'ready') });
