/** A session and its page in one thread, over the bigram world. For tests only. */
import { letterPolicy, letterTask } from '../../method/testing/letter-task';
import type { TabularPolicy } from '../../method/testing/tabular-policy';
import { PolicyClient, type WorkerEvent, type WorkerLike } from '../../protocol/client';
import type { Command, Reply } from '../../protocol/messages';
import type { TrainablePolicy } from '../../policy/types';
import { LocalRunLocks, openBackend } from '../../storage';
import type { PolicyLoader } from '../host';
import { PolicySession, type SessionOptions } from '../session';
import { safetensors } from './safetensors';

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
/** A folder that passes for one; the bigram policy does not read it. */
export const letterFolder = new Map<string, Uint8Array<ArrayBuffer>>([
  ['config.json', json({ model_type: 'letters' })],
  ['tokenizer.json', json({})],
  ['tokenizer_config.json', json({})],
  ['model.safetensors', safetensors({ table: [4] })],
]);

/** Serves a folder at any address. */
export function serve(folder: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): typeof fetch {
  return (input) => {
    const name = (input as string).split('/').pop()!;
    const bytes = folder.get(name);
    if (!bytes) return Promise.resolve(new Response('not found', { status: 404 }));
    return Promise.resolve(new Response(bytes, { headers: { 'content-length': String(bytes.length) } }));
  };
}

export const letterPolicies: PolicyLoader = {
  webgpuProblem: () => Promise.resolve('This browser has no WebGPU.'),
  load: () => Promise.resolve(letterPolicy()),
};

export interface Harness {
  session: PolicySession;
  client: PolicyClient;
  replies: Reply[];
  /** Stops what runs, in the very moment. */
  stop(): void;
  /** The page goes away in the middle: nothing it does reaches the database's owner any more. */
  kill(): void;
}

export interface HarnessOptions extends Partial<SessionOptions> {
  /** Told of each reply before the page gets it. */
  onReply?: (reply: Reply) => void;
  /** Structured-clones messages as a real worker does. Default true. */
  clone?: boolean;
}

/** Each has its own locks unless some are given: a closed tab lets go of its own. */
export function harness(options: HarnessOptions = {}): Harness {
  const replies: Reply[] = [];
  const { onReply, clone = true, ...sessionOptions } = options;
  let dead = false;
  let running = 0;
  let receive: (event: WorkerEvent) => void = () => undefined;
  const stop = () => session.receive({ type: 'stop', request: -1, target: running });
  const kill = () => {
    dead = true;
    stop();
  };
  const session = new PolicySession({
    post: (reply, transfer) => {
      if (reply.type === 'started') running = reply.request;
      if (!dead) onReply?.(reply);
      if (dead) return;
      const data = clone ? structuredClone(reply, transfer ? { transfer } : {}) : reply;
      replies.push(data);
      queueMicrotask(() => receive({ data }));
    },
    openBackend: (onClosed) => openBackend({ onClosed }),
    locks: new LocalRunLocks(),
    policies: letterPolicies,
    tasks: new Map([[letterTask.id, { testSets: letterTask.testSets, create: () => letterTask }]]),
    appVersion: 'test',
    threads: 1,
    fetch: serve(letterFolder),
    ...sessionOptions,
  });
  const worker: WorkerLike = {
    postMessage: (message) => queueMicrotask(() => dead || session.receive(structuredClone(message) as Command)),
    addEventListener: (type, listener) => {
      if (type === 'message') receive = listener;
    },
    terminate: () => void (dead = true),
  };
  const client = new PolicyClient(() => worker);
  return { session, client, replies, stop, kill };
}

/** A policy loader whose policies call `hook` before each thing they compute. */
export function hooked(
  hook: (what: 'sample' | 'score' | 'accumulate' | 'apply') => void,
  make: () => TabularPolicy = letterPolicy,
): PolicyLoader {
  const wrap = (policy: TrainablePolicy): TrainablePolicy =>
    new Proxy(policy, {
      get(target, key) {
        if (key === 'fork') return async () => wrap(await target.fork());
        if (key === 'sample') {
          return async function* (request: Parameters<TrainablePolicy['sample']>[0]) {
            for await (const rollout of target.sample(request)) {
              hook('sample');
              yield rollout;
            }
          };
        }
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (key === 'score' || key === 'accumulate' || key === 'apply') hook(key);
          return (value as (...args: unknown[]) => unknown).apply(target, args);
        };
      },
    });
  return { webgpuProblem: letterPolicies.webgpuProblem, load: () => Promise.resolve(wrap(make())) };
}
