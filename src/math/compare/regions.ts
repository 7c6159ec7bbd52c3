import { isExpression, negative, number, symbolsOf, type Answer, type Expression, type RelationOperator } from '../parse/ast';
import { asRational, Canonicaliser } from './canonical';
import { no, yes, type Context, type Outcome } from './context';
import { compareOnTheLine, infinite, INFINITY, MINUS_INFINITY, type Interval, type PointSet } from './pointsets';
import { TooManyTermsError } from './polynomial';
import { ONE, sign, UndefinedValueError, type Rational } from './rational';
import { compareScalars } from './scalar';

/** A set of reals with the variable it is a condition on, if one is named. */
interface Region {
  name: string | null;
  set: PointSet;
}

/** Whether `a` can only be read as a part of the real line and `b` can be read so too. A pair (a, b) alone is a tuple as well. */
export function isRegion(a: Answer, b: Answer, context: Context): boolean {
  return isOnlyRegion(a) && toRegion(a, context) !== null && toRegion(b, context) !== null;
}

function isOnlyRegion(a: Answer): boolean {
  return (
    a.kind === 'union' ||
    a.kind === 'intersection' ||
    a.kind === 'difference' ||
    (a.kind === 'relation' && a.operators.some((operator) => operator !== '=')) ||
    (a.kind === 'symbol' && a.name === 'set:R') ||
    (a.kind === 'list' && a.items.length > 0 && a.items.every(isOnlyRegion))
  );
}

export function comparePointSets(gold: Answer, prediction: Answer, context: Context): Outcome {
  if (closesInfinity(prediction) && !closesInfinity(gold)) return no('infinity belongs to no interval, so its bracket is round');
  const [g, p] = [toRegion(gold, context)!, toRegion(prediction, context)!];
  if (g.name && p.name && g.name !== p.name) return no(`conditions on different variables: ${g.name} and ${p.name}`);
  return compareOnTheLine(g.set, p.set, context) ?? compareAsWritten(g.set, p.set, context);
}

/** Whether a square bracket stands beside an infinity. */
function closesInfinity(answer: Answer): boolean {
  if (answer.kind === 'union' || answer.kind === 'intersection') return answer.parts.some(closesInfinity);
  if (answer.kind === 'relation') return closesInfinity(answer.parts.at(-1)!);
  if (answer.kind !== 'tuple' || answer.items.length !== 2) return false;
  const [low, high] = answer.items;
  return (
    (answer.open === '[' && isExpression(low!) && infinite(low) !== 0) ||
    (answer.close === ']' && isExpression(high!) && infinite(high) !== 0)
  );
}

/** Intervals with letters for ends have no order on the line: they are compared one by one. */
function compareAsWritten(gold: PointSet, prediction: PointSet, context: Context): Outcome {
  const [left, right] = [intervalsOf(gold), intervalsOf(prediction)];
  if (!left || !right) return no('conditions with letters of different form');
  if (left.length !== right.length) return no(`different numbers of intervals: ${left.length} and ${right.length}`);
  for (const [index, a] of left.entries()) {
    const b = right[index]!;
    if (
      closedAt(a.low, a.lowClosed) !== closedAt(b.low, b.lowClosed) ||
      closedAt(a.high, a.highClosed) !== closedAt(b.high, b.highClosed)
    ) {
      return no('an endpoint belongs to one and not to the other');
    }
    if (!sameEnd(a.low, b.low, context) || !sameEnd(a.high, b.high, context)) return no('different endpoints');
  }
  return yes(left.length === 1 ? 'the same interval' : 'the same union of intervals');
}

const sameEnd = (a: Expression, b: Expression, context: Context): boolean =>
  infinite(a) || infinite(b) ? infinite(a) === infinite(b) : compareScalars(a, b, context).equal;

/** Infinity belongs to no interval, whatever bracket is written. */
const closedAt = (end: Expression, closed: boolean): boolean => closed && infinite(end) === 0;

function intervalsOf(set: PointSet): Interval[] | null {
  if (set.kind === 'interval') return [set];
  if (set.kind === 'points') return set.values.map((value) => interval(value, value, true, true));
  if (set.kind === 'difference' || set.kind === 'intersection') return null;
  const parts = set.parts.map(intervalsOf);
  return parts.some((part) => part === null) ? null : parts.flatMap((part) => part!);
}

const interval = (low: Expression, high: Expression, lowClosed: boolean, highClosed: boolean): Interval => ({
  kind: 'interval',
  low,
  high,
  lowClosed,
  highClosed,
});
const LINE = interval(MINUS_INFINITY, INFINITY, false, false);
const without = (from: PointSet, value: Expression): PointSet => ({
  kind: 'difference',
  from,
  without: { kind: 'points', values: [value] },
});

function toRegion(answer: Answer, context: Context): Region | null {
  switch (answer.kind) {
    case 'tuple': {
      const [low, high] = answer.items;
      if (answer.items.length !== 2 || !low || !high || !isExpression(low) || !isExpression(high)) return null;
      return { name: null, set: interval(low, high, answer.open === '[', answer.close === ']') };
    }
    case 'symbol':
      return answer.name === 'set:R' ? { name: null, set: LINE } : null;
    case 'words':
      return answer.text === 'no solution' ? { name: null, set: { kind: 'points', values: [] } } : null;
    case 'set':
      return answer.items.every(isExpression) ? { name: null, set: { kind: 'points', values: answer.items } } : null;
    case 'union':
    case 'intersection':
      return combined(answer.kind, answer.parts, context);
    case 'list':
      if (answer.items.every(isExpression)) return { name: null, set: { kind: 'points', values: answer.items } };
      return combined(answer.or ? 'union' : 'either', answer.items, context);
    case 'difference': {
      const [from, taken] = [toRegion(answer.from, context), asSet(answer.without, context)];
      return from && taken && { name: from.name ?? taken.name, set: { kind: 'difference', from: from.set, without: taken.set } };
    }
    case 'relation':
      return relationRegion(answer.parts, answer.operators, context);
    default:
      return null;
  }
}

