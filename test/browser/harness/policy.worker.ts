/** The micro policy on a browser backend: what sampling, scoring and training give there, for comparison between backends. */
import { exp, mul, neg, stopGradient, softmax, log, encode, input } from '../../../src/tensor';
import { adamwInPlace } from '../../../src/policy/adamw';
import { decayMask, parameterTable } from '../../../src/policy/parameters';
import type { Runtime } from '../../../src/policy/runtime/types';
import type { Objective } from '../../../src/policy/objective';
import { createWebRuntime, type WebBackend } from '../../../src/policy/runtime/web';
import { MICRO, microPolicy, microTokenizer } from '../../../src/policy/testing/micro';
import { Sym } from '../../../src/tensor';

export interface PolicyRequest {
  backend: WebBackend;
  threads?: number;
  /** Build one graph that the GPU provider cannot place whole, instead of the policy. */
  control?: boolean;
}
export interface PolicyReply {
  texts: string[];
  sampled: number[][];
  nucleus: string[];
  greedy: string;
  scores: { logProbs: number[]; entropies: number[] }[];
  losses: number[];
  nlls: number[];
  norms: number[];
  parameters: number[];
  /** The same steps with figures read after the last. */
  later?: { losses: number[]; norms: number[]; parameters: number[]; step: number };
  update?: UpdateReply;
}
/** The device's AdamW beside the loop over arrays. */
interface UpdateReply {
  /** Largest differences of parameters and moments after one update. */
  worst: number[];
  /** By what was wrong: whether the update reports it, the one after it does, and nothing has changed. */
  refused: Record<string, boolean[]>;
  /** Whether updates go on after the reports were read. */
  goesOn: boolean;
}

const dft: Objective = { key: 'dft', needs: [], loss: ({ logp }) => neg(mul(stopGradient(exp(logp)), logp)) };
const examples = ['abc|defgh.', 'hello|world.', 'm|nop.'].map((s) => {
  const [p, r] = s.split('|') as [string, string];
  return { ids: microTokenizer.encode(p + r), from: p.length };
});

async function run({ backend, threads = 1, control = false }: PolicyRequest): Promise<PolicyReply | { placed: true }> {
  const runtime = await createWebRuntime(backend, threads, { strict: true });
  if (control) {
    const x = input('x', [4, 8]);
    const logSoftmax = new Sym({ name: 'logSoftmax', onnx: 'LogSoftmax' }, [x], x.shape, x.dtype, { axis: -1 });
    await runtime.createSession(encode({ y: logSoftmax, z: log(softmax(x)) }));
    return { placed: true };
  }
  const policy = microPolicy(runtime, 1, 4);
  const sample = async (temperature: number, topP: number, n: number) => {
    const prompts = ['abc', 'hello'].map((key) => ({ key, tokens: microTokenizer.encode(key) }));
    const out = [];
    for await (const r of policy.sample({ prompts, n, temperature, topP, seed: 3, purpose: 'harness', maxNewTokens: 10 })) out.push(r);
    return out.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.candidate - b.candidate));
  };
  const text = (r: { tokens: Int32Array }): string => microTokenizer.decode(r.tokens, false);
  const rollouts = await sample(1, 1, 3);
  const nucleus = await sample(0.8, 0.7, 3);
  const greedy = await sample(0, 1, 1);
  const scores = await policy.score(examples);
  const tokens = examples.reduce((n, e) => n + e.ids.length - e.from, 0);
  const losses: number[] = [];
  const nlls: number[] = [];
  const norms: number[] = [];
  for (let i = 0; i < 3; i++) {
    const sums = await policy.accumulate(examples, dft, tokens);
    losses.push(sums.loss / tokens);
    nlls.push(sums.nll / tokens);
    norms.push((await policy.apply({ learningRate: 0.01 })).gradNorm);
  }
  const { parameters } = await policy.checkpoint();
  await policy.dispose();
  const other = microPolicy(runtime, 1, 4);
  let later: PolicyReply['later'];
  if (other.deferred) {
    for (let i = 0; i < 3; i++) await other.deferred.step(examples, dft, tokens, { learningRate: 0.01 });
    const reports = await other.deferred.read();
    const { parameters, step } = await other.checkpoint();
    later = {
      losses: reports.map(({ sums }) => sums.loss / tokens),
      norms: reports.map(({ gradNorm }) => gradNorm),
      parameters: Array.from(parameters.subarray(0, 200)),
      step,
    };
  }
  await other.dispose();
  const update = runtime.adamw && (await updates(runtime));
  await runtime.dispose();
  return {
    texts: rollouts.map(text),
    sampled: rollouts.map((r) => Array.from(r.logProbs)),
    nucleus: nucleus.map(text),
    greedy: greedy.map(text).join('|'),
    scores: scores.map((s) => ({ logProbs: Array.from(s.logProbs), entropies: Array.from(s.entropies) })),
    losses,
    nlls,
    norms,
    parameters: Array.from(parameters.subarray(0, 200)),
    ...(later && { later }),
    ...(update && { update }),
  };
}

