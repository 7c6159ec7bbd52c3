import { isExpression, negative, symbolsOf, type Answer, type Expression, type RelationOperator } from '../parse/ast';
import { no, yes, type Context, type Outcome } from './context';
import { numericValue } from './sample';
import { compareScalars } from './scalar';

/** A piece of the real line, or a single point. */
interface Interval {
  low: Expression;
  high: Expression;
  lowClosed: boolean;
  highClosed: boolean;
}

interface Region {
  /** The variable it is a condition on, if one is named. */
  name: string | null;
  intervals: Interval[];
}

const INFINITY: Expression = { kind: 'constant', name: 'infinity' };
const MINUS_INFINITY = negative(INFINITY);

/** Whether `a` can only be read as a part of the real line and `b` can be read so too. A pair (a, b) alone is a tuple as well. */
export function isRegion(a: Answer, b: Answer): boolean {
  const only =
    a.kind === 'union' ||
    a.kind === 'difference' ||
    (a.kind === 'relation' && a.operators.some((operator) => operator !== '=')) ||
    (a.kind === 'symbol' && a.name === 'set:R') ||
    (a.kind === 'list' && a.items.length > 0 && a.items.every((item) => isRegion(item, item)));
  return only && toRegion(a) !== null && toRegion(b) !== null;
}

export function comparePointSets(gold: Answer, prediction: Answer, context: Context): Outcome {
  const [g, p] = [toRegion(gold)!, toRegion(prediction)!];
  if (g.name && p.name && g.name !== p.name) return no(`conditions on different variables: ${g.name} and ${p.name}`);
  const [left, right] = [sorted(g.intervals, context), sorted(p.intervals, context)];
  if (left.length !== right.length) return no(`different numbers of intervals: ${left.length} and ${right.length}`);
  for (const [index, a] of left.entries()) {
    const b = right[index]!;
    if (
      closedAt(a.low, a.lowClosed) !== closedAt(b.low, b.lowClosed) ||
      closedAt(a.high, a.highClosed) !== closedAt(b.high, b.highClosed)
    ) {
      return no('an endpoint belongs to one and not to the other');
    }
    if (!compareScalars(a.low, b.low, context).equal || !compareScalars(a.high, b.high, context).equal) return no('different endpoints');
  }
  return yes(left.length === 1 ? 'the same interval' : 'the same union of intervals');
}

/** Infinity belongs to no interval, whatever bracket is written. */
const closedAt = (end: Expression, closed: boolean): boolean =>
  closed && end.kind !== 'constant' && !(end.kind === 'product' && end.factors[1]?.kind === 'constant');

function sorted(intervals: Interval[], context: Context): Interval[] {
  const place = (end: Expression): number => {
    if (end.kind === 'constant' && end.name === 'infinity') return Infinity;
    if (end.kind === 'product' && end.factors[1] === INFINITY) return -Infinity;
    if (end.kind === 'product' && end.factors.length === 2 && end.factors[1]!.kind === 'constant' && end.factors[1].name === 'infinity')
      return -Infinity;
    return symbolsOf(end).length ? NaN : (numericValue(end, context.budget)?.re ?? NaN);
  };
  const keyed = intervals.map((interval) => ({ interval, key: place(interval.low) }));
  if (keyed.some(({ key }) => Number.isNaN(key))) return intervals;
  return keyed.sort((a, b) => (a.key === b.key ? 0 : a.key - b.key)).map(({ interval }) => interval);
}

function toRegion(answer: Answer): Region | null {
  switch (answer.kind) {
    case 'tuple': {
      const [low, high] = answer.items;
      if (answer.items.length !== 2 || !low || !high || !isExpression(low) || !isExpression(high)) return null;
      return { name: null, intervals: [{ low, high, lowClosed: answer.open === '[', highClosed: answer.close === ']' }] };
    }
    case 'symbol':
      return answer.name === 'set:R' ? { name: null, intervals: [line()] } : null;
    case 'set':
      return answer.items.every(isExpression) ? { name: null, intervals: answer.items.map(point) } : null;
    case 'union':
    case 'list': {
      const parts = (answer.kind === 'union' ? answer.parts : answer.items).map(toRegion);
      if (parts.some((part) => part === null)) return null;
      const names = new Set(parts.map((part) => part!.name));
      return names.size > 1 ? null : { name: [...names][0] ?? null, intervals: parts.flatMap((part) => part!.intervals) };
    }
    case 'difference':
      return withoutPoints(toRegion(answer.from), answer.without);
    case 'relation':
      return relationRegion(answer.parts, answer.operators);
    default:
      return null;
  }
}

