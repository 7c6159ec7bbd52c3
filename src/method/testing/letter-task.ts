/**
 * A world for the bigram policy. A problem's gold is a letter; ':' ends the plain prompt, after which the policy guesses; the retell prompt
 * ends in the gold's capital, after which it mostly knows. Letters 'a' to 'd' are easy, 'e' to 'g' only with help, 'h' never. For tests only.
 */
import type { Problem, Task } from '../../tasks/types';
import { CharTokenizer, TabularPolicy } from './tabular-policy';

const LETTERS = 'abcdefgh';
export const tokenizer = new CharTokenizer(`${LETTERS}${LETTERS.toUpperCase()}!?:0123456789`);

export const letterTask: Task = {
  id: 'letters',
  name: 'Letters',
  sets: ['train', 'validation', 'low', 'high'].map((id) => ({ id, name: id, description: id })),
  testSets: ['low', 'high'],
  problems(set, count, seed) {
    return Array.from({ length: count }, (_, i): Problem => {
      const letters = set === 'low' ? 'abcd' : set === 'high' ? 'efgh' : LETTERS;
      const gold = letters[(i + seed) % letters.length]!;
      return { id: `${set}-${String(i).padStart(3, '0')}`, family: gold, question: String(i), gold };
    });
  },
  demonstration: ({ gold }) => ({ text: `!${gold}`, logProbs: Float64Array.from([Math.log(0.5), Math.log(0.25), 0]) }),
  messages: ({ question }) => [{ role: 'user', content: `${question}:` }],
  retellMessages: ({ question }, expertText) => [{ role: 'user', content: `${question}?${expertText.slice(-1).toUpperCase()}` }],
  grade(problem, response) {
    const prediction = response.slice(-1) || null;
    return {
      correct: prediction === problem.gold,
      rule: 'last letter',
      status: prediction ? 'ok' : 'no-answer',
      prediction,
      gold: problem.gold,
    };
  },
};

/** A fresh policy of that world. */
export function letterPolicy(maxLength = 64): TabularPolicy {
  const size = tokenizer.vocabSize;
  const id = (char: string) => tokenizer.encode(char)[0]!;
  const logits = new Float32Array(size * size).fill(-6);
  const set = (previous: string, next: number, logit: number) => (logits[id(previous) * size + next] = logit);
  for (const letter of LETTERS) {
    set(':', id(letter), letter <= 'd' ? 2 : letter <= 'g' ? -4 : -12);
    set('!', id(letter), 1);
    if (letter !== 'h') set(letter.toUpperCase(), id(letter), 2);
    set(letter.toUpperCase(), id('a'), 2);
    set(letter, tokenizer.eosId, 3);
    set(letter, id('b'), 0);
  }
  set(':', id('!'), -2);
  set(':', id('h'), -12);
  set('!', id('h'), -12);
  set('H', id('h'), -12);
  return new TabularPolicy(tokenizer, logits, maxLength);
}

export const rewriteConfig = {
  set: 'train',
  problems: 40,
  dataSeed: 1,
  k: 4,
  temperature: 1,
  topP: 1,
  seed: 7,
  maxNewTokens: 8,
  chunk: 12,
};