async function updates(runtime: Runtime): Promise<UpdateReply> {
  const table = parameterTable(MICRO);
  const wave = (seed: number, scale: number): Float32Array =>
    Float32Array.from({ length: table.size }, (_, i) => scale * Math.sin(i * 12.9898 + seed));
  const start = [wave(1, 1), wave(2, 0.1), wave(3, 0.01).map(Math.abs), wave(4, 3)] as const;
  const settings = {
    learningRate: 0.01,
    beta1: 0.9,
    beta2: 0.95,
    epsilon: 1e-8,
    weightDecay: 0.1,
    clipNorm: 1,
    correction1: 0.5,
    correction2: 0.3,
  };
  const [p, m, v, g] = start.map((x) => x.slice()) as [Float32Array, Float32Array, Float32Array, Float32Array];
  adamwInPlace(table, p, m, v, g, settings);

  const adamw = runtime.adamw!(decayMask(table));
  const upload = (data: Float32Array) => runtime.upload([data.length], data);
  const state = { parameters: upload(start[0]), m: upload(start[1]), v: upload(start[2]), gradient: upload(g) };
  const withLoss = (loss: number) => [upload(Float32Array.of(1, 1, 0, 0, 0, 0, 0)), upload(Float32Array.of(1, loss, 0, 0, 0, 0, 0))];
  await adamw.update(state, settings, withLoss(2));
  const differences = async (): Promise<number[]> => {
    const got = (await runtime.readAll!([state.parameters, state.m, state.v])) as Float32Array[];
    return [p, m, v].map((want, i) => Math.max(...got[i]!.map((x, at) => Math.abs(x - want[at]!))));
  };
  const worst = await differences();
  const applied = async (): Promise<boolean[]> => (await adamw.read()).map((r) => r.applied);
  await applied();
  const refused: UpdateReply['refused'] = {};
  const wrong: [string, number, number][] = [
    ['NaN', NaN, 1],
    ['infinite', -Infinity, 1],
    ['too large a square', 1e20, 1],
    ['loss', 0.1, NaN],
  ];
  for (const [name, value, loss] of wrong) {
    const gradient = g.slice();
    gradient[5] = value;
    runtime.write(state.gradient, gradient);
    await adamw.update(state, settings, withLoss(loss));
    runtime.write(state.gradient, g);
    await adamw.update(state, settings, withLoss(1));
    const unchanged = (await differences()).every((x, i) => x === worst[i]);
    refused[name] = [...(await applied()).map((x) => !x), unchanged];
  }
  await adamw.update(state, settings, withLoss(1));
  return { worst, refused, goesOn: (await applied())[0]! };
}

self.onmessage = (event: MessageEvent<PolicyRequest>) => {
  run(event.data).then(
    (reply) => postMessage(reply),
    (error: unknown) => postMessage({ error: String(error) }),
  );
};
