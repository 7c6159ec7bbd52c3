import { describe, expect, it } from 'vitest';
import { createRandom } from '../../policy/random';
import { parse } from '../tinymath/arithmetic';
import { choice, enumerate, sample, sequence, text, tokenLogProbs, type Node } from './grammar';
import { GAPS } from '../tinymath/gap';
import { expertVoice } from '../tinymath/voices';

const EOS = 0;
/** One token a character. */
const characters = (piece: string): Int32Array => Int32Array.from(piece, (c) => c.codePointAt(0)!);
const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);
const logProbs = (node: Node, piece: string) => tokenLogProbs(node, [...characters(piece), EOS], characters, EOS);

function expectExact(node: Node): void {
  const all = enumerate(node);
  expect(sum(all.values())).toBeCloseTo(1, 12);
  let total = 0;
  for (const [t, p] of all) {
    const s = sum(logProbs(node, t));
    expect(s).toBeCloseTo(Math.log(p), 10);
    total += Math.exp(s);
  }
  expect(total).toBeCloseTo(1, 10);
}

describe('token log-probs', () => {
  it('are conditional: certain tokens cost nothing, choices their share, EOS competes with going on', () => {
    const node = sequence('a', choice([3, 'b'], [1, 'c']), choice([1, ''], [1, 'd']));
    const got = [...logProbs(node, 'ab')];
    expect(got[0]).toBe(0);
    expect(got[1]).toBeCloseTo(Math.log(3 / 4), 12);
    expect(got[2]).toBeCloseTo(Math.log(1 / 2), 12);
    expectExact(node);
  });

  it('sum over the derivations of an ambiguous text', () => {
    // 'aab' comes from a+ab and from aa+b: ½·½ + ½·½, and each is one of the texts aab, aab, ab, aaab.
    const node = sequence(choice('a', 'aa'), choice('ab', 'b'));
    expect(enumerate(node).get('aab')).toBeCloseTo(0.5, 12);
    expect(sum(logProbs(node, 'aab'))).toBeCloseTo(Math.log(0.5), 12);
    expectExact(node);
  });

  it('merge what may still follow, so that cost does not grow with the number of derivations', () => {
    // 2^400 derivations of one text.
    const node = sequence(...Array.from({ length: 400 }, () => choice('x', text('x'))));
    expect(sum(logProbs(node, 'x'.repeat(400)))).toBeCloseTo(0, 9);
  });

  it('are −Infinity from the first impossible token on, and finite before it', () => {
    const node = sequence('ab', choice('c', 'd'));
    expect([...logProbs(node, 'abe')]).toEqual([0, 0, -Infinity, -Infinity]);
    expect([...logProbs(node, 'abcc')].slice(3)).toEqual([-Infinity, -Infinity]);
    expect([...logProbs(node, 'ab')][2]).toBe(-Infinity);
  });

  it.each(['12+7', '12+7-5', '(3+4)*2', '14*23'])('agree with enumeration for the expert of %s at every gap', (source) => {
    for (const gap of GAPS) expectExact(expertVoice(parse(source), gap));
  });

  it('are the frequencies of samples', () => {
    const node = sequence(choice([2, 'a'], [1, 'ab']), choice([1, 'b'], [1, '']));
    const random = createRandom(3, 'test');
    const counts = new Map<string, number>();
    const n = 20_000;
    for (let i = 0; i < n; i++) {
      const t = sample(node, random);
      counts.set(t, (counts.get(t) ?? 0) + 1);
    }
    for (const [t, p] of enumerate(node)) expect(Math.abs(counts.get(t)! / n - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n));
  });

  it('rejects a choice without positive weights', () => {
    expect(() => choice()).toThrow(/at least one option/);
    expect(() => choice([0, 'a'])).toThrow(/positive/);
  });
});
