import {
  children,
  isExpression,
  mapChildren,
  negative,
  symbolsOf,
  type Answer,
  type Expression,
  type RelationOperator,
} from '../parse/ast';
import { Canonicaliser } from './canonical';
import { divide, isDefined, multiply, subtract, type Value } from './complex';
import { no, yes, type Context, type Outcome } from './context';
import { evaluate, type Point } from './evaluate';
import { identical, isTransparent, scaled, single, times, TooManyTermsError, type Polynomial } from './polynomial';
import { divide as quotient, negate, ONE, sign, UndefinedValueError, type Rational } from './rational';
import { vanishes } from './sample';
import { compareAnswers } from './structure';

type Relation = Answer & { kind: 'relation' };

/** Compares answers of which at least one is an equation or an inequality. */
export function compareRelations(g: Answer, p: Answer, context: Context): Outcome {
  if (g.kind === 'relation' && p.kind === 'relation') return compareTwo(g, p, context);
  if (g.kind === 'relation') {
    const joint = p.kind === 'tuple' ? jointValues(g) : null;
    if (joint) return compareAnswers(joint, p, context);
    const value = unlabelled(g);
    return value === g ? no('the gold answer is an equation or inequality, the other is not') : compareAnswers(value, p, context);
  }
  if (p.kind !== 'relation') return no('no equation');
  const value = concluded(p) ?? ofIdentity(p, context);
  return value === null ? no('the answer is an equation or inequality, the gold answer is not') : compareAnswers(g, value, context);
}

/** "x = y = 2" as the pair (2, 2). */
function jointValues(relation: Relation): Answer | null {
  const names = relation.parts.slice(0, -1);
  const value = relation.parts.at(-1)!;
  if (names.length < 2 || relation.operators.some((operator) => operator !== '=') || !names.every((name) => name.kind === 'symbol'))
    return null;
  return { kind: 'tuple', open: '(', close: ')', items: names.map(() => value) };
}

/** x = y = 2 against x = y = 2: the same names, the same value. */
function compareJoint(g: Relation, p: Relation, context: Context): Outcome {
  const names = (relation: Relation): string =>
    relation.parts
      .slice(0, -1)
      .map((part) => (part.kind === 'symbol' ? part.name : ''))
      .sort()
      .join();
  if (names(g) !== names(p)) return no('values of different names');
  return compareAnswers(g.parts.at(-1)!, p.parts.at(-1)!, context);
}

/** "x = 5", "f(x) = 2x", "V_1 : V_2 = 11 : 21", "(p, q) = (3, 2)", "x ∈ {1, 2}": what stands after the name. Other answers as they are. */
export function unlabelled(answer: Answer): Answer {
  if (answer.kind !== 'relation') return answer;
  const [first, second] = answer.parts;
  if (!isLabel(first!)) {
    // 5 = x
    const turned = answer.parts.length === 2 && answer.operators[0] === '=' && second!.kind === 'symbol' && isExpression(first!);
    return turned && symbolsOf(first).length === 0 ? first : answer;
  }
  const named = answer.operators.every((operator) => operator === '=') || (answer.operators.length === 1 && answer.operators[0] === 'in');
  return named ? answer.parts.at(-1)! : answer;
}

/** The name that an equation gives a value to, or null. */
export function labelName(answer: Answer): string | null {
  if (answer.kind !== 'relation' || answer.operators.some((operator) => operator !== '=')) return null;
  const [first] = answer.parts;
  if (first!.kind === 'symbol') return first.name;
  return first!.kind === 'apply' ? first.name : null;
}

/** Names and combinations of names without numbers or sums: x, f(x), AB/CD, ∠ABC, (p, q), a : b. */
function isLabel(answer: Answer): boolean {
  if (answer.kind === 'tuple') return answer.items.every((item) => item.kind === 'symbol');
  if (answer.kind === 'ratio') return answer.parts.every(isLabel);
  if (!isExpression(answer)) return false;
  if (answer.kind === 'symbol' || answer.kind === 'apply') return true;
  if (answer.kind === 'constant') return answer.name === 'e' || answer.name === 'i';
  if (answer.kind === 'call' && answer.name === 'abs') return isLabel(answer.args[0]!);
  return (answer.kind === 'product' || answer.kind === 'quotient') && children(answer).every(isLabel);
}

