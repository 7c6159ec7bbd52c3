/**
 * Complex doubles with a running bound of their absolute rounding error (first order, as in Higham, Accuracy and Stability of Numerical
 * Algorithms, 3.3), so that "equal up to rounding" needs no tolerance chosen by hand.
 */
export interface Value {
  readonly re: number;
  readonly im: number;
  readonly err: number;
}

const EPS = Number.EPSILON;

export const NOT_DEFINED: Value = { re: NaN, im: NaN, err: Infinity };
export const known = (re: number, im: number): Value => ({ re, im, err: 0 });
/** A real constant that may itself be rounded. */
export const real = (re: number): Value => ({ re, im: 0, err: Number.isInteger(re) && Math.abs(re) < 2 ** 53 ? 0 : Math.abs(re) * EPS });
export const isReal = (a: Value): boolean => a.im === 0;
export const isDefined = (a: Value): boolean => Number.isFinite(a.re) && Number.isFinite(a.im) && Number.isFinite(a.err);
export const size = (a: Value): number => (a.im === 0 ? Math.abs(a.re) : Math.hypot(a.re, a.im));

function rounded(re: number, im: number, err: number): Value {
  return { re, im, err: err + (Math.abs(re) + Math.abs(im)) * EPS };
}

export const add = (a: Value, b: Value): Value => rounded(a.re + b.re, a.im + b.im, a.err + b.err);
export const subtract = (a: Value, b: Value): Value => rounded(a.re - b.re, a.im - b.im, a.err + b.err);
export const scale = (a: Value, factor: number): Value => rounded(a.re * factor, a.im === 0 ? 0 : a.im * factor, a.err * Math.abs(factor));

export function multiply(a: Value, b: Value): Value {
  const err = size(a) * b.err + size(b) * a.err + a.err * b.err;
  if (a.im === 0 && b.im === 0) return rounded(a.re * b.re, 0, err);
  return rounded(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re, err + 2 * EPS * size(a) * size(b));
}

export function divide(a: Value, b: Value): Value {
  const under = size(b);
  // Zero up to rounding has no inverse.
  if (!(under > 4 * b.err) || under === 0) return NOT_DEFINED;
  const err = (a.err + (size(a) / under) * b.err) / (under - b.err);
  if (a.im === 0 && b.im === 0) return rounded(a.re / b.re, 0, err);
  const square = under * under;
  return rounded((a.re * b.re + a.im * b.im) / square, (a.im * b.re - a.re * b.im) / square, err + (4 * EPS * size(a)) / under);
}

export function exponential(a: Value): Value {
  const length = Math.exp(a.re);
  const err = length * (a.err + EPS * (2 + size(a)));
  return a.im === 0 ? { re: length, im: 0, err } : { re: length * Math.cos(a.im), im: length * Math.sin(a.im), err };
}

/** Principal branch. */
export function logarithm(a: Value): Value {
  const length = size(a);
  if (!(length > 4 * a.err)) return NOT_DEFINED;
  const re = Math.log(length);
  const im = a.im === 0 ? (a.re < 0 ? Math.PI : 0) : Math.atan2(a.im, a.re);
  return { re, im, err: a.err / length + EPS * (2 + Math.abs(re)) };
}

/** Principal power; whole exponents by repeated squaring, so that they stay real and sharp. */
export function power(a: Value, k: Value): Value {
  if (k.im === 0 && Number.isInteger(k.re) && Math.abs(k.re) <= 1024) {
    let result: Value = real(1);
    let square = a;
    for (let n = Math.abs(k.re); n > 0; n = Math.floor(n / 2)) {
      if (n % 2) result = multiply(result, square);
      square = multiply(square, square);
    }
    return k.re < 0 ? divide(real(1), result) : result;
  }
  if (size(a) === 0) return k.im === 0 && k.re > 0 ? real(0) : NOT_DEFINED;
  if (a.im === 0 && a.re > 0 && k.im === 0) {
    const value = a.re ** k.re;
    const err = Math.abs(value) * ((Math.abs(k.re) * a.err) / a.re + Math.abs(Math.log(a.re)) * k.err + 2 * EPS);
    return { re: value, im: 0, err };
  }
  return exponential(multiply(k, logarithm(a)));
}

export function abs(a: Value): Value {
  return { re: size(a), im: 0, err: a.err + EPS * size(a) };
}
