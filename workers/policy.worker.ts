/** The policy worker: a PolicySession (src/session) between the page's messages and this browser's storage, locks and runtimes. */
import { version } from '../package.json';
import type { Command } from '../src/protocol/messages';
import { PolicySession } from '../src/session/session';
import { webPolicies } from '../src/session/webPolicies';
import { openBackend, runLocks } from '../src/storage';
import { TEST_SETS, tinymath } from '../src/tasks/tinymath';

declare const self: DedicatedWorkerGlobalScope;

/** More threads than this do not make matrices this small faster. */
const MAX_THREADS = 4;
const isolated = self.crossOriginIsolated;

const session = new PolicySession({
  post: (reply, transfer = []) => self.postMessage(reply, transfer),
  openBackend: (onClosed) => openBackend({ onClosed }),
  locks: runLocks(),
  policies: webPolicies,
  tasks: new Map([['tinymath', { testSets: TEST_SETS, create: tinymath }]]),
  appVersion: version,
  threads: isolated ? Math.min(MAX_THREADS, navigator.hardwareConcurrency || 1) : 1,
  ...(!isolated && { threadsProblem: 'This page is not cross-origin isolated, so the policy runs on one thread.' }),
});

self.addEventListener('message', (event: MessageEvent<Command>) => session.receive(event.data));