/** What a response concludes with an equation: also the last part of a computation, 2 + 3 = 5 or f(1) + f(2) = 7, but not 2x + 1 = 3. */
function concluded(p: Relation): Answer | null {
  const plain = unlabelled(p);
  if (plain !== p) return plain;
  const [first] = p.parts;
  if (p.operators.some((operator) => operator !== '=') || !isExpression(first!)) return null;
  const last = p.parts.at(-1)!;
  const solved = symbolsOf(first).length === 0 || (!hasCoefficient(first) && !(last.kind === 'number' && last.value.n === 0n));
  return solved ? last : null;
}

/** "x² + 2x + 1 = (x + 1)²": where all parts are equal it is a computation, and its last part the result. */
function ofIdentity(p: Relation, context: Context): Answer | null {
  if (p.operators.some((operator) => operator !== '=') || !p.parts.every(isExpression)) return null;
  const same = p.parts.slice(1).every((part) => compareAnswers(p.parts[0]!, part, context).equal);
  return same ? p.parts.at(-1)! : null;
}

function hasCoefficient(expression: Expression): boolean {
  if (expression.kind === 'apply') return false;
  return (expression.kind === 'number' && expression.value.n !== -1n) || children(expression).some(hasCoefficient);
}

function compareTwo(g: Relation, p: Relation, context: Context): Outcome {
  const left = labelled(g);
  const right = labelled(p);
  if (left && right) {
    // x = y = 2 says more than x = 2.
    if (jointValues(g) || jointValues(p)) return compareJoint(g, p, context);
    if (left.name === right.name) {
      const value = renamed(right, left);
      return value ? compareAnswers(left.value, value, context) : no(`functions of different variables`);
    }
    if ((left.argument === null) !== (right.argument === null)) {
      // y = 2x and f(x) = 2x
      return compareAnswers(left.value, right.value, context);
    }
    if (left.argument === null && right.argument === null) {
      const outcome = compareEquations(g, p, context);
      return outcome.equal ? outcome : no(`values of different names: ${left.name} and ${right.name}`);
    }
  }
  if (g.operators.length !== p.operators.length && (left === null) !== (right === null)) return no('relations of different form');
  return compareEquations(g, p, context);
}

interface Labelled {
  name: string;
  /** The variable of "f(x) = …". */
  argument: string | null;
  value: Answer;
}

function labelled(relation: Relation): Labelled | null {
  const name = labelName(relation);
  if (name === null) return null;
  const [first] = relation.parts;
  const value = relation.parts.at(-1)!;
  if (first!.kind !== 'apply') return isExpression(value) && symbolsOf(value).includes(name) ? null : { name, argument: null, value };
  const [argument] = first.args;
  if (first.args.length === 1 && argument!.kind === 'symbol') return { name: `${name}()`, argument: argument.name, value };
  // f(2) = 3 gives a value to "f(2)".
  const places = first.args.map((arg) =>
    arg.kind === 'number' ? `${arg.value.n}/${arg.value.d}` : arg.kind === 'symbol' ? arg.name : null,
  );
  return places.includes(null) ? null : { name: `${name}(${places.join()})`, argument: null, value };
}

/** f(t) = t² as a function of the other's variable; null where that letter already means something else in it. */
function renamed(from: Labelled, to: Labelled): Answer | null {
  if (!from.argument || !to.argument || from.argument === to.argument || !isExpression(from.value)) return from.value;
  if (symbolsOf(from.value).includes(to.argument)) return null;
  const rename = (expression: Expression): Expression =>
    expression.kind === 'symbol' && expression.name === from.argument
      ? { kind: 'symbol', name: to.argument! }
      : mapChildren(expression, rename);
  return rename(from.value);
}

