/** The import worker: passes messages between the page and an Importer (src/session). It is started when a reader imports something. */
import type { ImportCommand } from '../src/protocol/importer';
import { Importer } from '../src/session/importer';

declare const self: DedicatedWorkerGlobalScope;

const importer = new Importer((reply) => self.postMessage(reply));
self.addEventListener('message', (event: MessageEvent<ImportCommand>) => importer.receive(event.data));
