/** What the bundled policy is trained from: an endless, seeded stream of examples from the world's own part of the problems. */
import { createRandom, type Random } from '../../policy/random';
import type { Tokenizer } from '../../policy/types';
import { pretokenEncoder } from './encode';
import { FAMILIES, PRETRAINING, type Family } from './families';
import { drawInSplit } from './generate';
import { sample } from './grammar';
import { plainMessages, retellMessages } from './prompts';
import { question } from './question';
import { expertVoice, ownVoice } from './voices';

export interface PretrainingExample {
  prompt: Int32Array;
  /** EOS included. */
  response: Int32Array;
  family: string;
  format: 'own' | 'expert' | 'retell';
}

function weighted(families: readonly Family[], weight: (f: Family) => number, random: Random): Family {
  let u = random.next() * families.reduce((sum, f) => sum + weight(f), 0);
  for (const f of families) {
    u -= weight(f);
    if (u < 0) return f;
  }
  return families.find((f) => weight(f) > 0)!;
}

/** The same examples for the same seed and tables. Problems come from the `pretrain` split only. */
export function* pretrainingTexts(
  seed: number,
): Generator<{ prompt: string; response: string; family: string; format: PretrainingExample['format']; retell: boolean }> {
  const random = createRandom(seed, 'tinymath/pretraining');
  for (;;) {
    const u = random.next();
    const format = u < PRETRAINING.retell ? 'retell' : u < PRETRAINING.retell + PRETRAINING.expertVoice ? 'expert' : 'own';
    const f = weighted(FAMILIES, (x) => (format === 'retell' ? x.retell : x.pretrain), random);
    const instance = drawInSplit(f, 'pretrain', random);
    const asked = question(instance);
    const expert = format === 'own' ? '' : sample(expertVoice(instance.expression), random);
    const messages = format === 'retell' ? retellMessages(asked, expert) : plainMessages(asked);
    const response = format === 'expert' ? expert : sample(ownVoice(instance.expression), random);
    yield { prompt: messages[0]!.content, response, family: f.id, format, retell: format === 'retell' };
  }
}

/** `pretrainingTexts` as token ids under the tokenizer's chat template. */
export function* pretrainingExamples(tokenizer: Tokenizer, seed: number): Generator<PretrainingExample, never, void> {
  const encode = pretokenEncoder(tokenizer);
  // The template is rendered once around a marker: what surrounds a single user message does not depend on its content.
  const marker = 'content';
  const [before, after] = tokenizer.renderChat(plainMessages(marker)).split(marker) as [string, string];
  const [head, tail] = [tokenizer.encode(before), tokenizer.encode(after)];
  for (const { prompt, response, family, format } of pretrainingTexts(seed)) {
    const answer = encode(response);
    const full = new Int32Array(answer.length + 1);
    full.set(answer);
    full[answer.length] = tokenizer.eosId;
    yield { prompt: Int32Array.of(...head, ...encode(prompt), ...tail), response: full, family, format };
  }
  throw new Error('the pre-training stream does not end');
}
