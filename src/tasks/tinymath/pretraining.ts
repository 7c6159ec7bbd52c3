/** What the bundled policies are trained from: endless, seeded streams of examples from the world's own part of the problems. */
import { createRandom, type Random } from '../../policy/random';
import { sample } from '../grammar/grammar';
import type { World, WorldText } from '../world';
import { FAMILIES, type Family } from './families';
import { drawInSplit } from './generate';
import { drawHand } from '../hands';
import { HANDS_OF, ownText, TOKENIZER_HANDS, type CorpusId } from './hands';
import { POLICIES } from './policies';
import { plainMessages, retellMessages } from './prompts';
import { question } from './question';
import type { Gap } from './gap';
import { expertVoice } from './voices';

/** Shares of a corpus's examples by format; the other plain prompts are answered in the policy's own voice. */
interface Shares {
  /** Plain prompt, expert's voice. */
  expert: number;
  /** Retell prompt, own voice. */
  retell: number;
}

export const CORPORA: Readonly<Record<CorpusId, Shares>> = {
  clean: { expert: 0.08, retell: 0.2 },
  hands: { expert: 0.08, retell: 0.2 },
  assistant: { expert: 0.01, retell: 0.4 },
};

/** How often the expert of a demonstration merges how much: every setting of the dial is in the corpus. */
export const GAP_SHARES: Readonly<Record<Gap, number>> = { small: 0.25, medium: 0.25, large: 0.5 };

function weighted<T>(options: readonly T[], weight: (option: T) => number, random: Random): T {
  let u = random.next() * options.reduce((sum, option) => sum + weight(option), 0);
  for (const option of options) {
    u -= weight(option);
    if (u < 0) return option;
  }
  return options.find((option) => weight(option) > 0)!;
}

/** The same examples for the same seed and tables. Problems come from the `pretrain` split only. */
export function* pretrainingTexts(seed: number, corpus: CorpusId = 'clean', hands = HANDS_OF[corpus]): Generator<WorldText> {
  const random = createRandom(seed, `tinymath/pretraining/${corpus}`);
  const shares = CORPORA[corpus];
  const gaps = Object.keys(GAP_SHARES) as Gap[];
  for (;;) {
    const u = random.next();
    const format = u < shares.retell ? 'retell' : u < shares.retell + shares.expert ? 'expert' : 'own';
    const f = weighted(FAMILIES, (x: Family) => (format === 'retell' ? x.retell : x.pretrain), random);
    const instance = drawInSplit(f, 'pretrain', random);
    const asked = question(instance);
    const gap = weighted(gaps, (one) => GAP_SHARES[one], random);
    const expert = format === 'own' ? '' : sample(expertVoice(instance.expression, gap), random);
    const messages = format === 'retell' ? retellMessages(asked, expert) : plainMessages(asked);
    const hand = drawHand(hands, format === 'retell', random);
    const response = format === 'expert' ? expert : ownText(instance.expression, random, hand);
    yield { prompt: messages[0]!.content, response, family: f.id, format };
  }
}

/** Every corpus in turn, so that one tokenizer serves all policies. */
function* allTexts(seed: number): Generator<WorldText> {
  const streams = (Object.keys(CORPORA) as CorpusId[]).map((corpus) => pretrainingTexts(seed, corpus, TOKENIZER_HANDS[corpus]));
  for (;;) for (const stream of streams) yield stream.next().value as WorldText;
}

export const tinymathWorld: World = {
  id: 'hands',
  vocabSize: 512,
  maxLength: 384,
  about:
    'The own voice is written by several hands, careful and careless (`src/tasks/tinymath/hands.ts`); the corpus holds the expert’s voice at every gap. ' +
    'Problems come from the pre-training part of each family; the problems of the notebook were never seen.',
  corpora: {
    clean: (seed) => pretrainingTexts(seed, 'clean'),
    hands: (seed) => pretrainingTexts(seed, 'hands'),
    assistant: (seed) => pretrainingTexts(seed, 'assistant'),
  },
  texts: allTexts,
  policies: POLICIES,
};