/** A number alone, where a set is expected, is the set of it. */
const asSet = (answer: Answer, context: Context): Region | null =>
  toRegion(answer, context) ?? (isExpression(answer) ? { name: null, set: { kind: 'points', values: [answer] } } : null);

function combined(kind: 'union' | 'intersection' | 'either', answers: Answer[], context: Context): Region | null {
  const parts = answers.map((part) => (kind === 'either' ? toRegion(part, context) : asSet(part, context)));
  if (parts.some((part) => part === null)) return null;
  const names = new Set(parts.map((part) => part!.name).filter((name) => name !== null));
  return names.size > 1 ? null : { name: [...names][0] ?? null, set: { kind, parts: parts.map((part) => part!.set) } };
}

function relationRegion(parts: Answer[], operators: RelationOperator[], context: Context): Region | null {
  const [first, second] = parts;
  if (!first || !second) return null;
  if (operators.length === 1 && operators[0] === 'in') {
    const inner = toRegion(second, context);
    return inner && first.kind === 'symbol' ? { name: first.name, set: inner.set } : null;
  }
  if (!parts.every(isExpression)) return null;
  if (operators.length === 1 && operators[0] === '!=') {
    return first.kind === 'symbol' && symbolsOf(second as Expression).length === 0
      ? { name: first.name, set: without(LINE, second as Expression) }
      : null;
  }
  return chainRegion(parts, operators, context);
}

/** a ≤ x < b, x > a, the same with a linear expression in x, and with |…| around it. */
function chainRegion(parts: Expression[], operators: RelationOperator[], context: Context): Region | null {
  const descending = operators.every((operator) => operator === '>' || operator === '>=');
  if (!descending && !operators.every((operator) => operator === '<' || operator === '<=')) return null;
  const chain = descending ? [...parts].reverse() : parts;
  const closed = (descending ? [...operators].reverse() : operators).map((operator) => operator.length === 2);
  const at = chain.length === 3 ? 1 : chain.length === 2 ? variableSide(chain[0]!, chain[1]!) : -1;
  const middle = chain[at];
  const modulus = middle?.kind === 'call' && middle.name === 'abs';
  const line = middle && linear(modulus ? middle.args[0]! : middle, context);
  if (!middle || !line || chain.some((part, index) => index !== at && symbolsOf(part).includes(line.name))) return null;
  const low = chain[at - 1];
  const high = chain[at + 1];
  const here = interval(low ?? MINUS_INFINITY, high ?? INFINITY, low !== undefined && closed[at - 1]!, high !== undefined && closed[at]!);
  if (!modulus) return { name: line.name, set: solved(here, line) };
  if (!low) return high ? { name: line.name, set: solved({ ...here, low: negative(high), lowClosed: here.highClosed }, line) } : null;
  const mirrored = interval(high ? negative(high) : MINUS_INFINITY, negative(low), here.highClosed, here.lowClosed);
  return { name: line.name, set: { kind: 'union', parts: [solved(mirrored, line), solved(here, line)] } };
}

/** Which side of a < b is the variable: the one with a letter; of two letters the left one, unless the right one stands alone in bars. */
function variableSide(a: Expression, b: Expression): 0 | 1 {
  if (symbolsOf(b).length === 0) return 0;
  if (symbolsOf(a).length === 0) return 1;
  const plain = (part: Expression): boolean => part.kind === 'symbol' || (part.kind === 'call' && part.name === 'abs');
  return plain(a) && !(b.kind === 'call' && a.kind === 'symbol') ? 0 : 1;
}

interface Line {
  name: string;
  slope: Rational;
  offset: Rational;
}

/** slope · x + offset with rational coefficients, or null. */
function linear(expression: Expression, context: Context): Line | null {
  if (expression.kind === 'symbol') return { name: expression.name, slope: ONE, offset: { n: 0n, d: 1n } };
  const [name, ...others] = symbolsOf(expression);
  if (name === undefined || others.length > 0) return null;
  try {
    const { over, under } = new Canonicaliser(context.budget).of(expression);
    if (asRational({ over: under, under })?.n !== 1n) return null;
    const line: Line = { name, slope: { n: 0n, d: 1n }, offset: { n: 0n, d: 1n } };
    for (const { monomial, coefficient } of over.values()) {
      const [factor] = monomial;
      if (!factor) line.offset = coefficient;
      else if (monomial.length === 1 && factor[0] === name && factor[1].n === 1n && factor[1].d === 1n) line.slope = coefficient;
      else return null;
    }
    return line.slope.n === 0n ? null : line;
  } catch (error) {
    if (error instanceof UndefinedValueError || error instanceof TooManyTermsError) return null;
    throw error;
  }
}

/** The interval of x in which slope · x + offset lies in the given one. */
function solved(values: Interval, { slope, offset }: Line): Interval {
  if (slope.n === 1n && slope.d === 1n && offset.n === 0n) return values;
  const down = sign(slope) < 0;
  const solve = (end: Expression): Expression => {
    const direction = infinite(end);
    if (direction) return direction > 0 === down ? MINUS_INFINITY : INFINITY;
    return { kind: 'quotient', over: { kind: 'sum', terms: [end, negative(number(offset))] }, under: number(slope) };
  };
  return down
    ? interval(solve(values.high), solve(values.low), values.highClosed, values.lowClosed)
    : interval(solve(values.low), solve(values.high), values.lowClosed, values.highClosed);
}
