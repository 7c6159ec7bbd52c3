import { substitute, type Expression } from '../parse/ast';
import type { Budget } from './budget';
import {
  atom,
  constant,
  constantValue,
  inverseTerm,
  NOTHING,
  onlyTerm,
  plus,
  polynomialKey,
  scaled,
  single,
  times,
  TooManyTermsError,
  type Polynomial,
} from './polynomial';
import { divide, exactRoot, floor, isInteger, negate, ONE, power, rational, sign, UndefinedValueError, type Rational } from './rational';

/** A quotient of polynomials; the denominator is 1 where it can be moved into the numerator. */
export interface Canonical {
  over: Polynomial;
  under: Polynomial;
}

const UNIT = constant(ONE);
const HUNDREDTH = rational(1n, 100n);
/** π/180, exactly, as a polynomial in the atom π. */
const DEGREE: Polynomial = single([['π', ONE]], rational(1n, 180n));
const MAX_POWER = 64;
const MAX_FACTORIAL = 1000n;
const MAX_SERIES = 200n;

/** Turns expressions into canonical form and remembers which expression each opaque atom stands for. */
export class Canonicaliser {
  readonly opaque = new Map<string, Expression>();

  constructor(private readonly budget: Budget) {}

  /** @throws TooManyTermsError, UndefinedValueError, BudgetError */
  of(expression: Expression): Canonical {
    this.budget.spend();
    switch (expression.kind) {
      case 'number':
        return whole(constant(expression.value));
      case 'symbol':
        return whole(atom(expression.name));
      case 'constant':
        if (expression.name === 'infinity') return this.opened(expression, '@∞');
        return whole(atom(expression.name === 'pi' ? 'π' : expression.name));
      case 'sum':
        return expression.terms.map((term) => this.of(term)).reduce((a, b) => this.plus(a, b));
      case 'product':
        return expression.factors.map((factor) => this.of(factor)).reduce((a, b) => this.times(a, b));
      case 'quotient':
        return this.times(this.of(expression.over), this.inverse(this.of(expression.under)));
      case 'power':
        return this.power(expression, expression.base, expression.exponent);
      case 'root':
        return this.power(expression, expression.radicand, {
          kind: 'quotient',
          over: { kind: 'number', value: ONE },
          under: expression.index,
        });
      case 'percent':
        return this.times(this.of(expression.operand), whole(constant(HUNDREDTH)));
      case 'degree':
        return this.times(this.of(expression.operand), whole(DEGREE));
      case 'unit':
        return this.of(expression.operand);
      case 'plusminus':
        throw new UndefinedValueError('± stands for two values');
      case 'call':
        return this.call(expression);
      case 'series':
        return this.series(expression);
      case 'apply':
        return this.opened(expression, `@${expression.name}(${expression.args.map((arg) => this.key(arg)).join(',')})`);
    }
  }

  /** a.over·b.under − b.over·a.under: zero exactly if a = b. */
  difference(a: Canonical, b: Canonical): Polynomial {
    return plus(times(a.over, b.under, this.budget), scaled(times(b.over, a.under, this.budget), rational(-1n)), this.budget);
  }

  private plus(a: Canonical, b: Canonical): Canonical {
    if (a.under === UNIT && b.under === UNIT) return whole(plus(a.over, b.over, this.budget));
    const { budget } = this;
    return { over: plus(times(a.over, b.under, budget), times(b.over, a.under, budget), budget), under: times(a.under, b.under, budget) };
  }

  private times(a: Canonical, b: Canonical): Canonical {
    const under = a.under === UNIT ? b.under : b.under === UNIT ? a.under : times(a.under, b.under, this.budget);
    return { over: times(a.over, b.over, this.budget), under };
  }

  private inverse(a: Canonical): Canonical {
    if (a.over.size === 0) throw new UndefinedValueError('division by zero');
    const term = onlyTerm(a.over);
    return term ? whole(times(a.under, inverseTerm(term), this.budget)) : { over: a.under, under: a.over };
  }

  private power(whole_: Expression, base: Expression, exponent: Expression): Canonical {
    const canonicalBase = this.of(base);
    const k = asRational(this.of(exponent));
    if (k && isInteger(k)) return this.wholePower(canonicalBase, k.n, whole_);
    const value = asRational(canonicalBase);
    if (k && value) {
      const root = rationalPower(value, k);
      if (root) return whole(root);
    }
    return this.opened(whole_, `@pow(${canonicalKey(canonicalBase)},${k ? `${k.n}/${k.d}` : this.key(exponent)})`);
  }

