import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asChain, evaluate, format, parse, steps, type Expression } from './arithmetic';

const expression = fc.letrec<{ e: Expression }>((tie) => ({
  e: fc.oneof(
    { maxDepth: 4 },
    fc.nat(99),
    fc.record({ op: fc.constantFrom('+' as const, '-' as const, '*' as const, '/' as const), left: tie('e'), right: tie('e') }),
  ),
})).e;

describe('expressions', () => {
  it('format and parse are inverse, with no needless parentheses', () => {
    fc.assert(
      fc.property(expression, (e) => {
        expect(parse(format(e))).toEqual(e);
      }),
    );
    expect(format(parse('((12+7)*3)-5'))).toBe('(12+7)*3-5');
    expect(format(parse('12-(7-5)'))).toBe('12-(7-5)');
  });

  it('lists the operations in order with where operands come from', () => {
    expect(steps(parse('(8-2)*(3+4)')).map((s) => [s.left, s.op, s.right, s.value, s.leftFrom, s.rightFrom])).toEqual([
      [8, '-', 2, 6, -1, -1],
      [3, '+', 4, 7, -1, -1],
      [6, '*', 7, 42, 0, 1],
    ]);
    expect(evaluate(parse('27*34-12*15'))).toBe(738);
  });

  it('knows chains from trees', () => {
    expect(asChain(parse('(12+7)*3-5'))).toEqual({
      start: 12,
      ops: [
        { op: '+', operand: 7 },
        { op: '*', operand: 3 },
        { op: '-', operand: 5 },
      ],
    });
    expect(asChain(parse('2*3-4*5'))).toBeNull();
  });

  it.each(['', '12+', '(3', '3)', 'a', '1.5', '--1'])('says where %j is broken', (source) => {
    expect(() => parse(source)).toThrow(/not an arithmetic expression at character \d/);
  });
});
