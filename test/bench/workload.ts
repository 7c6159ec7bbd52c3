/** The work that is timed, the same on every backend: sampling and training with the bundled policy on the built-in world. */
import { bindObjective } from '../../src/method/objectives';
import { encodePrompt, join } from '../../src/method/operators';
import type { TrainablePolicy, TrainExample } from '../../src/policy/types';
import { tinymath } from '../../src/tasks/tinymath';

export interface Speed {
  /** Useful tokens per second: up to and including EOS. */
  sample: number;
  /** Tokens of prompt and response per second through forward, backward and AdamW. */
  train: number;
  sampledTokens: number;
}

const PROBLEMS = 32;
const K = 16;
const BATCH = 32;

/** Each of the two is timed after a pass of the same shapes, which builds sessions and warms up. */
export async function measureSpeed(policy: TrainablePolicy, seed: number): Promise<Speed> {
  const task = tinymath(policy.tokenizer);
  const problems = task.problems('validation', PROBLEMS, 1);
  const prompts = problems.map((p) => ({ key: p.id, tokens: encodePrompt(policy.tokenizer, task.messages(p)).tokens }));
  const examples: TrainExample[] = [];
  const sample = async (streams: number): Promise<number> => {
    let tokens = 0;
    examples.length = 0;
    const request = { prompts, n: K, temperature: 1, topP: 1, seed: streams, purpose: 'bench', maxNewTokens: 128 };
    for await (const r of policy.sample(request)) {
      tokens += r.tokens.length;
      if (examples.length < BATCH) examples.push({ ids: join(r.prompt, r.tokens), from: r.prompt.length });
    }
    return tokens;
  };
  await sample(seed);
  let started = performance.now();
  const sampledTokens = await sample(seed + 1);
  const sampleRate = sampledTokens / ((performance.now() - started) / 1000);

  const trainee = await policy.fork();
  const objective = bindObjective({ id: 'dft' });
  const responses = examples.reduce((n, e) => n + e.ids.length - e.from, 0);
  const step = async (): Promise<void> => {
    await trainee.accumulate(examples, objective, responses);
    await trainee.apply({ learningRate: 0 });
  };
  await step();
  await step();
  const steps = 5;
  started = performance.now();
  for (let i = 0; i < steps; i++) await step();
  const all = examples.reduce((n, e) => n + e.ids.length, 0) * steps;
  const train = all / ((performance.now() - started) / 1000);
  await trainee.dispose();
  return { sample: sampleRate, train, sampledTokens };
}
