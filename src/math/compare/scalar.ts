import { mapChildren, number, some, substitute, symbolsOf, type Expression } from '../parse/ast';
import { canonicalUnit } from '../parse/vocabulary';
import { asRational, Canonicaliser, type Canonical } from './canonical';
import { isReal, subtract, size } from './complex';
import { no, yes, type Context, type Outcome } from './context';
import { evaluate } from './evaluate';
import { isTransparent, TooManyTermsError, type Polynomial } from './polynomial';
import { absolute, compare, parseDecimal, rational, sign, subtract as minus, UndefinedValueError, type Rational } from './rational';
import { evaluatePolynomial, numericValue, vanishes } from './sample';

interface Quantity {
  value: Expression;
  percent: boolean;
  degree: boolean;
  unit: string | null;
}

/** Compares two scalars, units and percent signs by the options. */
export function compareScalars(gold: Expression, prediction: Expression, context: Context): Outcome {
  if (gold.kind !== 'apply' && prediction.kind === 'apply' && prediction.name === 'mod')
    return compareScalars(gold, prediction.args[0]!, context);
  const g = withCompoundUnit(quantity(gold), context);
  const p = withoutLetterUnit(g, quantity(prediction), context);
  const units = compareUnits(g, p, context);
  if (units) return units;
  if (g.percent !== p.percent) return comparePercent(g, p, context);
  if (g.degree !== p.degree) {
    const radians = canonicalUnit((g.degree ? p : g).unit ?? '') === 'rad';
    if (radians) return equalExpressions(inRadians(g), inRadians(p), context);
    const plain = equalExpressions(g.value, p.value, context);
    if (plain.equal) return yes(`${plain.rule}, the degree sign left out`);
    return equalExpressions(inRadians(g), inRadians(p), context);
  }
  return equalExpressions(g.value, p.value, context);
}

const inRadians = (q: Quantity): Expression => (q.degree ? { kind: 'degree', operand: q.value } : q.value);

/** Takes the outermost unit, percent and degree signs off; a unit after a sum holds for all of it. */
function quantity(expression: Expression): Quantity {
  switch (expression.kind) {
    case 'unit': {
      const inner = quantity(expression.operand);
      return { ...inner, unit: [inner.unit, expression.unit].filter(Boolean).join(' ') };
    }
    case 'percent':
      return { ...quantity(expression.operand), percent: true };
    case 'degree':
      return { ...quantity(expression.operand), degree: true };
    case 'sum': {
      const last = quantity(expression.terms.at(-1)!);
      if (!last.unit || expression.terms.slice(0, -1).some((term) => term.kind === 'unit')) break;
      return { ...last, value: { kind: 'sum', terms: [...expression.terms.slice(0, -1), last.value] } };
    }
    case 'product': {
      // −(5 cm) is (−5) cm
      const last = quantity(expression.factors.at(-1)!);
      if (expression.factors.length !== 2 || !(last.unit || last.percent || last.degree) || expression.factors[0]!.kind !== 'number') break;
      return { ...last, value: { kind: 'product', factors: [expression.factors[0], last.value] } };
    }
    default:
  }
  return { value: expression, percent: false, degree: false, unit: null };
}

/** Letters that are units after a number when the gold answer has no variable: 5 m, 12 m/s^2. */
const LETTER_UNITS = new Set(['m', 'g', 's', 'h', 'L', 'N', 'J', 'W', 'V']);

/** "10 m/s", "9.8 m/s^2" in a gold answer: a number with a quotient of unit letters is no algebra. */
function withCompoundUnit(gold: Quantity, context: Context): Quantity {
  const { value } = gold;
  if (gold.unit || value.kind !== 'quotient' || value.over.kind !== 'product' || value.over.factors.length !== 2) return gold;
  const letters = symbolsOf(value);
  if (letters.length !== 2 || symbolsOf(value.under).join() !== 's' || !letters.includes('m')) return gold;
  const bare = withoutLetterUnit({ ...gold, value: value.over.factors[0]! }, gold, context);
  return bare.unit ? bare : gold;
}

