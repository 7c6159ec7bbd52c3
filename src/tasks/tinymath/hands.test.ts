import { describe, expect, it } from 'vitest';
import { createRandom } from '../../policy/random';
import { evaluate, parse, steps } from './arithmetic';
import { FAMILIES } from './families';
import { GAPS, gapOf, worldTask } from './gap';
import { drawInstance } from './generate';
import { drawHand } from '../hands';
import { HANDS_OF, ownText, slipped } from './hands';
import { GAP_SHARES, pretrainingTexts } from './pretraining';
import { styleOf } from './style';
import { expertVoice } from './voices';
import { sample } from '../grammar/grammar';

const random = () => createRandom(7, 'test');

describe('hands', () => {
  it.each(Object.entries(HANDS_OF).map(([corpus, hands]) => ({ corpus, hands })))('of $corpus come by their shares', ({ hands }) => {
    const r = random();
    for (const retelling of [false, true]) {
      const drawn = Array.from({ length: 4000 }, () => drawHand(hands, retelling, r).id);
      const total = hands.reduce((sum, hand) => sum + (retelling ? hand.retellShare : hand.share), 0);
      for (const hand of hands) {
        const share = (retelling ? hand.retellShare : hand.share) / total;
        expect(Math.abs(drawn.filter((id) => id === hand.id).length / 4000 - share), hand.id).toBeLessThan(0.03);
      }
    }
  });

  it('slip at the rate of the table, carry the wrong value on, and end with what they wrote last', () => {
    const expression = parse('(12+30-7)*2');
    for (const hand of HANDS_OF.hands.filter(({ next }) => Object.keys(next).length > 0)) {
      const r = random();
      let [written, wrong] = [0, 0];
      for (let i = 0; i < 1500; i++) {
        const text = ownText(expression, r, hand);
        const style = styleOf(text);
        written += style.steps;
        wrong += style.slips;
        const values = [...text.matchAll(/=(\d+)\./g)].map(([, value]) => value);
        expect(text.endsWith(`${values.at(-1)}.`)).toBe(true);
      }
      expect(written).toBe(1500 * steps(expression).length);
      expect(Math.abs(wrong / written - hand.slip), hand.id).toBeLessThan(0.025);
    }
  });

  it('the guesser writes no step, and is wrong more often the longer the problem', () => {
    const guesser = HANDS_OF.hands.find(({ id }) => id === 'guesser')!;
    const rightOf = (source: string) => {
      const r = random();
      const gold = `The answer is ${evaluate(parse(source))}.`;
      return Array.from({ length: 1000 }, () => ownText(parse(source), r, guesser)).filter((text) => text === gold).length / 1000;
    };
    expect(rightOf('12+7')).toBeCloseTo(0.4, 1);
    expect(rightOf('12+7-5')).toBeCloseTo(0.1, 1);
    expect(rightOf('12+7-5+9')).toBe(0);
  });

  it('a slip changes one digit by one and keeps the length', () => {
    const r = random();
    for (let i = 0; i < 500; i++) {
      const value = r.int(2000);
      const [a, b] = [String(value), String(slipped(value, r))];
      expect(b).toHaveLength(a.length);
      const changed = [...a].map((digit, at) => Math.abs(Number(digit) - Number(b[at]))).filter((by) => by > 0);
      expect(changed).toEqual([1]);
    }
  });

  it('without one the own voice is flawless', () => {
    const r = random();
    for (const f of FAMILIES) expect(styleOf(ownText(drawInstance(f, r).expression, r)).slips).toBe(0);
  });
});

describe('style', () => {
  it('reads openings and steps, and no merged expression', () => {
    expect(styleOf('First 12+7=19. Then 19*3=58. The answer is 58.')).toEqual({ opening: 'careful', steps: 2, slips: 1 });
    expect(styleOf('Start with 12+7=19. The answer is 19.')).toEqual({ opening: 'hasty', steps: 1, slips: 0 });
    expect(styleOf('The answer is 57.')).toEqual({ opening: 'none', steps: 0, slips: 0 });
    expect(styleOf('We look at the whole problem. From the whole problem we get (12+7)*3=57.').steps).toBe(0);
    expect(styleOf('From the whole problem we get 12+7-5=14.').steps).toBe(0);
  });
});

describe('the expert’s gap', () => {
  it('merges at most one, two or three operations in a sentence, in the same words', () => {
    const r = random();
    for (const f of FAMILIES) {
      const { expression } = drawInstance(f, r);
      const sentences = GAPS.map((gap) => sample(expertVoice(expression, gap), r).match(/=|as the value of/g)!.length);
      const n = steps(expression).length;
      expect(sentences[0]).toBe(n);
      expect(sentences[1]).toBeGreaterThanOrEqual(Math.ceil(n / 2));
      expect(sentences[2]).toBeGreaterThanOrEqual(Math.ceil(n / 3));
      expect(sentences[2]! <= sentences[1]! && sentences[1]! <= sentences[0]!).toBe(true);
    }
  });

  it('names tasks, and every setting is in the corpus', () => {
    for (const gap of GAPS) expect(gapOf(worldTask(gap))).toBe(gap);
    expect(gapOf('letters')).toBeNull();
    expect(Object.keys(GAP_SHARES)).toEqual(GAPS);
    const formats = new Set<string>();
    const texts = pretrainingTexts(3, 'assistant');
    for (let i = 0; i < 200; i++) formats.add(texts.next().value!.format);
    expect([...formats].sort()).toEqual(expect.arrayContaining(['own', 'retell']));
  });
});
