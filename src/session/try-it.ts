/** The try-it box: one sample, or one given response, token by token. */
import { encodePrompt, encodeResponse, join } from '../method/operators/prepare';
import type { Policy, Tokenizer } from '../policy/types';
import type { OneSample, SamplePiece, ScoredText } from '../protocol/messages';
import type { Task } from '../tasks/types';
import { HintedError } from '../base/errors';

/** At most so often is an answer shown while it grows. */
const PART_MS = 100;

/** No problem of a set: the question is the reader's own and nothing grades the answer. */
function promptTokens(policy: Policy, task: Task, question: string): Int32Array {
  const messages = task.messages({ id: 'try-it', family: '', question, gold: '' });
  return encodePrompt(policy.tokenizer, messages).tokens;
}

/**
 * Each token's part of the text. Bytes of one character may be spread over tokens: the character then belongs to the token that
 * completes it. `complete`: no more tokens will come.
 */
export function pieces(tokenizer: Tokenizer, tokens: Int32Array, complete = true): string[] {
  let before = '';
  return Array.from(tokens, (_, i) => {
    const text = tokenizer.decode(tokens.subarray(0, i + 1));
    const whole = (complete && i === tokens.length - 1) || !text.endsWith('\uFFFD');
    const piece = whole && text.startsWith(before) ? text.slice(before.length) : '';
    if (whole) before = text;
    return piece;
  });
}

/** @throws HintedError when the question does not fit the policy's context. */
export async function sampleOne(
  policy: Policy,
  task: Task,
  request: { question: string; temperature: number; seed: number; maxNewTokens: number; signal: AbortSignal },
  onPart: (pieces: SamplePiece[]) => void = () => undefined,
): Promise<OneSample> {
  const tokens = promptTokens(policy, task, request.question);
  const room = policy.maxLength - tokens.length;
  if (room < 1) throw tooLong(tokens.length, policy.maxLength);
  const { temperature, seed, signal } = request;
  const shown = (tokens: Int32Array, logProbs: ArrayLike<number>, complete: boolean): SamplePiece[] =>
    pieces(policy.tokenizer, tokens, complete).map((text, i) => ({ text, logProb: logProbs[i]! }));
  let last = -Infinity;
  const part = (tokens: readonly number[], logProbs: readonly number[]): void => {
    if (performance.now() - last < PART_MS) return;
    onPart(shown(Int32Array.from(tokens), logProbs, false));
    last = performance.now();
  };
  const sampling = {
    n: 1,
    temperature,
    topP: 1,
    seed,
    purpose: 'try-it',
    maxNewTokens: Math.min(room, request.maxNewTokens),
    signal,
    onPart: part,
  };
  for await (const rollout of policy.sample({ prompts: [{ key: request.question, tokens }], ...sampling })) {
    const { tokens, logProbs, finish } = rollout;
    return { text: policy.tokenizer.decode(tokens), finish, pieces: shown(tokens, logProbs, true) };
  }
  throw new Error('The policy returned no sample.');
}

/** @throws HintedError when question and response do not fit the policy's context. */
export async function scoreText(policy: Policy, task: Task, question: string, response: string, signal: AbortSignal): Promise<ScoredText> {
  const prompt = promptTokens(policy, task, question);
  const tokens = encodeResponse(policy.tokenizer, response);
  const length = prompt.length + tokens.length;
  if (length > policy.maxLength) throw tooLong(length, policy.maxLength);
  const [score] = await policy.score([{ ids: join(prompt, tokens), from: prompt.length }], signal);
  const texts = pieces(policy.tokenizer, tokens);
  return { pieces: texts.map((text, i) => ({ text, logProb: score!.logProbs[i]!, entropy: score!.entropies[i]! })) };
}

function tooLong(tokens: number, limit: number): HintedError {
  return new HintedError(`This text is ${tokens} tokens long; the policy reads at most ${limit}.`, 'Shorten it and try again.');
}
