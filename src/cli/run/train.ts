import { realpath } from 'node:fs/promises';
import { ARM_DEFINITIONS, SHARED_TRAINING } from '../../method/arms';
import { bindObjective } from '../../method/objectives';
import { encodeResponse, join } from '../../method/operators';
import { trainArm } from '../../method/train';
import type { ArmId, ObjectiveSpec, TrainConfig } from '../../method/types';
import type { ChatMessage, Tokenizer, TrainExample } from '../../policy/types';
import { asInput, InputError } from '../errors';
import { interruptSignal } from '../interrupt';
import { readJsonl, type JsonObject } from '../jsonl';
import { log, printJson, Progress } from '../output';
import { loadPolicy, savePolicy } from '../policy';

export interface TrainOptions {
  policy: string;
  data: string;
  objective: string;
  set?: Record<string, number>;
  /** The older name of `set`. */
  param?: Record<string, number>;
  out: string;
  lr?: number;
  epochs: number;
  batch: number;
  warmup: number;
  weightDecay: number;
  clip: number;
  maxLength?: number;
  seed: number;
  threads: number;
}

export async function train(options: TrainOptions): Promise<void> {
  const objective: ObjectiveSpec = { id: options.objective, params: { ...options.param, ...options.set } };
  await asInput(() => bindObjective(objective));
  const same = async (path: string) => realpath(path).catch(() => path);
  if ((await same(options.out)) === (await same(options.policy)))
    throw new InputError('--out is the policy to start from; choose another folder.');
  const policy = await loadPolicy(options.policy, options.threads);
  const examples = await readJsonl(options.data, (row) => parseExample(row, policy.tokenizer));
  const config: TrainConfig = {
    objective,
    learningRate: options.lr ?? defaultRate(objective.id),
    warmup: options.warmup,
    epochs: options.epochs,
    batchSize: options.batch,
    seed: options.seed,
    weightDecay: options.weightDecay,
    clipNorm: options.clip,
    beta1: SHARED_TRAINING.beta1,
    beta2: SHARED_TRAINING.beta2,
    maxLength: options.maxLength ?? policy.maxLength,
  };
  const limit = Math.min(config.maxLength, policy.maxLength);
  if (!examples.some(({ ids }) => ids.length <= limit)) {
    throw new InputError(`${options.data}: every row is longer than ${limit} tokens, prompt and response together.`);
  }
  const progress = new Progress('steps');
  for await (const event of trainArm(policy, examples, config, undefined, interruptSignal())) {
    if (event.type === 'start') {
      log(
        `${event.examples} examples${event.filtered ? ` (${event.filtered} overlong ones filtered)` : ''}, ${event.steps} steps, learning rate ${config.learningRate}`,
      );
    } else {
      await printJson(event.metrics);
      progress.update(event.metrics.step, event.metrics.steps, `NLL ${event.metrics.nll.toFixed(4)}`);
    }
  }
  await savePolicy(policy, options.out);
  log(`${options.out} written`);
  await policy.dispose();
}

/** The rate of the arm with this objective on rewritten data. */
function defaultRate(objective: string): number {
  const arm = `dr+${objective}` as ArmId;
  return Object.hasOwn(ARM_DEFINITIONS, arm) ? ARM_DEFINITIONS[arm].learningRate : ARM_DEFINITIONS['dr+dft'].learningRate;
}

/** A row of training data: prompt and completion as texts, or a chat that ends with the assistant. @throws Error saying what is wrong. */
export function parseExample(row: JsonObject, tokenizer: Tokenizer): TrainExample {
  const { prompt, completion } = 'messages' in row ? fromChat(row['messages'], tokenizer) : row;
  if (typeof prompt !== 'string' || typeof completion !== 'string') {
    throw new Error('a row needs "prompt" and "completion" as texts, or "messages" as a chat.');
  }
  const promptIds = tokenizer.encode(prompt);
  if (promptIds.length === 0) throw new Error('the prompt is empty: the first response token needs something to follow.');
  return { ids: join(promptIds, encodeResponse(tokenizer, completion)), from: promptIds.length };
}

function fromChat(messages: unknown, tokenizer: Tokenizer): { prompt: string; completion: string } {
  if (!Array.isArray(messages) || !messages.every(isMessage)) {
    throw new Error('"messages" must be a list of {"role": "system" | "user" | "assistant", "content": "…"}.');
  }
  const last = messages.at(-1);
  if (messages.length < 2 || last?.role !== 'assistant') throw new Error('"messages" must end with the assistant\'s answer to something.');
  return { prompt: tokenizer.renderChat(messages.slice(0, -1)), completion: last.content };
}

function isMessage(value: unknown): value is ChatMessage {
  if (typeof value !== 'object' || value === null) return false;
  const { role, content } = value as JsonObject;
  return (role === 'system' || role === 'user' || role === 'assistant') && typeof content === 'string';
}
