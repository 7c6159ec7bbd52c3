import type { Expression } from '../parse/ast';
import { symbolsOf } from '../parse/ast';
import { isReal } from './complex';
import { no, yes, type Context, type Outcome } from './context';
import { numericValue } from './sample';
import { equalExpressions } from './scalar';

/** A piece of the real line; an end may be ±{@link INFINITY}. */
export interface Interval {
  kind: 'interval';
  low: Expression;
  high: Expression;
  lowClosed: boolean;
  highClosed: boolean;
}

/** A set of real numbers, as it is written. `either` is a list of conditions: all of them if they can hold together, else any of them. */
export type PointSet =
  | Interval
  | { kind: 'points'; values: Expression[] }
  | { kind: 'union' | 'intersection' | 'either'; parts: PointSet[] }
  | { kind: 'difference'; from: PointSet; without: PointSet };

export const INFINITY: Expression = { kind: 'constant', name: 'infinity' };
export const MINUS_INFINITY: Expression = { kind: 'product', factors: [{ kind: 'number', value: { n: -1n, d: 1n } }, INFINITY] };

/** +1 and −1 for the two infinities, 0 for finite ends. */
export function infinite(end: Expression): -1 | 0 | 1 {
  if (end.kind === 'constant') return end.name === 'infinity' ? 1 : 0;
  if (end.kind !== 'product' || end.factors.length !== 2) return 0;
  const [sign, constant] = end.factors;
  return constant!.kind === 'constant' && constant.name === 'infinity' && sign!.kind === 'number' ? (sign.value.n < 0n ? -1 : 1) : 0;
}

function ends(set: PointSet): Expression[] {
  switch (set.kind) {
    case 'interval':
      return [set.low, set.high].filter((end) => infinite(end) === 0);
    case 'points':
      return set.values;
    case 'difference':
      return [...ends(set.from), ...ends(set.without)];
    default:
      return set.parts.flatMap(ends);
  }
}

/**
 * Compares two sets of reals exactly: the ends of both cut the line into points and gaps, and each of these lies in both sets or in neither.
 * Null where an end has no numeric value (a letter, say), so that nothing can be ordered.
 */
export function compareOnTheLine(gold: PointSet, prediction: PointSet, context: Context): Outcome | null {
  const cuts = orderedEnds([...ends(gold), ...ends(prediction)], context);
  if (!cuts) return null;
  const { place, count } = cuts;
  let onlyPoints = true;
  let equal = true;
  const [g, p] = [pieces(gold, place, count), pieces(prediction, place, count)];
  for (let piece = 0; piece <= 2 * count; piece++) {
    context.budget.spend();
    if (g[piece] === p[piece]) continue;
    equal = false;
    if (piece % 2 === 0) onlyPoints = false;
  }
  if (!equal) return no(onlyPoints ? 'an endpoint belongs to one and not to the other' : 'different parts of the real line');
  return yes(gold.kind === 'interval' ? 'the same interval' : 'the same part of the real line');
}

/** The distinct ends in order: `place` gives the odd number of the piece that is the end's point; even numbers are the gaps. */
function orderedEnds(all: Expression[], context: Context): { place: Map<Expression, number>; count: number } | null {
  const valued: { end: Expression; value: number }[] = [];
  for (const end of all) {
    const value = symbolsOf(end).length > 0 ? null : numericValue(end, context.budget);
    if (!value || !isReal(value)) return null;
    valued.push({ end, value: value.re });
  }
  valued.sort((a, b) => a.value - b.value);
  const place = new Map<Expression, number>();
  let count = 0;
  for (const [index, { end, value }] of valued.entries()) {
    const before = valued[index - 1];
    const near = before && Math.abs(before.value - value) <= 1e-3 * (Math.abs(value) + 1e-300);
    if (!before || !(before.value === value || near) || !equalExpressions(before.end, end, context).equal) count++;
    place.set(end, 2 * count - 1);
  }
  return { place, count };
}

/** Which of the points and gaps lie in a set. */
function pieces(set: PointSet, place: ReadonlyMap<Expression, number>, count: number): boolean[] {
  const all = Array.from({ length: 2 * count + 1 }, (_, piece) => piece);
  switch (set.kind) {
    case 'points': {
      const places = new Set(set.values.map((value) => place.get(value)!));
      return all.map((piece) => places.has(piece));
    }
    case 'interval': {
      const at = (end: Expression): number => (infinite(end) ? (infinite(end) < 0 ? -1 : 2 * count + 1) : place.get(end)!);
      const [low, high] = [at(set.low), at(set.high)];
      return all.map((piece) => (piece > low || (piece === low && set.lowClosed)) && (piece < high || (piece === high && set.highClosed)));
    }
    case 'difference': {
      const [from, without] = [pieces(set.from, place, count), pieces(set.without, place, count)];
      return all.map((piece) => from[piece]! && !without[piece]!);
    }
    default: {
      const parts = set.parts.map((part) => pieces(part, place, count));
      const every = all.map((piece) => parts.every((part) => part[piece]));
      const any = all.map((piece) => parts.some((part) => part[piece]));
      if (set.kind === 'either') return every.includes(true) ? every : any;
      return set.kind === 'union' ? any : every;
    }
  }
}
