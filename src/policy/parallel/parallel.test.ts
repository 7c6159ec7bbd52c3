import { MessageChannel } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { exp, mul, neg, stopGradient } from '../../tensor';
import type { Objective } from '../objective';
import { OnnxPolicy } from '../onnx-policy';
import { createNodeRuntime } from '../runtime/node';
import { nodeReplicas } from '../runtime/node-replicas';
import { MICRO, microPolicy, microTokenizer } from '../testing/micro';
import type { Rollout, SampleRequest, TrainExample } from '../types';
import type { FromReplica, ReplicaLauncher, ToReplica } from './messages';
import { serveReplica } from './replica';
import { shares } from './shares';

const dft: Objective = { key: 'dft', needs: [], loss: ({ logp }) => neg(mul(stopGradient(exp(logp)), logp)) };
const runtime = createNodeRuntime(1);
const alone = microPolicy(runtime);
const withReplicas = async (launch: ReplicaLauncher, count: number): Promise<OnnxPolicy> =>
  OnnxPolicy.create({
    name: 'micro',
    id: 'micro-1',
    config: MICRO,
    tokenizer: microTokenizer,
    runtime: createNodeRuntime(1),
    parameters: (await alone.checkpoint()).parameters,
    replicas: { launch, count },
  });

/** A replica in this thread, over a channel that clones what it carries; `break` makes it fail. */
function localReplicas(): { launch: ReplicaLauncher; break(): void; jobs(): number } {
  const failures: ((reason: string) => void)[] = [];
  let jobs = 0;
  return {
    launch: () => {
      const { port1, port2 } = new MessageChannel();
      let broken = false;
      failures.push(() => (broken = true));
      serveReplica(
        {
          post: (message, transfer = []) => port2.postMessage(message, transfer as ArrayBuffer[]),
          onMessage: (listener: (message: ToReplica) => void) => void port2.on('message', listener),
        },
        () => Promise.resolve(createNodeRuntime(1)),
      );
      return {
        post: (message, transfer = []) => {
          if ('id' in message && message.type !== 'cancel') jobs++;
          port1.postMessage(message, transfer as ArrayBuffer[]);
        },
        onMessage: (listener) => void port1.on('message', (message: FromReplica) => (broken ? undefined : listener(message))),
        onFailure: (listener) => void failures.push(listener),
        close: () => Promise.resolve(port1.close()),
      };
    },
    break: () => failures.forEach((fail) => fail('broken by the test')),
    jobs: () => jobs,
  };
}

const words = ['abc', 'hello', 'm', 'thequick', 'brown', 'cat', 'jumps', 'over'];
const request: SampleRequest = {
  prompts: words.map((key) => ({ key, tokens: microTokenizer.encode(key) })),
  n: 12,
  temperature: 1,
  topP: 1,
  seed: 7,
  purpose: 'test',
  maxNewTokens: 40,
};
async function sample(policy: OnnxPolicy, more: Partial<SampleRequest> = {}): Promise<Rollout[]> {
  const out: Rollout[] = [];
  for await (const r of policy.sample({ ...request, ...more })) out.push(r);
  return out.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.candidate - b.candidate));
}
const texts = (rollouts: Rollout[]): string[] => rollouts.map((r) => `${r.key}/${r.candidate}:${microTokenizer.decode(r.tokens, false)}`);

/** Enough positions that three threads are worth it. */
const examples: TrainExample[] = Array.from({ length: 40 }, (_, i) => {
  const text =
    words
      .slice(i % 3)
      .join('')
      .repeat(3)
      .slice(i, 80) + '.';
  return { ids: microTokenizer.encode(text), from: 1 + (i % 5) };
});
const tokens = examples.reduce((n, e) => n + e.ids.length - e.from, 0);
const apart = (a: Float32Array, b: Float32Array): number => a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);

describe('shares', () => {
  it('hold every index once, in order, with nearly equal counts and weights', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 60 }), fc.integer({ min: 1, max: 6 }), (weights, threads) => {
        const parts = shares(weights, threads);
        expect(parts.flat().sort((a, b) => a - b)).toEqual(weights.map((_, i) => i));
        for (const part of parts) expect(part).toEqual([...part].sort((a, b) => a - b));
        const sizes = parts.map((p) => p.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        const loads = parts.map((p) => p.reduce((n, i) => n + weights[i]!, 0));
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(2 * Math.max(0, ...weights));
        expect(shares(weights, threads)).toEqual(parts);
      }),
    );
  });
});

