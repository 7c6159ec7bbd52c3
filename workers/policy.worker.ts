/**
 * The policy worker: connects a PolicySession (src/session) with the page's messages and with this browser's storage, locks and runtimes.
 */
import { version } from '../package.json';
import type { Command } from '../src/protocol/messages';
import { PolicySession } from '../src/session/session';
import { webPolicies } from '../src/session/web-policies';
import { openBackend, runLocks } from '../src/storage';
import { GAPS, TEST_SETS, tinymath, worldTask } from '../src/tasks/tinymath';
import { launchReplica } from './replica';

declare const self: DedicatedWorkerGlobalScope;

/** Each thread holds a runtime and a copy of the policy, 100 to 200 MB. */
const MAX_THREADS = 4;

const policies = webPolicies(launchReplica);
// The worker's name says which runtime and policy the page will ask for. Loading starts from the name, because the first message comes only
// when the page's thread is free.
const [, backend, policyUrl] = /^policy on (\w+)(?:: (.*))?$/.exec(self.name) ?? [];
if (backend === 'wasm') policies.prepare?.('wasm');

const session = new PolicySession({
  post: (reply, transfer = []) => self.postMessage(reply, transfer),
  openBackend: (onClosed) => openBackend({ onClosed }),
  locks: runLocks(),
  policies,
  tasks: new Map(
    GAPS.map((gap) => [worldTask(gap), { testSets: TEST_SETS, create: (tokenizer) => tinymath(tokenizer, { gap }) }] as const),
  ),
  appVersion: version,
  threads: Math.min(MAX_THREADS, navigator.hardwareConcurrency || 1),
});

if (backend === 'wasm' && policyUrl) session.foresee(policyUrl);
self.addEventListener('message', (event: MessageEvent<Command>) => session.receive(event.data));
