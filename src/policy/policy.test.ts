import { beforeAll, describe, expect, it } from 'vitest';
import { exp, mul, neg, stopGradient } from '../tensor';
import type { Objective } from './objective';
import type { OnnxPolicy } from './onnx-policy';
import { parameterTable } from './parameters';
import { createNodeRuntime } from './runtime/node';
import type { Runtime } from './runtime/types';
import { MICRO, microPolicy, microTokenizer } from './testing/micro';
import type { Rollout, SampleRequest } from './types';

const runtime = createNodeRuntime(1);
const sft: Objective = { key: 'sft', needs: [], loss: ({ logp }) => neg(logp) };
const dft: Objective = { key: 'dft', needs: [], loss: ({ logp }) => neg(mul(stopGradient(exp(logp)), logp)) };
let policy: OnnxPolicy;
beforeAll(() => (policy = microPolicy(runtime)));

const base: SampleRequest = {
  prompts: ['abc', 'hello', 'm', 'thequick'].map((key) => ({ key, tokens: microTokenizer.encode(key) })),
  n: 5,
  temperature: 1,
  topP: 1,
  seed: 7,
  purpose: 'test',
  maxNewTokens: 40,
};

async function collect(request: Partial<SampleRequest> = {}, from = policy): Promise<Rollout[]> {
  const out: Rollout[] = [];
  for await (const r of from.sample({ ...base, ...request })) out.push(r);
  return out.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.candidate - b.candidate));
}
const texts = (rollouts: Rollout[]): string[] => rollouts.map((r) => `${r.key}/${r.candidate}:${microTokenizer.decode(r.tokens, false)}`);