/** An interval from which single points are taken: it falls apart there. Only for the whole line, where each point is inside. */
function withoutPoints(region: Region | null, points: Answer): Region | null {
  const [only] = region?.intervals ?? [];
  const values = points.kind === 'set' ? points.items : [points];
  if (!only || only.low !== MINUS_INFINITY || only.high !== INFINITY || values.length !== 1 || !isExpression(values[0]!)) return null;
  return {
    name: region!.name,
    intervals: [
      { ...only, high: values[0] },
      { ...only, low: values[0] },
    ],
  };
}

const line = (): Interval => ({ low: MINUS_INFINITY, high: INFINITY, lowClosed: false, highClosed: false });
const point = (value: Expression): Interval => ({ low: value, high: value, lowClosed: true, highClosed: true });

function relationRegion(parts: Answer[], operators: RelationOperator[]): Region | null {
  const [first, second] = parts;
  if (!first || !second) return null;
  if (operators.length === 1 && operators[0] === 'in') {
    const inner = toRegion(second);
    return inner && first.kind === 'symbol' ? { name: first.name, intervals: inner.intervals } : null;
  }
  if (!parts.every(isExpression)) return null;
  if (operators.length === 1 && operators[0] === '!=' && first.kind === 'symbol') {
    const value = second as Expression;
    return {
      name: first.name,
      intervals: [
        { ...line(), high: value },
        { ...line(), low: value },
      ],
    };
  }
  return chainRegion(parts, operators);
}

/** a ≤ x < b, x > a, and the same with |x|. */
function chainRegion(parts: Expression[], operators: RelationOperator[]): Region | null {
  const descending = operators.every((operator) => operator === '>' || operator === '>=');
  if (!descending && !operators.every((operator) => operator === '<' || operator === '<=')) return null;
  const chain = descending ? [...parts].reverse() : parts;
  const closed = (descending ? [...operators].reverse() : operators).map((operator) => operator.length === 2);
  const variable = (part: Expression): string | null => {
    const inner = part.kind === 'call' && part.name === 'abs' ? part.args[0]! : part;
    return inner.kind === 'symbol' ? inner.name : null;
  };
  const at = chain.length === 3 ? 1 : chain.length === 2 ? (variable(chain[0]!) && !isBound(chain[0]!, chain[1]!) ? 0 : 1) : -1;
  const middle = chain[at];
  const name = middle && variable(middle);
  if (!middle || !name || chain.some((part, index) => index !== at && symbolsOf(part).includes(name))) return null;
  const low = chain[at - 1];
  const high = chain[at + 1];
  const interval: Interval = {
    low: low ?? MINUS_INFINITY,
    high: high ?? INFINITY,
    lowClosed: low !== undefined && closed[at - 1]!,
    highClosed: high !== undefined && closed[at]!,
  };
  if (middle.kind !== 'call') return { name, intervals: [interval] };
  if (!low) return high ? { name, intervals: [{ ...interval, low: negative(high), lowClosed: interval.highClosed }] } : null;
  const mirrored: Interval = {
    low: negative(interval.high),
    high: negative(low),
    lowClosed: interval.highClosed,
    highClosed: interval.lowClosed,
  };
  if (!high) mirrored.low = MINUS_INFINITY;
  return { name, intervals: [mirrored, interval] };
}

/** In "a < x" with two symbols the one that is compared with a number, or the left one, is the variable. */
function isBound(a: Expression, b: Expression): boolean {
  return a.kind === 'constant' || (b.kind === 'call' && a.kind === 'symbol');
}
