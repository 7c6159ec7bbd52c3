import { float32List } from '../../method/export/numbers';
import { encodeResponse, join } from '../../method/operators';
import { sum } from '../../method/statistics';
import type { OnnxPolicy } from '../../policy/onnx-policy';
import type { Sequence } from '../../policy/types';
import { interruptSignal } from '../interrupt';
import { readJsonl, type JsonObject } from '../jsonl';
import { printJson, Progress } from '../output';
import { loadPolicy } from '../policy';

/** Rows scored and printed together. */
const BATCH = 64;

export interface ScoreOptions {
  policy: string;
  data: string;
  eos: boolean;
  threads: number;
}

export async function score({ policy: dir, data, eos, threads }: ScoreOptions): Promise<void> {
  const policy = await loadPolicy(dir, threads);
  const signal = interruptSignal();
  // All rows are read before the first is scored, so that a malformed one is reported before there is output.
  const sequences = await readJsonl(data, (row) => parseRow(row, policy, eos));
  const progress = new Progress('scored rows');
  for (let at = 0; at < sequences.length; at += BATCH) {
    const batch = sequences.slice(at, at + BATCH);
    const scores = await policy.score(batch, signal);
    for (const [i, { ids, from }] of batch.entries()) {
      const { logProbs } = scores[i]!;
      await printJson({
        tokens: Array.from(ids.subarray(from)),
        logProbs: float32List(logProbs),
        sum: Number(sum(logProbs).toPrecision(12)),
      });
    }
    progress.update(at + batch.length, sequences.length);
  }
  await policy.dispose();
}

/** A row as a sequence. @throws Error that says what is wrong with it. */
export function parseRow(row: JsonObject, policy: Pick<OnnxPolicy, 'config' | 'tokenizer' | 'maxLength'>, eos: boolean): Sequence {
  const sequence = 'ids' in row ? fromIds(row, policy.config.vocabSize) : fromText(row, policy, eos);
  const { ids } = sequence;
  if (ids.length > policy.maxLength) throw new Error(`${ids.length} tokens, but the policy's context is ${policy.maxLength}.`);
  return sequence;
}

function fromIds({ ids, from }: JsonObject, vocabSize: number): Sequence {
  const isToken = (id: unknown) => Number.isInteger(id) && (id as number) >= 0 && (id as number) < vocabSize;
  if (!Array.isArray(ids) || !ids.every(isToken)) throw new Error(`"ids" must be a list of token ids from 0 to ${vocabSize - 1}.`);
  if (!Number.isInteger(from) || (from as number) < 1 || (from as number) >= ids.length) {
    throw new Error(`"from" must be a whole number from 1 to ${Math.max(1, ids.length - 1)}: the first position of the response.`);
  }
  return { ids: Int32Array.from(ids as number[]), from: from as number };
}

function fromText({ prompt, completion }: JsonObject, { tokenizer }: Pick<OnnxPolicy, 'tokenizer'>, eos: boolean): Sequence {
  if (typeof prompt !== 'string' || typeof completion !== 'string') {
    throw new Error('a row needs "ids" and "from", or "prompt" and "completion" as texts.');
  }
  const promptIds = tokenizer.encode(prompt);
  const response = eos ? encodeResponse(tokenizer, completion) : tokenizer.encode(completion);
  if (promptIds.length === 0) throw new Error('"prompt" is empty: the first response token needs something to follow.');
  if (response.length === 0) throw new Error('"completion" is empty, and without the end-of-sequence token there is nothing to score.');
  return { ids: join(promptIds, response), from: promptIds.length };
}