describe('sampling', () => {
  it('gives n rollouts a prompt, each ended by EOS or by the limit', async () => {
    const rollouts = await collect();
    expect(rollouts.length).toBe(20);
    for (const r of rollouts) {
      expect(r.tokens.length).toBe(r.logProbs.length);
      expect(r.tokens.length).toBeLessThanOrEqual(40);
      const eos = r.tokens.indexOf(0);
      expect(r.finish).toBe(eos === -1 ? 'length' : 'eos');
      if (eos !== -1) expect(eos).toBe(r.tokens.length - 1);
    }
    expect(new Set(rollouts.map((r) => r.finish)).size).toBe(2);
  });

  it('tells of a sample while it grows: beginnings of what comes out in the end', async () => {
    const parts: { tokens: number[]; logProbs: number[] }[] = [];
    const onPart = (tokens: readonly number[], logProbs: readonly number[]) =>
      void parts.push({ tokens: [...tokens], logProbs: [...logProbs] });
    const all = await collect({ n: 1, onPart, prompts: base.prompts.slice(0, 1) });
    expect(texts(all)).toEqual(texts(await collect({ n: 1, prompts: base.prompts.slice(0, 1) })));
    const [{ tokens, logProbs }] = all as [Rollout];
    expect(parts.length).toBe(Math.ceil(tokens.length / 4) - 1);
    expect(parts.length).toBeGreaterThan(0);
    for (const part of parts) {
      expect(part.tokens).toEqual([...tokens].slice(0, part.tokens.length));
      expect(part.logProbs).toEqual([...logProbs].slice(0, part.tokens.length));
    }
  });

  it('records the log-probs that scoring gives', async () => {
    const rollouts = await collect({ temperature: 0.7, topP: 0.9 });
    const scores = await policy.score(rollouts.map((r) => ({ ids: Int32Array.of(...r.prompt, ...r.tokens), from: r.prompt.length })));
    for (const [i, r] of rollouts.entries()) {
      for (const [t, lp] of r.logProbs.entries()) expect(scores[i]!.logProbs[t]).toBeCloseTo(lp, 4);
      // Temperature and truncation only ever sharpen a drawn token's probability on average; each must be a probability.
      expect(Math.max(...r.behaviorLogProbs)).toBeLessThanOrEqual(1e-6);
    }
  });

  it('at temperature 1 without truncation draws from π_θ itself', async () => {
    for (const r of await collect()) for (const [t, lp] of r.logProbs.entries()) expect(r.behaviorLogProbs[t]).toBeCloseTo(lp, 4);
  });

  it('draws the same text whatever the batch, and other text for another seed or purpose', async () => {
    const all = texts(await collect());
    const alone = await collect({ prompts: [base.prompts[2]!], n: 5 });
    expect(texts(alone)).toEqual(all.filter((t) => t.startsWith('m/')));
    // 400 rows go through 256 places: rows that wait draw what they would have drawn first.
    const many = await collect({ n: 100 });
    expect(texts(many).filter((t) => Number(/\/(\d+):/.exec(t)![1]) < 5)).toEqual(all);
    // A single response a prompt shares nothing: its prompt is in its own cache.
    expect(texts(await collect({ n: 1 }))).toEqual(all.filter((t) => t.includes('/0:')));
    expect(texts(await collect({ seed: 8 }))).not.toEqual(all);
    expect(texts(await collect({ purpose: 'other' }))).not.toEqual(all);
  });

  it('keeps memory for the next request, but nothing of what parameters that are not finite left there', async () => {
    const other = microPolicy(runtime);
    const { parameters, ...rest } = await other.checkpoint();
    // Keys of the first layer only: the rest of the arithmetic is sound.
    const broken = parameters.slice();
    const { offset, size } = parameterTable(MICRO).byName.get('model.layers.0.self_attn.k_proj.weight')!;
    broken.fill(Infinity, offset, offset + size);
    for (let i = 0; i < 2; i++) {
      for (const n of [1, 5]) {
        await other.restore({ ...rest, parameters });
        expect(await collect({ n }, other)).toEqual(await collect({ n }));
        await other.restore({ ...rest, parameters: broken });
        const [first] = await collect({ n }, other);
        expect(first!.logProbs[0]).toBeNaN();
      }
    }
    await other.dispose();
  });

  it.each(['plain', 'gpu'])(
    'draws the same with %s operators and whole vectors, as on WebGPU, with more rows than one batch holds',
    async (kernels) => {
      const plain: Runtime = Object.create(createNodeRuntime(1), { kernels: { value: kernels }, part: { value: undefined } });
      const other = microPolicy(plain);
      expect(texts(await collect({ n: 40 }, other))).toEqual(texts(await collect({ n: 40 })));
      await other.dispose();
    },
  );

  it('computes what several responses begin with once', async () => {
    const counting = createNodeRuntime(1);
    const rows: number[] = [];
    const create = counting.createSession.bind(counting);
    counting.createSession = async (model) => {
      const session = await create(model);
      return {
        release: () => session.release(),
        run(feeds, fetches) {
          if (feeds.first) rows.push(feeds.first.shape[0]!);
          return session.run(feeds, fetches);
        },
      };
    };
    const other = microPolicy(counting);
    const greedy = await collect({ temperature: 0, n: 20 }, other);
    expect(greedy.length).toBe(80);
    expect(Math.max(...rows)).toBe(4);
    rows.length = 0;
    // Nearly certain draws: responses part now and then.
    const request = { temperature: 0.25, n: 20 };
    const sharing = await collect(request, other);
    const steps = sharing.reduce((n, r) => n + r.tokens.length, 0);
    const computed = rows.reduce((n, r) => n + 4 * r, 0);
    expect(Math.max(...rows)).toBeGreaterThan(4);
    expect(computed).toBeLessThan(0.9 * steps);
    // An response alone shares with nobody.
    expect(texts(await collect({ ...request, n: 1 }, other))).toEqual(texts(sharing.filter((r) => r.candidate === 0)));
    await other.dispose();
  });

  it('greedy takes the most likely token', async () => {
    const [first, second] = await collect({ temperature: 0, n: 2, prompts: [base.prompts[1]!] });
    expect(first!.tokens).toEqual(second!.tokens);
    // Any other last token scores lower.
    const ids = Int32Array.of(...first!.prompt, ...first!.tokens.subarray(0, 3));
    const others = await policy.score(
      Array.from({ length: MICRO.vocabSize }, (_, v) => {
        const changed = ids.slice();
        changed[ids.length - 1] = v;
        return { ids: changed, from: first!.prompt.length };
      }),
    );
    const last = others.map((s) => s.logProbs[2]!);
    expect(last.indexOf(Math.max(...last))).toBe(ids[ids.length - 1]);
  });

  it('follows the distribution: frequencies of the first token within 4 standard errors', async () => {
    const n = 2000;
    const rollouts = await collect({ prompts: [base.prompts[0]!], n, maxNewTokens: 1, topP: 0.8, temperature: 1.3 });
    const counts = new Map<number, { count: number; p: number }>();
    for (const r of rollouts) {
      const entry = counts.get(r.tokens[0]!) ?? { count: 0, p: Math.exp(r.behaviorLogProbs[0]!) };
      entry.count++;
      counts.set(r.tokens[0]!, entry);
    }
    for (const { count, p } of counts.values()) expect(Math.abs(count / n - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n) + 1e-3);
    const mass = [...counts.values()].reduce((s, { p }) => s + p, 0);
    expect(mass).toBeGreaterThan(0.9);
    expect(mass).toBeLessThan(1.0001);
  });

  it('stops between runs when aborted, and refuses what cannot be', async () => {
    const controller = new AbortController();
    const stream = policy.sample({ ...base, n: 60, signal: controller.signal });
    await stream.next();
    controller.abort(new Error('enough'));
    await expect(
      (async () => {
        for await (const _ of stream) void _;
      })(),
    ).rejects.toThrow('enough');
    await expect(collect({ temperature: -1 })).rejects.toThrow(/temperature/);
    await expect(collect({ prompts: [{ key: 'odd', tokens: Int32Array.of(99) }] })).rejects.toThrow(/vocabulary/);
    await expect(collect({ prompts: [{ key: 'long', tokens: new Int32Array(96).fill(1) }] })).rejects.toThrow(/no room/);
  });
});