describe('a policy with replicas', () => {
  const replicas = localReplicas();
  const made = withReplicas(replicas.launch, 2);
  afterAll(async () => (await made).dispose());

  it('samples the texts that one thread samples, and scores them alike', async () => {
    const policy = await made;
    const [one, many] = [await sample(alone), await sample(policy)];
    expect(replicas.jobs()).toBe(2);
    expect(texts(many)).toEqual(texts(one));
    const sequences = many.map((r) => ({ ids: Int32Array.of(...r.prompt, ...r.tokens), from: r.prompt.length }));
    const [a, b] = [await alone.score(sequences), await policy.score(sequences)];
    expect(replicas.jobs()).toBe(4);
    expect(Math.max(...a.map((s, i) => apart(s.logProbs, b[i]!.logProbs)))).toBeLessThan(1e-5);
  });

  it('trains as one thread does, and twice alike bit for bit', async () => {
    const run = async (origin: OnnxPolicy): Promise<{ losses: number[]; parameters: Float32Array }> => {
      const policy = await origin.fork();
      const losses: number[] = [];
      for (let i = 0; i < 4; i++) {
        losses.push((await policy.accumulate(examples, dft, tokens)).loss / tokens);
        await policy.apply({ learningRate: 0.003 });
      }
      const { parameters } = await policy.checkpoint();
      // After training, the replicas sample with the trained parameters.
      const [own, shared] = [texts(await sample(policy, { n: 2 })), texts(await sample(policy))];
      expect(shared.filter((t) => /\/[01]:/.test(t))).toEqual(own);
      await policy.dispose();
      return { losses, parameters };
    };
    const [one, first, second] = [await run(alone), await run(await made), await run(await made)];
    first.losses.forEach((loss, i) => expect(Math.abs(loss - one.losses[i]!)).toBeLessThan(1e-5));
    expect(first).toEqual(second);
    expect(first.losses[3]).not.toBe(first.losses[0]);
    expect(apart(first.parameters, one.parameters)).toBeLessThan(1e-4);
  });

  it('does small jobs alone', async () => {
    const before = replicas.jobs();
    await sample(await made, { n: 1 });
    await (await made).score(examples.slice(0, 2));
    expect(replicas.jobs()).toBe(before);
  });

  it('says what is wrong with a request as one thread does', async () => {
    await expect(sample(await made, { temperature: -1 })).rejects.toThrow(/temperature/);
    await expect((await made).score([...examples, { ids: Int32Array.of(1, 99), from: 1 }])).rejects.toThrow(/vocabulary/);
    const needy: Objective = { ...dft, key: 'needy', needs: ['refLogp'] };
    const policy = await (await made).fork();
    await expect(policy.accumulate(examples, needy, tokens)).rejects.toThrow(/needs refLogp/);
    await policy.dispose();
  });

  it('stops everywhere when aborted or left', async () => {
    const controller = new AbortController();
    const stream = (await made).sample({ ...request, n: 40, signal: controller.signal });
    await stream.next();
    controller.abort(new Error('enough'));
    await expect(
      (async () => {
        for await (const _ of stream) void _;
      })(),
    ).rejects.toThrow('enough');
    for await (const _ of (await made).sample({ ...request, n: 40 })) break;
    expect(texts(await sample(await made))).toEqual(texts(await sample(alone)));
  });
});

describe('a replica that fails', () => {
  it('leaves its share to the policy: nothing is lost, nothing comes twice', async () => {
    const replicas = localReplicas();
    const policy = await withReplicas(replicas.launch, 1);
    const rollouts: Rollout[] = [];
    for await (const r of policy.sample(request)) {
      rollouts.push(r);
      if (rollouts.length === 20) replicas.break();
    }
    expect(new Set(texts(rollouts))).toEqual(new Set(texts(await sample(alone))));
    expect(rollouts.length).toBe(request.prompts.length * request.n);
    const jobs = replicas.jobs();
    const trainee = await policy.fork();
    expect((await trainee.accumulate(examples, dft, tokens)).tokens).toBe(tokens);
    expect(replicas.jobs()).toBe(jobs);
    await trainee.dispose();
    await policy.dispose();
  });

  it('to make its runtime says so, and is ended', async () => {
    let closed = 0;
    const launch: ReplicaLauncher = () => {
      const { port1, port2 } = new MessageChannel();
      serveReplica(
        {
          post: (message) => port2.postMessage(message),
          onMessage: (listener: (message: ToReplica) => void) => void port2.on('message', listener),
        },
        () => Promise.reject(new Error('The runtime’s files cannot be fetched.')),
      );
      return {
        post: (message) => port1.postMessage(message),
        onMessage: (listener) => void port1.on('message', (message: FromReplica) => listener(message)),
        onFailure: () => undefined,
        close: () => {
          closed++;
          port1.close();
          return Promise.resolve();
        },
      };
    };
    const policy = await withReplicas(launch, 1);
    expect(texts(await sample(policy))).toEqual(texts(await sample(alone)));
    expect(closed).toBe(1);
    await policy.dispose();
  });

  it('at its start leaves everything to the policy', async () => {
    const launch: ReplicaLauncher = () => ({
      post: () => undefined,
      onMessage: () => undefined,
      onFailure: (listener) => void setTimeout(() => listener('The worker did not start.'), 5),
      close: () => Promise.resolve(),
    });
    const policy = await withReplicas(launch, 1);
    expect(texts(await sample(policy))).toEqual(texts(await sample(alone)));
    await policy.dispose();
  });
});

describe('threads of Node', () => {
  it('sample and train as replicas', async () => {
    const { launch, count } = nodeReplicas(2);
    const policy = await withReplicas(launch, count);
    expect(policy.backend.threads).toBe(2);
    expect(texts(await sample(policy))).toEqual(texts(await sample(alone)));
    const trainee = await policy.fork();
    const [a, b] = [await alone.fork(), trainee];
    const losses = [await a.accumulate(examples, dft, tokens), await b.accumulate(examples, dft, tokens)].map((s) => s.loss / tokens);
    expect(Math.abs(losses[0]! - losses[1]!)).toBeLessThan(1e-5);
    await trainee.dispose();
    await policy.dispose();
  });
});