function withoutLetterUnit(gold: Quantity, given: Quantity, { options }: Context): Quantity {
  if (options.units === 'required' || given.unit || symbolsOf(gold.value).length > 0) return given;
  const symbols = symbolsOf(given.value);
  if (symbols.length === 0 || !symbols.every((name) => LETTER_UNITS.has(name))) return given;
  const { value } = given;
  const isUnit = (part: Expression): boolean =>
    part.kind === 'symbol' ||
    (part.kind === 'power' && part.base.kind === 'symbol') ||
    (part.kind === 'quotient' && isUnit(part.over) && isUnit(part.under));
  if (value.kind === 'product' && value.factors.length === 2 && symbolsOf(value.factors[0]!).length === 0 && isUnit(value.factors[1]!)) {
    return { ...given, value: value.factors[0]!, unit: unitText(value.factors[1]!) };
  }
  if (value.kind === 'quotient' && value.over.kind === 'product' && isUnit(value.under)) {
    const above = withoutLetterUnit(gold, { ...given, value: value.over }, { options } as Context);
    return above.unit ? { ...above, unit: `${above.unit}/${unitText(value.under)}` } : given;
  }
  return given;
}

/** m/s^2 as text. */
function unitText(part: Expression): string {
  if (part.kind === 'symbol') return part.name;
  if (part.kind === 'quotient') return `${unitText(part.over)}/${unitText(part.under)}`;
  return part.kind === 'power' && part.exponent.kind === 'number' ? `${unitText(part.base)}^${part.exponent.value.n}` : '';
}

function compareUnits(g: Quantity, p: Quantity, { options }: Context): Outcome | null {
  if (options.units === 'ignored') return null;
  if (options.units === 'required' && g.unit && !p.unit) return no(`the unit "${g.unit}" is missing`);
  if (!g.unit || !p.unit) return null;
  const [a, b] = [canonicalUnit(g.unit), canonicalUnit(p.unit)];
  return a && b && a !== b ? no(`different units: ${g.unit} and ${p.unit}`) : null;
}

function comparePercent(g: Quantity, p: Quantity, context: Context): Outcome {
  const { percent } = context.options;
  let outcome: Outcome | null = null;
  if (percent !== 'hundredth') {
    outcome = equalExpressions(g.value, p.value, context);
    if (outcome.equal) return yes(`${outcome.rule}, the percent sign taken as a unit`);
  }
  if (percent === 'unit') return outcome!;
  const hundredth = (q: Quantity): Expression => (q.percent ? { kind: 'percent', operand: q.value } : q.value);
  outcome = equalExpressions(hundredth(g), hundredth(p), context);
  return outcome.equal ? yes(`${outcome.rule}, percent as hundredths`) : outcome;
}

/** Equality of two expressions: exactly where algebra decides, else numerically; rounded decimals by the digits they state. */
export function equalExpressions(a: Expression, b: Expression, context: Context): Outcome {
  let outcome = byValue(a, renamedParameter(a, b) ?? b, context);
  if (outcome.equal) return outcome;
  if (hasBareLogarithm(a) || hasBareLogarithm(b)) {
    outcome = byValue(inBaseTen(a), inBaseTen(b), context);
    if (outcome.equal) return yes(`${outcome.rule}, with log to base 10`);
  }
  return byTolerance(a, b, context) ?? byStatedDigits(a, b, context) ?? byStatedDigits(b, a, context) ?? outcome;
}

/** "π/2 + 2kπ" and "π/2 + 2nπ": the names of the integer in a general solution, where π shows that it is one. */
const PARAMETERS = new Set(['k', 'n', 'm', 'l']);
function renamedParameter(a: Expression, b: Expression): Expression | null {
  const [[x, ...more], [y, ...others]] = [symbolsOf(a), symbolsOf(b)];
  if (!x || !y || x === y || more.length > 0 || others.length > 0 || !PARAMETERS.has(x) || !PARAMETERS.has(y)) return null;
  const periodic = [a, b].every((side) => side.kind === 'sum' && some(side, (node) => node.kind === 'constant' && node.name === 'pi'));
  return periodic ? substitute(b, y, { kind: 'symbol', name: x }) : null;
}

const isBareLogarithm = (node: Expression): boolean => node.kind === 'call' && node.name === 'log' && node.args.length === 1;
const hasBareLogarithm = (expression: Expression): boolean => some(expression, isBareLogarithm);
const TEN = number(rational(10n));

/** A log without a base is the natural one to some and the decimal one to others; this is the second reading. */
function inBaseTen(expression: Expression): Expression {
  const inner = mapChildren(expression, inBaseTen);
  return isBareLogarithm(inner) && inner.kind === 'call' ? { ...inner, args: [...inner.args, TEN] } : inner;
}