  private wholePower(base: Canonical, k: bigint, expression: Expression): Canonical {
    const value = asRational(base);
    if (value) {
      if (value.n === 0n && k <= 0n) throw new UndefinedValueError(k === 0n ? '0 to the power 0' : 'division by zero');
      return whole(constant(power(value, k)));
    }
    if (k < 0n) return this.wholePower(this.inverse(base), -k, expression);
    if (k > BigInt(MAX_POWER)) {
      const term = onlyTerm(base.over);
      const plain = base.under === UNIT && term && term.monomial.every(([name]) => name !== 'i' && !name.startsWith('#'));
      if (!plain) return this.opened(expression, `@pow(${canonicalKey(base)},${k})`);
      return whole(
        single(
          term.monomial.map(([name, e]) => [name, rational(e.n * k, e.d)] as const),
          power(term.coefficient, k),
        ),
      );
    }
    let result: Canonical = whole(UNIT);
    for (let i = 0n; i < k; i++) result = this.times(result, base);
    return result;
  }

  private call(call: Expression & { kind: 'call' }): Canonical {
    const args = call.args.map((arg) => this.of(arg));
    const values = args.map(asRational);
    const exact = values.every((value) => value !== null) ? exactCall(call.name, values) : null;
    if (exact) return whole(constant(exact));
    if (call.name === 'exp') return this.power(call, { kind: 'constant', name: 'e' }, call.args[0]!);
    const keys = args.map(canonicalKey);
    if (call.name === 'min' || call.name === 'max' || call.name === 'gcd' || call.name === 'lcm') keys.sort();
    // \log without a base is the natural one here; the other reading is the caller's to try.
    const name = call.name === 'log' && args.length === 1 ? 'ln' : call.name;
    return this.opened(call, `@${name}(${keys.join(',')})`);
  }

  /** Few terms between integers are added up; otherwise the series is one opaque atom. */
  private series(series: Expression & { kind: 'series' }): Canonical {
    const [from, to] = [this.of(series.from), this.of(series.to)];
    const [low, high] = [asRational(from), asRational(to)];
    if (low && high && isInteger(low) && isInteger(high) && high.n - low.n < MAX_SERIES) {
      let total: Canonical = whole(series.of === 'sum' ? NOTHING : UNIT);
      for (let k = low.n; k <= high.n; k++) {
        const term = this.of(substitute(series.body, series.index, { kind: 'number', value: rational(k) }));
        total = series.of === 'sum' ? this.plus(total, term) : this.times(total, term);
      }
      return total;
    }
    const body = substitute(series.body, series.index, { kind: 'symbol', name: '§' });
    return this.opened(series, `@${series.of}(${canonicalKey(from)},${canonicalKey(to)},${this.key(body)})`);
  }

  private key(expression: Expression): string {
    return canonicalKey(this.of(expression));
  }

  private opened(expression: Expression, key: string): Canonical {
    // Long keys mean deep expressions, which numbers settle faster.
    if (key.length > 2000) throw new TooManyTermsError();
    this.opaque.set(key, expression);
    return whole(atom(key));
  }
}

const whole = (over: Polynomial): Canonical => ({ over, under: UNIT });

function canonicalKey(a: Canonical): string {
  return a.under === UNIT ? polynomialKey(a.over) : `(${polynomialKey(a.over)})/(${polynomialKey(a.under)})`;
}

/** The rational value, or null if it is not a plain rational number. */
export function asRational(a: Canonical): Rational | null {
  const over = constantValue(a.over);
  if (!over) return null;
  if (a.under === UNIT) return over;
  const under = constantValue(a.under);
  return under && under.n !== 0n ? divide(over, under) : null;
}