describe('training', () => {
  const examples = ['abc|defgh.', 'hello|world.', 'm|nop.', 'uvw|ab.'].map((s) => {
    const [p, r] = s.split('|') as [string, string];
    return { ids: microTokenizer.encode(p + r), from: p.length };
  });
  const tokens = examples.reduce((n, e) => n + e.ids.length - e.from, 0);

  it('lowers the loss, and reports sums that scoring confirms', async () => {
    const p = await policy.fork();
    const scores = await p.score(examples);
    const first = await p.accumulate(examples, sft, tokens);
    expect(first.tokens).toBe(tokens);
    expect(first.nll).toBeCloseTo(-scores.flatMap((s) => [...s.logProbs]).reduce((a, b) => a + b, 0), 3);
    expect(first.entropy).toBeCloseTo(
      scores.flatMap((s) => [...s.entropies]).reduce((a, b) => a + b, 0),
      3,
    );
    expect(first.weight).toBeCloseTo(tokens, 4);
    let last = first;
    for (let i = 0; i < 20; i++) {
      if (i > 0) last = await p.accumulate(examples, sft, tokens);
      const { applied, step } = await p.apply({ learningRate: 0.01 });
      expect([applied, step]).toEqual([true, i + 1]);
    }
    expect(last.nll).toBeLessThan(first.nll / 2);
    await p.dispose();
  });

  it('is invariant to micro-batches and padding under the global token mean', async () => {
    const [a, b] = [await policy.fork(), await policy.fork()];
    await a.accumulate(examples, dft, tokens);
    for (const e of examples) await b.accumulate([e], dft, tokens);
    const [ra, rb] = [await a.apply({ learningRate: 1e-2 }), await b.apply({ learningRate: 1e-2 })];
    expect(ra.gradNorm).toBeCloseTo(rb.gradNorm, 5);
    const [ca, cb] = [await a.checkpoint(), await b.checkpoint()];
    expect(Math.max(...ca.m!.map((x, i) => Math.abs(x - cb.m![i]!)))).toBeLessThan(1e-6);
  });

  it('resumes from a checkpoint bit for bit', async () => {
    const [whole, resumed] = [await policy.fork(), await policy.fork()];
    const stepOf = async (p: typeof whole): Promise<void> => {
      await p.accumulate(examples, sft, tokens);
      await p.apply({ learningRate: 0.01 });
    };
    for (let i = 0; i < 3; i++) await stepOf(whole);
    await resumed.restore(structuredClone(await whole.checkpoint()));
    for (let i = 0; i < 3; i++) {
      await stepOf(whole);
      await stepOf(resumed);
    }
    const [a, b] = [await whole.checkpoint(), await resumed.checkpoint()];
    expect(b).toEqual(a);
  });

  it('does not apply a gradient that is not finite', async () => {
    const p = await policy.fork();
    const before = await p.checkpoint();
    const infinite: Objective = { key: 'infinite', needs: [], loss: ({ logp }) => mul(neg(logp), 1e38) };
    await p.accumulate(examples, infinite, 1e-30);
    const { applied, step } = await p.apply({ learningRate: 0.1 });
    expect([applied, step]).toEqual([false, 0]);
    expect((await p.checkpoint()).parameters).toEqual(before.parameters);
  });

  it('a fork leaves its origin alone', async () => {
    const before = await policy.checkpoint();
    const p = await policy.fork();
    await p.accumulate(examples, sft, tokens);
    await p.apply({ learningRate: 0.1 });
    expect((await policy.checkpoint()).parameters).toEqual(before.parameters);
  });
});
