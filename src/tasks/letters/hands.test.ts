import { describe, expect, it } from 'vitest';
import { createRandom } from '../../policy/random';
import { FAMILIES, type Operation } from './families';
import { drawHand } from '../hands';
import { HANDS_OF, ownText, slipped, type Hand } from './hands';
import { lettersWorld, pretrainingTexts } from './index';
import { drawInSplit, result, shifted } from './words';

const random = () => createRandom(7, 'test');
const instance = (word: string, operation: Operation) => ({ family: 'test', operation, word: [...word] });
const HANDS: readonly Hand[] = HANDS_OF.hands;
const GUESSER = HANDS.find(({ id }) => id === 'guesser')!;

describe('hands', () => {
  it.each(Object.entries(HANDS_OF))('of %s come by their shares', (_, hands: readonly Hand[]) => {
    const r = random();
    for (const retelling of [false, true]) {
      const share = (hand: Hand) => (retelling ? hand.retellShare : hand.share);
      const drawn = Array.from({ length: 4000 }, () => drawHand(hands, retelling, r).id);
      const total = hands.reduce((sum, hand) => sum + share(hand), 0);
      for (const hand of hands)
        expect(Math.abs(drawn.filter((id) => id === hand.id).length / 4000 - share(hand) / total), hand.id).toBeLessThan(0.03);
    }
  });

  it.each(HANDS.filter((hand) => hand !== GUESSER).map((hand) => ({ hand })))(
    '$hand.id slips at the rate of the table, carries the wrong letter on, and ends with what was written last',
    ({ hand }) => {
      const r = random();
      const gold = 'lin'; // n i l, the end of the word first.
      let wrong = 0;
      for (let i = 0; i < 1500; i++) {
        const text = ownText(instance('nil', { reverse: true, shift: 1 }), r, hand);
        const [first, second, answer] = text.slice(0, -1).split('.') as [string, string, string];
        const moved = first.split(',').map((part) => part.at(-1)!);
        const given = [...second.matchAll(/(\w) gives (\w)/g)].map(([, from, to]) => ({ from: from!, to: to! }));
        expect(given.map(({ from }) => from)).toEqual(moved);
        expect(answer.endsWith(` answer is ${given.map(({ to }) => to).join(' ')}`), text).toBe(true);
        wrong += moved.filter((letter, at) => letter !== gold[at]).length;
        wrong += given.filter(({ from, to }) => to !== shifted(from, 1)).length;
      }
      expect(Math.abs(wrong / (1500 * 6) - hand.slip)).toBeLessThan(0.015);
    },
  );

  it('the guesser spells nothing out, and is wrong more often the longer the word', () => {
    const rightOf = (word: string) => {
      const r = random();
      const asked = instance(word, { reverse: true });
      const gold = `The answer is ${result(asked).join(' ')}.`;
      const texts = Array.from({ length: 2000 }, () => ownText(asked, r, GUESSER));
      for (const text of texts) expect(text).toMatch(/^The answer is( [a-z])+\.$/);
      return texts.filter((text) => text === gold).length / 2000;
    };
    expect(rightOf('nil')).toBeCloseTo(1 - (GUESSER.slip + 3 * GUESSER.slipPerLetter!), 1);
    expect(rightOf('nilad')).toBeCloseTo(1 - (GUESSER.slip + 5 * GUESSER.slipPerLetter!), 1);
  });

  it('a slip is the letter before or after, around the end of the alphabet', () => {
    const r = random();
    expect(new Set(Array.from({ length: 50 }, () => slipped('a', r)))).toEqual(new Set(['b', 'z']));
    expect(new Set(Array.from({ length: 50 }, () => slipped('m', r)))).toEqual(new Set(['l', 'n']));
  });

  it('without one the own voice is flawless', () => {
    const r = random();
    for (const family of FAMILIES)
      for (let i = 0; i < 20; i++) {
        const asked = drawInSplit(family, 'pretrain', r);
        expect(ownText(asked, r)).toMatch(new RegExp(`answer is ${result(asked).join(' ')}\\.$`));
      }
  });

  it('write with the words of the flawless text alone, on which the tokenizer is trained', () => {
    const words = (corpus: 'clean' | 'hands') => {
      const texts = pretrainingTexts(1, corpus);
      return new Set(
        Array.from({ length: 3000 }, () => (texts.next().value as { response: string }).response.match(/[A-Za-z]{2,}/g)!).flat(),
      );
    };
    const clean = words('clean');
    expect([...words('hands')].filter((word) => !clean.has(word))).toEqual([]);
  });

  it('the policy reads flawless text first and the hands last', () => {
    const [policy] = lettersWorld.policies;
    expect(policy!.phases.map(({ corpus }) => corpus)).toEqual(['clean', 'clean', 'hands']);
    expect(policy!.phases.at(-1)!.schedule).toBe('cosine');
  });
});
