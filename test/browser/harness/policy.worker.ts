/** The micro policy on a browser backend: what sampling, scoring and training give there, for comparison between backends. */
import { exp, mul, neg, stopGradient, softmax, log, encode, input } from '../../../src/tensor';
import type { Objective } from '../../../src/policy/objective';
import { createWebRuntime, type WebBackend } from '../../../src/policy/runtime/web';
import { microPolicy, microTokenizer } from '../../../src/policy/testing/micro';
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
  };
}

self.onmessage = (event: MessageEvent<PolicyRequest>) => {
  run(event.data).then(
    (reply) => postMessage(reply),
    (error: unknown) => postMessage({ error: String(error) }),
  );
};