/** Two equations say the same if one is a constant multiple of the other; inequalities if that constant is positive. */
function compareEquations(g: Relation, p: Relation, context: Context): Outcome {
  const a = oneSided(g);
  const b = oneSided(p);
  if (!a || !b) {
    if (g.parts.length !== p.parts.length || g.operators.some((operator, index) => operator !== p.operators[index]))
      return no('relations of different form');
    const same = g.parts.every((part, index) => compareAnswers(part, p.parts[index]!, context).equal);
    return same ? yes('relations equal part by part') : no('different relations');
  }
  if (a.operator !== b.operator) return no('different relation signs');
  const factor = proportion(a.difference, b.difference, context);
  if (factor === null) return no(a.operator === '=' ? 'different equations' : 'different inequalities');
  if (factor < 0 && a.operator.startsWith('<')) return no('inequalities in opposite directions');
  return yes(a.operator === '=' ? 'equations equal up to a constant factor' : 'inequalities equal up to a positive factor');
}

/** left − right, with > turned into <. Null for structures and longer chains of inequalities. */
function oneSided(relation: Relation): { difference: Expression; operator: RelationOperator } | null {
  const [first] = relation.parts;
  const last = relation.parts.at(-1)!;
  const operator = relation.operators[0]!;
  if (relation.operators.some((other) => other !== operator) || (relation.parts.length > 2 && operator !== '=')) return null;
  if (!isExpression(first!) || !isExpression(last) || operator === 'in') return null;
  const flipped = operator.startsWith('>');
  const [x, y] = flipped ? [last, first] : [first, last];
  return { difference: { kind: 'sum', terms: [x, negative(y)] }, operator: flipped ? (operator === '>' ? '<' : '<=') : operator };
}

/** The sign of the constant c with a = c·b, or null if there is none. */
function proportion(a: Expression, b: Expression, context: Context): number | null {
  try {
    const canonicaliser = new Canonicaliser(context.budget);
    const [x, y] = [a, b].map((side) => cleared(canonicaliser.of(side).over, context));
    if (x!.size === 0 || y!.size === 0) return x!.size === y!.size ? 1 : null;
    if (isTransparent(x!) && isTransparent(y!)) {
      const [u, v] = [leading(x!), leading(y!)];
      return identical(scaled(x!, quotient(ONE, u)), scaled(y!, quotient(ONE, v))) ? sign(u) * sign(v) : null;
    }
  } catch (error) {
    if (error instanceof UndefinedValueError) return null;
    if (!(error instanceof TooManyTermsError)) throw error;
  }
  return numericProportion(a, b, context);
}

function leading(polynomial: Polynomial): Rational {
  const key = [...polynomial.keys()].sort()[0]!;
  return polynomial.get(key)!.coefficient;
}

/** Multiplied by the variables in the denominators: y − 1/x becomes xy − 1. */
function cleared(polynomial: Polynomial, context: Context): Polynomial {
  const lowest = new Map<string, Rational>();
  for (const { monomial } of polynomial.values()) {
    for (const [name, exponent] of monomial) {
      const known = lowest.get(name);
      if (exponent.n < 0n && (!known || exponent.n * known.d < known.n * exponent.d)) lowest.set(name, exponent);
    }
  }
  if (lowest.size === 0) return polynomial;
  const factor = single(
    [...lowest].map(([name, exponent]) => [name, negate(exponent)] as const).sort(([x], [y]) => (x < y ? -1 : 1)),
    ONE,
  );
  return times(polynomial, factor, context.budget);
}

function numericProportion(a: Expression, b: Expression, { budget }: Context): number | null {
  // Without variables there is one point only, where anything is proportional to anything.
  if (symbolsOf(a, b).length === 0) return null;
  let ratio: Value | null = null;
  const agreed = vanishes([a, b], (point: Point) => {
    const [x, y] = [evaluate(a, point, budget), evaluate(b, point, budget)];
    if (isDefined(x) && isDefined(y)) ratio ??= divide(x, y);
    const expected = ratio ? multiply(ratio, y) : y;
    return { value: subtract(x, expected), scale: Math.abs(x.re) + Math.abs(expected.re) + Math.abs(x.im) };
  });
  const found = ratio as Value | null;
  return agreed === null || !found || !isDefined(found) ? null : Math.sign(found.re);
}
