/** What the bundled policy is trained from: an endless, seeded stream of examples from the world's own part of the problems. */
import { createRandom, type Random } from '../../policy/random';
import { sample } from '../grammar/grammar';
import type { World, WorldText } from '../world';
import { FAMILIES, PRETRAINING, type Family } from './families';
import { drawInSplit } from './generate';
import { plainMessages, retellMessages } from './prompts';
import { question } from './question';
import { expertVoice, ownVoice } from './voices';

function weighted(families: readonly Family[], weight: (f: Family) => number, random: Random): Family {
  let u = random.next() * families.reduce((sum, f) => sum + weight(f), 0);
  for (const f of families) {
    u -= weight(f);
    if (u < 0) return f;
  }
  return families.find((f) => weight(f) > 0)!;
}

/** The same examples for the same seed and tables. Problems come from the `pretrain` split only. */
export function* pretrainingTexts(seed: number): Generator<WorldText> {
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
    yield { prompt: messages[0]!.content, response, family: f.id, format };
  }
}

export const tinymathWorld: World = { id: 'tinymath', vocabSize: 512, texts: pretrainingTexts };
