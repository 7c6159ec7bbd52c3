import type { Expression, FunctionName } from '../parse/ast';
import type { Budget } from './budget';
import {
  abs,
  add,
  divide,
  exponential,
  isReal,
  known,
  logarithm,
  multiply,
  NOT_DEFINED,
  power,
  real,
  scale,
  subtract,
  type Value,
} from './complex';
import { toNumber } from './rational';

export interface Point {
  /** Values of the variables. */
  values: ReadonlyMap<string, Value>;
  /** Real analysis: roots and logarithms of negative numbers have no value instead of a complex one. */
  real: boolean;
}

/** The value of an expression at a point, with a bound of its rounding error; {@link NOT_DEFINED} where there is none. */
export function evaluate(expression: Expression, point: Point, budget: Budget): Value {
  budget.spend();
  const at = (child: Expression): Value => evaluate(child, point, budget);
  switch (expression.kind) {
    case 'number':
      return real(toNumber(expression.value));
    case 'symbol':
      return point.values.get(expression.name) ?? NOT_DEFINED;
    case 'constant':
      if (expression.name === 'i') return known(0, 1);
      return expression.name === 'pi' ? real(Math.PI) : expression.name === 'e' ? real(Math.E) : NOT_DEFINED;
    case 'sum':
      return expression.terms.map(at).reduce(add);
    case 'product':
      return expression.factors.map(at).reduce(multiply);
    case 'quotient':
      return divide(at(expression.over), at(expression.under));
    case 'power':
      return raise(at(expression.base), expression.exponent, point, budget);
    case 'root':
      return raise(
        at(expression.radicand),
        { kind: 'quotient', over: { kind: 'number', value: { n: 1n, d: 1n } }, under: expression.index },
        point,
        budget,
      );
    case 'percent':
      return scale(at(expression.operand), 0.01);
    case 'degree':
      return scale(at(expression.operand), Math.PI / 180);
    case 'unit':
      return at(expression.operand);
    case 'plusminus':
      return NOT_DEFINED;
    case 'apply':
      return unknownFunction(expression.name, expression.args.map(at));
    case 'series':
      return series(expression, point, budget);
    case 'call':
      return call(expression.name, expression.args.map(at), point);
  }
}

const MAX_SERIES = 100;

function series({ of, index, from, to, body }: Expression & { kind: 'series' }, point: Point, budget: Budget): Value {
  const [low, high] = [evaluate(from, point, budget), evaluate(to, point, budget)];
  const whole = [low, high].every((end) => isReal(end) && Number.isInteger(end.re));
  if (!whole || high.re - low.re > MAX_SERIES) return NOT_DEFINED;
  let total: Value = real(of === 'sum' ? 0 : 1);
  for (let k = low.re; k <= high.re; k++) {
    const term = evaluate(body, { ...point, values: new Map([...point.values, [index, real(k)]]) }, budget);
    total = of === 'sum' ? add(total, term) : multiply(total, term);
  }
  return total;
}

/** The exponent as a fraction of small integers, if that is how it is written. */
function fraction(expression: Expression): [number, number] | null {
  if (expression.kind === 'number') return [Number(expression.value.n), Number(expression.value.d)];
  if (expression.kind !== 'quotient' && expression.kind !== 'product') return null;
  const parts = expression.kind === 'quotient' ? [fraction(expression.over), fraction(expression.under)] : expression.factors.map(fraction);
  if (parts.length !== 2 || !parts[0] || !parts[1]) return null;
  const [[a, b], [c, d]] = parts as [[number, number], [number, number]];
  let [n, m] = expression.kind === 'quotient' ? [a * d, b * c] : [a * c, b * d];
  if (m < 0) [n, m] = [-n, -m];
  let [x, y] = [Math.abs(n), m];
  while (y) [x, y] = [y, x % y];
  return x ? [n / x, m / x] : [n, m];
}

function raise(base: Value, exponent: Expression, point: Point, budget: Budget): Value {
  const ratio = fraction(exponent);
  if (ratio && isReal(base) && base.re < 0) {
    const [n, d] = ratio;
    if (d % 2 === 1) {
      // Whole powers, and odd roots of negative numbers, are real.
      const size = power(scale(base, -1), real(n / d));
      return Math.abs(n) % 2 === 1 ? scale(size, -1) : size;
    }
    if (point.real) return NOT_DEFINED;
  }
  const k = ratio ? real(ratio[0] / ratio[1]) : evaluate(exponent, point, budget);
  if (point.real && isReal(base) && base.re < 0 && !(isReal(k) && Number.isInteger(k.re))) return NOT_DEFINED;
  return power(base, k);
}

