/** The work that both sides of a pair get: prompts and sequences of the built-in world, as plain arrays that cross to a worker. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodePrompt, encodeResponse } from '../../src/method/operators';
import { loadTokenizer } from '../../src/policy/tokenizer';
import { tinymath } from '../../src/tasks/tinymath';
import { MODEL } from './paths';
import type { TrainBatch } from './engine';

export const MAX_NEW_TOKENS = 128;

const text = (file: string): string => readFileSync(join(MODEL, file), 'utf8');
const tokenizer = loadTokenizer(text('tokenizer.json'), text('tokenizer_config.json'));
const task = tinymath(tokenizer);

/** Token ids of the plain prompts of `count` validation problems. */
export function prompts(count: number): number[][] {
  return task.problems('validation', count, 1).map((p) => [...encodePrompt(tokenizer, task.messages(p)).tokens]);
}

/** Training examples as they come: a prompt and the expert's text, each of its own length. */
export function raggedBatch(size: number): TrainBatch {
  const examples = task.problems('train', size, 1).map((p) => {
    const prompt = [...encodePrompt(tokenizer, task.messages(p)).tokens];
    return { ids: [...prompt, ...encodeResponse(tokenizer, task.demonstration(p).text)], from: prompt.length };
  });
  return { examples };
}

/** Sequences of one length, cut from the world's texts end to end: `length` positions each, the first quarter of them as the prompt. */
export function squareBatch(size: number, length: number): TrainBatch {
  const stream = raggedBatch(Math.ceil((size * (length + 1)) / 40)).examples.flatMap((e) => e.ids);
  if (stream.length < size * (length + 1)) throw new Error('The world gave too little text for this batch.');
  const from = Math.max(1, Math.floor(length / 4));
  return {
    examples: Array.from({ length: size }, (_, i) => ({ ids: stream.slice(i * (length + 1), (i + 1) * (length + 1)), from })),
  };
}
