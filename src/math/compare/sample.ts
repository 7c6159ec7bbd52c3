import { some, symbolsOf, type Expression } from '../parse/ast';
import type { Budget } from './budget';
import { add, isDefined, multiply, power, real, size, NOT_DEFINED, type Value, known } from './complex';
import { evaluate, type Point } from './evaluate';
import type { Polynomial } from './polynomial';
import { toNumber } from './rational';

/** A point that rounding has made useless says nothing. */
const USELESS = 1e-7;
const WANTED = 12;
const ENOUGH = 6;

const INTEGER_FUNCTIONS = new Set(['floor', 'ceil', 'factorial', 'binomial', 'gcd', 'lcm']);

/** Where variables stand for integers: roundings, factorials, and powers of −1. */
function needsIntegers(expression: Expression): boolean {
  return some(
    expression,
    (node) =>
      node.kind === 'series' ||
      (node.kind === 'call' && INTEGER_FUNCTIONS.has(node.name)) ||
      (node.kind === 'power' && node.base.kind === 'number' && node.base.value.n < 0n && symbolsOf(node.exponent).length > 0),
  );
}

/** A fixed, patternless number in [0, 1) for each variable and point (integer hash of Wang, 2007). */
function uniform(variable: number, point: number): number {
  let h = (Math.imul(variable + 1, 0x9e3779b1) ^ Math.imul(point + 1, 0x85ebca6b)) >>> 0;
  h = Math.imul(h ^ 61 ^ (h >>> 16), 9);
  h ^= h >>> 4;
  h = Math.imul(h, 0x27d4eb2d);
  return ((h ^ (h >>> 15)) >>> 0) / 2 ** 32;
}

function pointAt(names: string[], j: number, kind: 'integer' | 'real' | 'complex', usesI: boolean): Point {
  const values = new Map<string, Value>();
  names.forEach((name, variable) => {
    const u = uniform(variable, j);
    if (kind === 'integer') values.set(name, real(names.length === 1 ? j + 1 : 1 + Math.floor(u * 24)));
    else if (kind === 'complex') values.set(name, known(4 * u - 2, 4 * uniform(variable + 31, j) - 2));
    // Positive for two points in three (lengths, counts), of both signs in the others.
    else values.set(name, known(j % 3 === 2 ? 6 * u - 3 : 0.25 + (j % 2 ? 9 : 3) * u, 0));
  });
  return { values, real: kind === 'real' && !usesI };
}

/**
 * Whether a function of the variables vanishes wherever it has a value: at fixed pseudo-random points, real ones first; complex ones if too
 * few real points are inside its domain; integers where the expressions speak about integers.
 * @returns the number of points that agreed, or null if one did not or too few had a value.
 */
export function vanishes(expressions: Expression[], at: (point: Point) => { value: Value; scale: number }): number | null {
  const names = symbolsOf(...expressions);
  const usesI = expressions.some((expression) => some(expression, (node) => node.kind === 'constant' && node.name === 'i'));
  if (names.length === 0) return orNull(agreement([{ values: new Map(), real: false }], at, 1, 1));
  if (expressions.some(needsIntegers)) {
    const integers = Array.from({ length: 64 }, (_, j) => pointAt(names, j, 'integer', usesI));
    return orNull(agreement(integers, at, integers.length, ENOUGH));
  }
  const points = Array.from({ length: 36 }, (_, j) => pointAt(names, j, 'real', usesI));
  const agreed = agreement(points, at, WANTED, ENOUGH);
  if (agreed !== 'too few') return agreed;
  const complex = Array.from({ length: 24 }, (_, j) => pointAt(names, j, 'complex', true));
  return orNull(agreement(complex, at, WANTED, ENOUGH));
}

function agreement(
  points: Point[],
  at: (point: Point) => { value: Value; scale: number },
  wanted: number,
  enough: number,
): number | null | 'too few' {
  let agreed = 0;
  for (const point of points) {
    const { value, scale } = at(point);
    if (!isDefined(value) || value.err > USELESS * scale) continue;
    if (size(value) > 4 * value.err + Number.MIN_VALUE) return null;
    if (++agreed === wanted) break;
  }
  return agreed >= enough ? agreed : 'too few';
}

const orNull = (agreed: number | null | 'too few'): number | null => (agreed === 'too few' ? null : agreed);

/** A polynomial's value at a point; `scale` is the sum of the sizes of its terms. */
export function evaluatePolynomial(
  polynomial: Polynomial,
  opaque: ReadonlyMap<string, Expression>,
  point: Point,
  budget: Budget,
): { value: Value; scale: number } {
  const atoms = new Map<string, Value>();
  const valueOf = (name: string): Value => {
    if (name === 'π') return real(Math.PI);
    if (name === 'e') return real(Math.E);
    if (name === 'i') return known(0, 1);
    if (name.startsWith('#')) return real(Number(name.slice(1)));
    const expression = opaque.get(name);
    return expression ? evaluate(expression, point, budget) : (point.values.get(name) ?? NOT_DEFINED);
  };
  let value: Value = real(0);
  let scale = 0;
  for (const { monomial, coefficient } of polynomial.values()) {
    let term: Value = real(toNumber(coefficient));
    for (const [name, exponent] of monomial) {
      let base = atoms.get(name);
      if (!base) atoms.set(name, (base = valueOf(name)));
      term = multiply(term, power(base, real(toNumber(exponent))));
    }
    scale += size(term);
    value = add(value, term);
  }
  return { value, scale };
}

/** The value of a variable-free expression, or null. */
export function numericValue(expression: Expression, budget: Budget): Value | null {
  const value = evaluate(expression, { values: new Map(), real: false }, budget);
  return isDefined(value) ? value : null;
}
