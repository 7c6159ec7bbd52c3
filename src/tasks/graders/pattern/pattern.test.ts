import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../../policy/random';
import { pattern } from './match';

const settings = { whole: false, ignoreCase: false };

/** A random pattern over a, b and spaces, small enough that the platform's engine does not backtrack for long. */
function randomPattern(random: Random, depth: number): string {
  const atom = () =>
    depth > 0 && random.int(4) === 0
      ? `${random.pick(['(', '(?:', '(?<n>'])}${randomPattern(random, depth - 1)})`
      : random.pick(['a', 'b', 'c', '.', '[ab]', '[^a]', '\\w', '\\s', '\\p{Lu}', '\\u{1F600}', '😀', '\\.', '\\b', '\\B', '^', '$', 'A']);
  const quantified = () => {
    const a = atom();
    return /^(?:\\b|\\B|\^|\$)$/.test(a) ? a : a + random.pick(['', '', '', '*', '+', '?', '{2}', '{1,}', '{0,2}', '*?', '+?']);
  };
  const sequence = () => Array.from({ length: random.int(4) }, quantified).join('');
  const text = Array.from({ length: 1 + random.int(2) }, sequence).join('|');
  // A group's name may occur once.
  let n = 0;
  return text.replace(/\(\?<n\w*>/g, () => `(?<n${depth}x${n++}>`);
}

describe('patterns in linear time', () => {
  it('agree with the platform on random patterns and texts', () => {
    const random = createRandom(3, 'pattern');
    const signs = ['a', 'b', 'c', 'A', ' ', '.', '😀', '\n', '1'];
    let matched = 0;
    let tried = 0;
    for (let i = 0; i < 1500; i++) {
      const source = randomPattern(random, 2).replace(/\(\?<n\w*>/g, '(');
      for (const [whole, ignoreCase] of [
        [true, false],
        [false, true],
      ] as const) {
        const flags = ignoreCase ? 'isu' : 'su';
        const native = new RegExp(whole ? `^(?:${source})$` : source, flags);
        const ours = pattern(source, { whole, ignoreCase });
        for (let j = 0; j < 6; j++) {
          const text = Array.from({ length: random.int(7) }, () => random.pick(signs)).join('');
          // V8 also tries \B between the two halves of a code point.
          if (source.includes('\\B') && text.includes('😀')) continue;
          expect(ours.test(text), `/${source}/${flags} on ${JSON.stringify(text)}`).toBe(native.test(text));
          tried++;
          if (native.test(text)) matched++;
        }
      }
    }
    // Both answers occur often, or the comparison says little.
    expect(matched).toBeGreaterThan(tried / 10);
    expect(matched).toBeLessThan((tried * 9) / 10);
  });

  it.each(['(a+)+$', '(a|a)*b', '(a*)*b', '(.*a){20}', '([a-z]+)*\\d', '(a?){50}a{50}'])(
    'answer /%s/, on which backtracking never ends',
    (source) => {
      const started = performance.now();
      expect(pattern(source, { whole: true, ignoreCase: false }).test(`${'a'.repeat(2000)}!`)).toBe(false);
      expect(performance.now() - started).toBeLessThan(2000);
    },
  );

  it('stop where text × pattern is too large', () => {
    expect(pattern('(?:a?){900}b', settings).test('a'.repeat(20_000))).toBe('timeout');
  });

  it.each([
    ['(?=a)', /looks around with “\(\?=”/],
    ['(?<!a)b', /looks around/],
    ['(a)\\1', /refers back with “\\1”/],
    ['(?<x>a)\\k<x>', /refers back/],
    ['a{3000}', /too large/],
    ['((?:){1000}){1000}', /too large/],
    ['('.repeat(200) + ')'.repeat(200), /nested more than 100 deep/],
    ['[', /not a regular expression/],
  ])('refuse %s with a reason', (source, message) => {
    expect(() => pattern(source, settings)).toThrow(message);
  });
});
