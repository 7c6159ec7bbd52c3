/** Exact rationals over BigInt, always in lowest terms with a positive denominator. */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

/** Work that a check may not do: it ends the check with status `timeout`, by counted steps and sizes rather than by a clock. */
export class BudgetError extends Error {
  override name = 'BudgetError';
}

/** An expression without a value, such as a division by zero. */
export class UndefinedValueError extends Error {
  override name = 'UndefinedValueError';
}

/** Largest number handled exactly, in bits: 100!, 2^1009 and 10^1000 fit; a tower of powers does not. */
export const MAX_BITS = 16_384;
const LIMIT = 1n << BigInt(MAX_BITS);

function gcd(a: bigint, b: bigint): bigint {
  if (a < 0n) a = -a;
  while (b) [a, b] = [b, a % b];
  return a;
}

export function rational(n: bigint, d = 1n): Rational {
  if (d === 0n) throw new UndefinedValueError('division by zero');
  if (d < 0n) [n, d] = [-n, -d];
  if (d !== 1n) {
    const g = gcd(n, d) || 1n;
    [n, d] = [n / g, d / g];
  }
  if (n > LIMIT || n < -LIMIT || d > LIMIT) throw new BudgetError(`a number of more than ${MAX_BITS} bits`);
  return { n, d };
}

export const ZERO: Rational = { n: 0n, d: 1n };
export const ONE: Rational = { n: 1n, d: 1n };

export const add = (a: Rational, b: Rational): Rational =>
  a.d === 1n && b.d === 1n ? rational(a.n + b.n) : rational(a.n * b.d + b.n * a.d, a.d * b.d);
export const negate = (a: Rational): Rational => ({ n: -a.n, d: a.d });
export const subtract = (a: Rational, b: Rational): Rational => add(a, negate(b));
export const multiply = (a: Rational, b: Rational): Rational => rational(a.n * b.n, a.d * b.d);
export const divide = (a: Rational, b: Rational): Rational => rational(a.n * b.d, a.d * b.n);
export const equal = (a: Rational, b: Rational): boolean => a.n === b.n && a.d === b.d;
export const sign = (a: Rational): -1 | 0 | 1 => (a.n > 0n ? 1 : a.n < 0n ? -1 : 0);
export const absolute = (a: Rational): Rational => (a.n < 0n ? negate(a) : a);
export const compare = (a: Rational, b: Rational): -1 | 0 | 1 => sign(subtract(a, b));
export const isInteger = (a: Rational): boolean => a.d === 1n;
export const floor = (a: Rational): bigint => (a.n >= 0n ? a.n / a.d : -((-a.n + a.d - 1n) / a.d));

/** a^k for an integer k; refused before it is computed when the result would be too large. */
export function power(a: Rational, k: bigint): Rational {
  if (k < 0n) return power(divide(ONE, a), -k);
  const bits = Math.max(a.n.toString(2).length, a.d.toString(2).length);
  if (bits > 1 && (k > BigInt(MAX_BITS) || BigInt(bits - 1) * k > BigInt(MAX_BITS))) {
    if (a.n === 1n && a.d === 1n) return ONE;
    if (a.n === 0n) return ZERO;
    if (!(a.n === -1n && a.d === 1n)) throw new BudgetError(`a power of more than ${MAX_BITS} bits`);
  }
  if (a.d === 1n && (a.n === 1n || a.n === -1n)) return a.n === 1n || k % 2n === 0n ? ONE : a;
  return rational(a.n ** k, a.d ** k);
}

/** The exact k-th root of a rational, or null if it is not one. */
export function exactRoot(a: Rational, k: number): Rational | null {
  if (a.n < 0n) return null;
  const n = integerRoot(a.n, k);
  const d = n === null ? null : integerRoot(a.d, k);
  return n === null || d === null ? null : { n, d };
}

function integerRoot(a: bigint, k: number): bigint | null {
  if (a < 2n) return a;
  const exponent = BigInt(k);
  // Newton from above converges monotonically.
  let x = 1n << BigInt(Math.ceil(a.toString(2).length / k));
  for (;;) {
    const next = ((exponent - 1n) * x + a / x ** (exponent - 1n)) / exponent;
    if (next >= x) break;
    x = next;
  }
  return x ** exponent === a ? x : null;
}

/** The nearest double, also when numerator and denominator overflow one. */
export function toNumber(a: Rational): number {
  const n = Number(a.n);
  const d = Number(a.d);
  if (Number.isFinite(n) && Number.isFinite(d)) return n / d;
  const shift = BigInt(Math.max(a.n.toString(2).length, a.d.toString(2).length) - 1000);
  return Number(a.n >> shift) / Number(a.d >> shift);
}

/**
 * A decimal literal such as "-1.50", ".5" or "4.5e33", exactly.
 * @throws BudgetError when its exponent is too large.
 */
export function parseDecimal(text: string): Rational {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match || !(match[2] || match[3])) throw new SyntaxError(`"${text}" is not a decimal number`);
  const [, mark, whole, fraction = '', exponent = '0'] = match;
  if (Math.abs(Number(exponent)) > 4000) throw new BudgetError('a decimal exponent over 4000');
  const digits = BigInt(`${whole}${fraction}` || '0');
  const scale = BigInt(exponent) - BigInt(fraction.length);
  const value = scale >= 0n ? rational(digits * 10n ** scale) : rational(digits, 10n ** -scale);
  return mark === '-' ? negate(value) : value;
}