function byValue(a: Expression, b: Expression, context: Context): Outcome {
  const canonicaliser = new Canonicaliser(context.budget);
  let difference: Polynomial;
  let forms: [Canonical, Canonical];
  try {
    forms = [canonicaliser.of(a), canonicaliser.of(b)];
    difference = canonicaliser.difference(...forms);
  } catch (error) {
    if (error instanceof UndefinedValueError) return no(`undefined: ${error.message}`);
    if (!(error instanceof TooManyTermsError)) throw error;
    return numerically(a, b, context);
  }
  const variables = symbolsOf(a, b).length > 0;
  const rationals = asRational(forms[0]) && asRational(forms[1]);
  const what = rationals ? 'rationals' : variables ? 'expressions' : 'numbers';
  if (difference.size === 0) return yes(`equal as exact ${what}`);
  if (isTransparent(difference)) return no(`different exact ${what}`);
  const agreed = vanishes([a, b], (point) => evaluatePolynomial(difference, canonicaliser.opaque, point, context.budget));
  return numericOutcome(agreed, variables);
}

function numerically(a: Expression, b: Expression, { budget }: Context): Outcome {
  const agreed = vanishes([a, b], (point) => {
    const [x, y] = [evaluate(a, point, budget), evaluate(b, point, budget)];
    return { value: subtract(x, y), scale: size(x) + size(y) };
  });
  return numericOutcome(agreed, symbolsOf(a, b).length > 0);
}

function numericOutcome(agreed: number | null, variables: boolean): Outcome {
  if (agreed === null) return no(variables ? 'different at a sample point' : 'different numerically');
  return yes(variables ? `equal numerically at ${agreed} sample points` : 'equal numerically to double precision');
}

/** Exact where the number is rational, a double otherwise; null if it has no real value. */
function realValue(expression: Expression, context: Context): Rational | null {
  if (symbolsOf(expression).length > 0) return null;
  try {
    const exact = asRational(new Canonicaliser(context.budget).of(expression));
    if (exact) return exact;
  } catch (error) {
    if (!(error instanceof TooManyTermsError || error instanceof UndefinedValueError)) throw error;
  }
  const value = numericValue(expression, context.budget);
  return value && isReal(value) && Math.abs(value.re) < 1e300 ? parseDecimal(String(value.re)) : null;
}

function byTolerance(a: Expression, b: Expression, context: Context): Outcome | null {
  const { tolerance } = context.options;
  if (!(tolerance > 0)) return null;
  const [x, y] = [realValue(a, context), realValue(b, context)];
  if (!x || !y) return null;
  return compare(absolute(minus(x, y)), parseDecimal(String(tolerance))) <= 0 ? yes(`equal within the tolerance ${tolerance}`) : null;
}

/** Digits of a double: a literal with so many is a computed number, with rounding errors of its own. */
const DOUBLE_DIGITS = 15;

/** Whether `stated`, a decimal literal, is the other value rounded or cut to the digits it states. */
function byStatedDigits(stated: Expression, other: Expression, context: Context): Outcome | null {
  const literal = decimalLiteral(stated);
  if (!literal || literal.significant < context.options.decimalDigits) return null;
  if (some(other, (node) => node.kind === 'plusminus')) return null;
  const value = realValue(other, context);
  if (!value || sign(value) !== sign(literal.value)) return null;
  const unit = literal.places >= 0 ? rational(1n, 10n ** BigInt(literal.places)) : rational(10n ** BigInt(-literal.places));
  const excess = minus(absolute(value), absolute(literal.value));
  const half = rational(-unit.n, unit.d * 2n);
  if (compare(excess, half) >= 0 && compare(excess, unit) < 0) return yes(`equal to the ${literal.significant} digits stated`);
  if (literal.significant < DOUBLE_DIGITS) return null;
  const noise = rational(absolute(value).n, value.d * 10n ** 14n);
  return compare(absolute(excess), noise) <= 0 ? yes('equal up to the rounding of a double') : null;
}

function decimalLiteral(expression: Expression): { value: Rational; significant: number; places: number } | null {
  return expression.kind === 'number' && expression.decimal ? { value: expression.value, ...expression.decimal } : null;
}
