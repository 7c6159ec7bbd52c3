/** A short comparison of backends: sampling and training tokens per second of one policy as it is. */
import { bindObjective } from '../method/objectives';
import { join } from '../method/operators/prepare';
import type { ChatMessage, TrainablePolicy, TrainExample } from '../policy/types';
import type { BackendSpeed } from '../protocol/messages';

const SAMPLES = 32;
const NEW_TOKENS = 48;

/** `problem` is one of the kind that the policy works on. Leaves the policy unchanged. Runs once before the clock starts: the first run builds sessions and compiles shaders. */
export async function measure(policy: TrainablePolicy, problem: ChatMessage[], signal: AbortSignal): Promise<BackendSpeed> {
  const { tokenizer } = policy;
  const prompt = tokenizer.encode(tokenizer.renderChat(problem));
  const maxNewTokens = Math.min(NEW_TOKENS, policy.maxLength - prompt.length);
  const examples: TrainExample[] = [];
  const sample = async (seed: number): Promise<number> => {
    examples.length = 0;
    let tokens = 0;
    const prompts = [{ key: 'measure', tokens: prompt }];
    const request = { prompts, n: SAMPLES, temperature: 1, topP: 1, seed, purpose: 'measure', maxNewTokens, signal };
    for await (const rollout of policy.sample(request)) {
      tokens += rollout.tokens.length;
      examples.push({ ids: join(prompt, rollout.tokens), from: prompt.length });
    }
    return tokens;
  };
  await sample(0);
  const sampling = await rate(() => sample(1), signal);

  // A learning rate of 0 on a fork: all the work, no change.
  const trainee = await policy.fork();
  try {
    const objective = bindObjective({ id: 'sft' });
    const step = async (): Promise<number> => {
      const response = examples.reduce((sum, { ids, from }) => sum + ids.length - from, 0);
      await trainee.accumulate(examples, objective, response);
      await trainee.apply({ learningRate: 0 });
      return examples.reduce((sum, { ids }) => sum + ids.length, 0);
    };
    await step();
    return { sample: sampling, train: await rate(step, signal) };
  } finally {
    await trainee.dispose();
  }
}

/** Units of `work` per second: at least half a second of it, at most 8 times. */
async function rate(work: () => Promise<number>, signal: AbortSignal): Promise<number> {
  const started = performance.now();
  let units = 0;
  let seconds = 0;
  for (let i = 0; i < 8 && seconds < 0.5; i++) {
    signal.throwIfAborted();
    units += await work();
    seconds = (performance.now() - started) / 1000;
  }
  return units / seconds;
}

/** Seconds per token of a run that samples as much as it trains. */
export function cost({ sample, train }: BackendSpeed): number {
  return 1 / sample + 1 / train;
}