/** value^k for a fractional k, with roots of primes as atoms; null where the real value is not an algebraic one we can write so. */
function rationalPower(value: Rational, k: Rational): Polynomial | null {
  if (value.n === 0n) {
    if (k.n <= 0n) throw new UndefinedValueError('division by zero');
    return NOTHING;
  }
  if (k.d > 64n || k.n > 4096n || k.n < -4096n) return null;
  if (sign(value) < 0) {
    const positive = rationalPower(negate(value), k);
    if (!positive) return null;
    // Odd roots of negative numbers are the real ones; the square root of −a is i√a.
    if (k.d % 2n === 1n) return scaled(positive, k.n % 2n === 0n ? ONE : rational(-1n));
    if (k.d !== 2n) return null;
    const quarter = ((k.n % 4n) + 4n) % 4n;
    const term = onlyTerm(positive)!;
    return single(
      [...term.monomial, ['i', ONE] as const].sort(([x], [y]) => (x < y ? -1 : 1)),
      quarter === 1n ? term.coefficient : negate(term.coefficient),
    );
  }
  const exact = exactRoot(value, Number(k.d));
  if (exact) return constant(power(exact, k.n));
  const over = primeFactors(value.n);
  const under = primeFactors(value.d);
  if (!over || !under) return null;
  const exponents = new Map<bigint, bigint>(over);
  for (const [prime, count] of under) exponents.set(prime, (exponents.get(prime) ?? 0n) - count);
  let coefficient = ONE;
  const monomial: [string, Rational][] = [];
  for (const [prime, count] of exponents) {
    const exponent = rational(count * k.n, k.d);
    const wholePart = floor(exponent);
    coefficient = rational(coefficient.n * power(rational(prime), wholePart).n, coefficient.d * power(rational(prime), wholePart).d);
    const rest = rational(exponent.n - wholePart * exponent.d, exponent.d);
    if (rest.n !== 0n) monomial.push([`#${prime}`, rest]);
  }
  return single(
    monomial.sort(([x], [y]) => (x < y ? -1 : 1)),
    coefficient,
  );
}

const TRIAL_LIMIT = 2000n;

/** Prime factors with their counts, or null when trial division up to {@link TRIAL_LIMIT} does not finish. */
function primeFactors(n: bigint): Map<bigint, bigint> | null {
  const factors = new Map<bigint, bigint>();
  if (n > 10n ** 40n) return null;
  for (let p = 2n; p * p <= n && p <= TRIAL_LIMIT; p += p === 2n ? 1n : 2n) {
    while (n % p === 0n) {
      factors.set(p, (factors.get(p) ?? 0n) + 1n);
      n /= p;
    }
  }
  if (n > TRIAL_LIMIT * TRIAL_LIMIT) return null;
  if (n > 1n) factors.set(n, (factors.get(n) ?? 0n) + 1n);
  return factors;
}

/** Functions with a rational value at rational arguments. */
function exactCall(name: string, args: Rational[]): Rational | null {
  const [a, b] = args as [Rational, Rational?];
  switch (name) {
    case 'abs':
      return sign(a) < 0 ? negate(a) : a;
    case 'floor':
      return rational(floor(a));
    case 'ceil':
      return rational(-floor(negate(a)));
    case 'factorial':
      return isInteger(a) && a.n >= 0n && a.n <= MAX_FACTORIAL ? rational(product(1n, a.n)) : null;
    case 'binomial':
      return b && isInteger(a) && isInteger(b) && a.n >= 0n && a.n <= MAX_FACTORIAL ? rational(binomial(a.n, b.n)) : null;
    case 'min':
    case 'max':
      return args.reduce((x, y) => (x.n * y.d < y.n * x.d === (name === 'min') ? x : y));
    case 'gcd':
    case 'lcm':
      return args.every((arg) => isInteger(arg) && arg.n > 0n)
        ? rational(args.map((arg) => arg.n).reduce(name === 'gcd' ? gcd : (x, y) => (x / gcd(x, y)) * y))
        : null;
    case 'exp':
      return a.n === 0n ? ONE : null;
    case 'ln':
      return a.n === a.d ? rational(0n) : null;
    case 'log':
      return exactLogarithm(a, b);
    default:
      return null;
  }
}

/** log_b(a) where it is an integer. */
function exactLogarithm(a: Rational, b: Rational | undefined): Rational | null {
  if (a.n === a.d) return rational(0n);
  if (!b || !isInteger(b) || b.n < 2n || a.n <= 0n) return null;
  const [start, down] = isInteger(a) ? [a.n, false] : [a.d, true];
  if (down && a.n !== 1n) return null;
  let k = 0n;
  let rest = start;
  while (rest % b.n === 0n) [rest, k] = [rest / b.n, k + 1n];
  return rest === 1n ? rational(down ? -k : k) : null;
}

function product(from: bigint, to: bigint): bigint {
  let result = 1n;
  for (let k = from; k <= to; k++) result *= k;
  return result;
}

function binomial(n: bigint, k: bigint): bigint {
  if (k < 0n || k > n) return 0n;
  if (k > n - k) k = n - k;
  return product(n - k + 1n, n) / product(1n, k);
}

function gcd(a: bigint, b: bigint): bigint {
  while (b) [a, b] = [b, a % b];
  return a;
}
