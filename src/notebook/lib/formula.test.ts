import { describe, expect, it } from 'vitest';
import { segments } from './formula';

const kinds = (answer: string): string[] => segments(answer).map(({ kind, text }) => `${kind}: ${text}`);

describe('what of an answer is a formula', () => {
  it.each([
    ['\\frac{1}{2}', ['formula: \\frac{1}{2}']],
    ['$x^2$ cm', ['formula: x^2', 'text:  cm']],
    ['$1$ and \\(2\\)', ['formula: 1', 'text:  and ', 'formula: 2']],
    ['-42', ['formula: -42']],
    ['x=5', ['formula: x=5']],
    ['x', ['formula: x']],
    ['5 apples', ['text: 5 apples']],
    ['$1,000', ['formula: $1,000']],
    ['Evelyn', ['text: Evelyn']],
    ['<img src=x onerror=alert(1)>', ['text: <img src=x onerror=alert(1)>']],
    ['شش 6', ['text: شش 6']],
  ])('%s', (answer, expected) => expect(kinds(answer)).toEqual(expected));

  it('marks of direction are taken out, long texts stay text', () => {
    expect(kinds('\u202e12')).toEqual(['formula: 12']);
    expect(segments('\\frac{'.repeat(10_000))[0]!.kind).toBe('text');
  });
});
