import type { Budget } from './budget';
import { add, equal, multiply, negate, ONE, sign, type Rational } from './rational';

/**
 * Sums of rational multiples of monomials, exactly. A monomial is a product of atoms with rational exponents. Atoms are
 * - variables, π, e and infinity-free constants, by name, with integer exponents (negative ones too);
 * - prime numbers, written "#2", with exponents strictly between 0 and 1: √12 is 2·#3^(1/2). Such roots are linearly independent over
 *   the rationals (Besicovitch 1940), so two polynomials in these atoms are equal only if they are identical;
 * - the imaginary unit "i", with exponent 0 or 1;
 * - opaque ones, "@…", for functions and powers that algebra does not open; for these equality is decided numerically.
 */
export type Monomial = readonly (readonly [atom: string, exponent: Rational])[];

export interface Term {
  readonly monomial: Monomial;
  readonly coefficient: Rational;
}

export type Polynomial = ReadonlyMap<string, Term>;

const MAX_TERMS = 300;

/** Thrown when a polynomial would grow too large to be worth it; the caller then compares numerically. */
export class TooManyTermsError extends Error {
  override name = 'TooManyTermsError';
}

export const NOTHING: Polynomial = new Map();

export function constant(value: Rational): Polynomial {
  return value.n === 0n ? NOTHING : new Map([['', { monomial: [], coefficient: value }]]);
}

export function atom(name: string, exponent: Rational = ONE): Polynomial {
  return single([[name, exponent]], ONE);
}

export function single(monomial: Monomial, coefficient: Rational): Polynomial {
  return coefficient.n === 0n ? NOTHING : new Map([[keyOf(monomial), { monomial, coefficient }]]);
}

const keyOf = (monomial: Monomial): string => monomial.map(([name, power]) => `${name}^${power.n}/${power.d}`).join('*');

export function plus(a: Polynomial, b: Polynomial, budget: Budget): Polynomial {
  budget.spend(b.size + 1);
  const sum = new Map(a);
  for (const [key, term] of b) {
    const known = sum.get(key);
    const coefficient = known ? add(known.coefficient, term.coefficient) : term.coefficient;
    if (coefficient.n === 0n) sum.delete(key);
    else sum.set(key, { monomial: term.monomial, coefficient });
  }
  if (sum.size > MAX_TERMS) throw new TooManyTermsError();
  return sum;
}

export function times(a: Polynomial, b: Polynomial, budget: Budget): Polynomial {
  budget.spend(2 * a.size * b.size + 1);
  if (a.size * b.size > MAX_TERMS * 8) throw new TooManyTermsError();
  const result = new Map<string, Term>();
  for (const left of a.values()) {
    for (const right of b.values()) {
      const { monomial, coefficient } = timesTerm(left, right);
      const key = keyOf(monomial);
      const known = result.get(key);
      const total = known ? add(known.coefficient, coefficient) : coefficient;
      if (total.n === 0n) result.delete(key);
      else result.set(key, { monomial, coefficient: total });
    }
  }
  if (result.size > MAX_TERMS) throw new TooManyTermsError();
  return result;
}

/** The product of two terms, with whole powers of primes and of i moved into the coefficient. */
function timesTerm(a: Term, b: Term): Term {
  let coefficient = multiply(a.coefficient, b.coefficient);
  if (a.monomial.length === 0) return { monomial: b.monomial, coefficient };
  if (b.monomial.length === 0) return { monomial: a.monomial, coefficient };
  const powers = new Map<string, Rational>(a.monomial);
  for (const [name, power] of b.monomial) {
    const total = powers.has(name) ? add(powers.get(name)!, power) : power;
    if (name === 'i') {
      // i² = −1
      if (total.n === 2n) {
        coefficient = negate(coefficient);
        powers.delete(name);
      } else powers.set(name, total);
    } else if (name.startsWith('#') && total.n >= total.d) {
      coefficient = multiply(coefficient, { n: BigInt(name.slice(1)), d: 1n });
      const rest = add(total, { n: -1n, d: 1n });
      if (rest.n === 0n) powers.delete(name);
      else powers.set(name, rest);
    } else if (total.n === 0n) powers.delete(name);
    else powers.set(name, total);
  }
  const monomial = [...powers].sort(([x], [y]) => (x < y ? -1 : 1));
  return { monomial, coefficient };
}

export function scaled(a: Polynomial, factor: Rational): Polynomial {
  if (factor.n === 0n) return NOTHING;
  return new Map([...a].map(([key, term]) => [key, { ...term, coefficient: multiply(term.coefficient, factor) }]));
}

/** The value of a polynomial without atoms, or null. */
export function constantValue(a: Polynomial): Rational | null {
  if (a.size === 0) return { n: 0n, d: 1n };
  const term = a.size === 1 ? a.get('') : undefined;
  return term ? term.coefficient : null;
}

/** The only term of a monomial, or null. */
export function onlyTerm(a: Polynomial): Term | null {
  return a.size === 1 ? a.values().next().value! : null;
}

/** 1 / term, for terms whose atoms all have inverses among the monomials. */
export function inverseTerm(term: Term): Polynomial {
  let coefficient: Rational =
    sign(term.coefficient) < 0 ? { n: -term.coefficient.d, d: -term.coefficient.n } : { n: term.coefficient.d, d: term.coefficient.n };
  const monomial = term.monomial.map(([name, power]): readonly [string, Rational] => {
    if (name === 'i') {
      coefficient = negate(coefficient);
      return [name, power];
    }
    if (!name.startsWith('#')) return [name, negate(power)];
    // p^(−a) = p^(1−a) / p
    coefficient = multiply(coefficient, { n: 1n, d: BigInt(name.slice(1)) });
    return [name, add(ONE, negate(power))];
  });
  return single(monomial, coefficient);
}

export function identical(a: Polynomial, b: Polynomial): boolean {
  if (a.size !== b.size) return false;
  for (const [key, term] of a) {
    const other = b.get(key);
    if (!other || !equal(other.coefficient, term.coefficient)) return false;
  }
  return true;
}

/** Whether every atom is one whose powers are independent, so that "not identical" means "not equal". */
export function isTransparent(a: Polynomial): boolean {
  for (const { monomial } of a.values()) if (monomial.some(([name]) => name.startsWith('@'))) return false;
  return true;
}

/** A text that is the same for identical polynomials. */
export function polynomialKey(a: Polynomial): string {
  return [...a]
    .sort(([x], [y]) => (x < y ? -1 : 1))
    .map(([key, term]) => `${term.coefficient.n}/${term.coefficient.d}·${key}`)
    .join('+');
}
