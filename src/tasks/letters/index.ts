/**
 * The letters world: an example of a task that is not mathematics. Words are written backwards, sorted, shifted along the alphabet. The task itself
 * is data (`lettersTask` writes it, `public/tasks/letters.json` is what it wrote); `lettersWorld` is the stream that its policy
 * (`static-models/letters`) was trained on.
 */
import { createRandom } from '../../policy/random';
import { fillTemplate } from '../dataset/template';
import type { PromptTemplate, TaskRow, TaskSet, TaskSpec } from '../dataset/types';
import { sample } from '../grammar/grammar';
import type { PolicyRecipe, World, WorldText } from '../world';
import { FAMILIES, PRETRAINING, type Family, type Split } from './families';
import { drawHand, weighted } from '../hands';
import { HANDS_OF, ownText, type CorpusId } from './hands';
import { expertVoice } from './voices';
import { drawInSplit, question, result } from './words';

const PROMPT: PromptTemplate = { user: '{question}' };
const RETELL: PromptTemplate = { user: '{question}\nSomebody wrote: {expert}\nSay it your own way.' };

/** What both voices' answers follow. */
const GRADER: TaskSpec['grader'] = {
  id: 'exact',
  options: { marker: 'answer is | result:', where: 'marker', whitespace: 'ignore' },
};

/** The same texts for the same seed and tables. Words come from the `pretrain` part only. */
export function* pretrainingTexts(seed: number, corpus: CorpusId): Generator<WorldText> {
  const random = createRandom(seed, `letters/pretraining/${corpus}`);
  for (;;) {
    const u = random.next();
    const format = u < PRETRAINING.retell ? 'retell' : u < PRETRAINING.retell + PRETRAINING.expertVoice ? 'expert' : 'own';
    const chosen = weighted(FAMILIES, (f) => (format === 'retell' ? f.retell : f.pretrain), random);
    const instance = drawInSplit(chosen, 'pretrain', random);
    const asked = question(instance);
    const expert = sample(expertVoice(instance), random);
    const template = format === 'retell' ? RETELL : PROMPT;
    const hand = drawHand(HANDS_OF[corpus], format === 'retell', random);
    const response = format === 'expert' ? expert : ownText(instance, random, hand);
    yield { prompt: fillTemplate(template.user, { question: asked, expert }), response, family: chosen.id, format };
  }
}

/** Skill first and the hands last, as in the built-in world. */
const POLICY: PolicyRecipe = {
  name: 'letters',
  description: 'the policy of the example task, read careful and careless authors',
  size: { layers: 3, hidden: 96, headDim: 16 },
  microBatches: 1,
  phases: [
    { corpus: 'clean', steps: 1400, learningRate: 4e-3, warmup: 30, schedule: 'constant' },
    { corpus: 'clean', steps: 600, learningRate: 4e-3, warmup: 0, schedule: 'cosine' },
    { corpus: 'hands', steps: 400, learningRate: 2e-3, warmup: 20, schedule: 'cosine' },
  ],
};

export const lettersWorld: World = {
  id: 'letters',
  vocabSize: 416,
  maxLength: 256,
  about:
    'The own voice is written by several hands, careful and careless (`src/tasks/letters/hands.ts`). Words come from the pre-training part of each family; ' +
    'the questions of `public/tasks/letters.json` were never seen. Moving letters five places on (`far-3`, `far-4`, `mirror-far-3`) is rare in plain ' +
    'questions and frequent in retellings; words of nine letters (`reverse-9`, `next-9`) and of six (`reverse-6`, `next-6`) are not in the data at all.',
  corpora: { clean: (seed) => pretrainingTexts(seed, 'clean'), hands: (seed) => pretrainingTexts(seed, 'hands') },
  // The hands use no word that the flawless text does not.
  texts: (seed) => pretrainingTexts(seed, 'clean'),
  policies: [POLICY],
};

const SET_SIZES = { train: 256, validation: 64, test: 64 } as const;
const TEST_SETS: Record<Family['test'], string> = {
  easy: 'The shortest words, one thing to do.',
  middle: 'Words of three and four letters.',
  hard: 'Longer words, two things to do, far shifts, and words longer than any that the policy was trained on.',
  longer: 'Words of six letters, in no training row.',
};

/** The task as data: the same for the same seed. */
export function lettersTask(seed = 1): TaskSpec {
  const testSets = Object.keys(TEST_SETS) as Family['test'][];
  const mixed = FAMILIES.filter((f) => f.train > 0);
  return {
    format: 'mind-the-gap/task',
    version: 1,
    id: 'letters',
    name: 'Letters',
    description:
      'Made-up words, written backwards, sorted or shifted along the alphabet; their letters are written apart. An example of a task that is not ' +
      'mathematics. The policy “letters” was trained on words like these.',
    prompt: PROMPT,
    retell: RETELL,
    grader: GRADER,
    sets: [
      drawSet('train', 'Training', 'The mixture that the arms learn from.', SET_SIZES.train, mixed, 'train', seed),
      drawSet('validation', 'Validation', 'The same mixture, other words.', SET_SIZES.validation, mixed, 'validation', seed),
      ...testSets.map((id) => {
        const own = FAMILIES.filter((f) => f.test === id).map((f) => ({ ...f, train: 1 }));
        return drawSet(id, id[0]!.toUpperCase() + id.slice(1), TEST_SETS[id], SET_SIZES.test, own, 'test', seed);
      }),
    ],
    testSets,
  };
}

/** Families take turns by their weights: the one furthest behind its share is next. No question comes twice. */
function drawSet(
  id: string,
  name: string,
  description: string,
  size: number,
  families: readonly Family[],
  split: Split,
  seed: number,
): TaskSet {
  const total = families.reduce((sum, f) => sum + f.train, 0);
  const random = createRandom(seed, `letters/${id}`);
  const drawn = families.map(() => 0);
  const seen = new Set<string>();
  const rows: TaskRow[] = [];
  while (rows.length < size) {
    const behind = families.map((f, k) => (f.train / total) * (rows.length + 1) - drawn[k]!);
    const k = behind.indexOf(Math.max(...behind));
    const instance = drawInSplit(families[k]!, split, random);
    const key = `${instance.family}/${instance.word.join('')}`;
    if (seen.has(key)) continue;
    seen.add(key);
    drawn[k]!++;
    rows.push({
      id: `${id}-${rows.length + 1}`,
      question: question(instance),
      gold: result(instance).join(' '),
      expert: sample(expertVoice(instance), random),
      family: instance.family,
    });
  }
  return { id, name, description, rows };
}