/** An unknown function takes values without any pattern: the same for the same arguments, and only then. */
function unknownFunction(name: string, args: Value[]): Value {
  let total = 1;
  for (const c of name) total = (total * 31 + c.charCodeAt(0)) % 9973;
  let phase = total / 997;
  args.forEach((arg, index) => (phase += (index + 1.37) * (arg.re * 0.731 + arg.im * 1.219)));
  const err = args.reduce((sum, arg) => sum + arg.err, 0) * (args.length + 2) + 1e-13;
  return { re: 2 + Math.sin(phase) + Math.cos(phase * 1.7 + total), im: 0, err };
}

const MAX_WHOLE = 170;

function factorial(a: Value): Value {
  const n = a.re;
  if (!isReal(a) || !Number.isInteger(n) || n < 0 || n > MAX_WHOLE) return NOT_DEFINED;
  let result = 1;
  for (let k = 2; k <= n; k++) result *= k;
  return real(result);
}

function binomial(a: Value, b: Value): Value {
  const [n, k] = [a.re, b.re];
  if (!Number.isInteger(n) || !Number.isInteger(k) || n < 0 || n > 1000) return NOT_DEFINED;
  if (k < 0 || k > n) return real(0);
  let result = 1;
  for (let j = 1; j <= Math.min(k, n - k); j++) result = (result * (n - Math.min(k, n - k) + j)) / j;
  return { ...real(result), err: Math.abs(result) * 1e-14 };
}

function step(a: Value, round: (x: number) => number): Value {
  if (!isReal(a)) return NOT_DEFINED;
  // A value that is an integer up to its rounding error is that integer.
  const nearest = Math.round(a.re);
  return real(Math.abs(a.re - nearest) <= a.err * 8 ? nearest : round(a.re));
}

const I = known(0, 1);

function call(name: FunctionName, args: Value[], point: Point): Value {
  const [a, b] = args as [Value, Value | undefined];
  const turn = (sign: 1 | -1): Value => exponential(multiply(a, scale(I, sign)));
  const cosine = (): Value => scale(add(turn(1), turn(-1)), 0.5);
  const sine = (): Value => multiply(subtract(turn(1), turn(-1)), known(0, -0.5));
  const log = (value: Value): Value => (point.real && isReal(value) && value.re < 0 ? NOT_DEFINED : logarithm(value));
  const one = real(1);
  switch (name) {
    case 'sin':
      return isReal(a) ? { re: Math.sin(a.re), im: 0, err: a.err + 2e-16 } : sine();
    case 'cos':
      return isReal(a) ? { re: Math.cos(a.re), im: 0, err: a.err + 2e-16 } : cosine();
    case 'tan':
      return divide(call('sin', args, point), call('cos', args, point));
    case 'cot':
      return divide(call('cos', args, point), call('sin', args, point));
    case 'sec':
      return divide(one, call('cos', args, point));
    case 'csc':
      return divide(one, call('sin', args, point));
    case 'asin':
    case 'acos':
      return inverse(a, name === 'asin' ? Math.asin : Math.acos, 1 / Math.sqrt(Math.abs(1 - a.re * a.re) + 1e-16));
    case 'atan':
      return inverse(a, Math.atan, 1);
    case 'acot':
      return inverse(a, (x) => Math.PI / 2 - Math.atan(x), 1);
    case 'sinh':
      return scale(subtract(exponential(a), exponential(scale(a, -1))), 0.5);
    case 'cosh':
      return scale(add(exponential(a), exponential(scale(a, -1))), 0.5);
    case 'tanh':
      return divide(call('sinh', args, point), call('cosh', args, point));
    case 'exp':
      return exponential(a);
    case 'cis':
      return turn(1);
    case 'ln':
      return log(a);
    case 'log':
      return b ? divide(log(a), log(b)) : log(a);
    case 'abs':
      return abs(a);
    case 'floor':
      return step(a, Math.floor);
    case 'ceil':
      return step(a, Math.ceil);
    case 'factorial':
      return factorial(a);
    case 'binomial':
      return b ? binomial(a, b) : NOT_DEFINED;
    case 'min':
    case 'max':
      return args.every(isReal) ? args.reduce((x, y) => (x.re < y.re === (name === 'min') ? x : y)) : NOT_DEFINED;
    case 'gcd':
    case 'lcm':
      return common(name, args);
  }
}

function inverse(a: Value, fn: (x: number) => number, slope: number): Value {
  if (!isReal(a)) return NOT_DEFINED;
  const value = fn(a.re);
  return Number.isNaN(value) ? NOT_DEFINED : { re: value, im: 0, err: a.err * slope + 4e-16 };
}

function common(name: 'gcd' | 'lcm', args: Value[]): Value {
  if (!args.every((arg) => isReal(arg) && Number.isInteger(arg.re) && arg.re > 0)) return NOT_DEFINED;
  const gcd = (x: number, y: number): number => (y ? gcd(y, x % y) : x);
  return real(args.map((arg) => arg.re).reduce((x, y) => (name === 'gcd' ? gcd(x, y) : (x / gcd(x, y)) * y)));
}
