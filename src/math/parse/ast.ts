import type { Rational } from '../compare/rational';

/** Functions with a meaning of their own; every other name followed by arguments is an unknown function. */
export type FunctionName =
  | 'sin'
  | 'cos'
  | 'tan'
  | 'cot'
  | 'sec'
  | 'csc'
  | 'asin'
  | 'acos'
  | 'atan'
  | 'acot'
  | 'sinh'
  | 'cosh'
  | 'tanh'
  | 'exp'
  /** cos + i sin */
  | 'cis'
  | 'ln'
  | 'log'
  | 'abs'
  | 'floor'
  | 'ceil'
  | 'factorial'
  | 'binomial'
  | 'min'
  | 'max'
  | 'gcd'
  | 'lcm';

/** Scalar expressions. */
export type Expression =
  | { kind: 'number'; value: Rational; /** Set on a literal with a decimal point. */ decimal?: { significant: number; places: number } }
  | { kind: 'symbol'; name: string }
  | { kind: 'constant'; name: 'pi' | 'e' | 'i' | 'infinity' }
  | { kind: 'sum'; terms: Expression[] }
  | { kind: 'product'; factors: Expression[] }
  | { kind: 'quotient'; over: Expression; under: Expression }
  | { kind: 'power'; base: Expression; exponent: Expression }
  | { kind: 'root'; radicand: Expression; index: Expression }
  | { kind: 'call'; name: FunctionName; args: Expression[] }
  | { kind: 'apply'; name: string; args: Expression[] }
  /** A finite sum or product of `body` over the integers from `from` to `to`. */
  | { kind: 'series'; of: 'sum' | 'product'; index: string; from: Expression; to: Expression; body: Expression }
  | { kind: 'plusminus'; sign: 1 | -1; operand: Expression }
  | { kind: 'percent'; operand: Expression }
  | { kind: 'degree'; operand: Expression }
  | { kind: 'unit'; operand: Expression; unit: string };

export type RelationOperator = '=' | '<' | '>' | '<=' | '>=' | '!=' | 'in';

/** What an answer can be: a scalar, or structure around scalars. */
export type Answer =
  | Expression
  | { kind: 'list'; items: Answer[]; /** Set where the last separator is "or". */ or?: true }
  | { kind: 'tuple'; open: '(' | '['; close: ')' | ']'; items: Answer[] }
  | { kind: 'set'; items: Answer[] }
  | { kind: 'union'; parts: Answer[] }
  | { kind: 'intersection'; parts: Answer[] }
  | { kind: 'difference'; from: Answer; without: Answer }
  | { kind: 'matrix'; rows: Answer[][] }
  | { kind: 'relation'; parts: Answer[]; operators: RelationOperator[] }
  | { kind: 'ratio'; parts: Expression[] }
  | { kind: 'based'; digits: string; base: string }
  | { kind: 'time'; hours: number; minutes: number; half: 'am' | 'pm' | null }
  /** Quantities that belong together, each with its own unit: "2 hours 30 minutes", "5 feet 6 inches". */
  | { kind: 'compound'; parts: Expression[] }
  | { kind: 'choice'; letter: string; rest: string }
  | { kind: 'words'; text: string };

const STRUCTURES = new Set([
  'list',
  'tuple',
  'set',
  'union',
  'intersection',
  'difference',
  'matrix',
  'relation',
  'ratio',
  'based',
  'time',
  'compound',
  'choice',
  'words',
]);

export function isExpression(answer: Answer): answer is Expression {
  return !STRUCTURES.has(answer.kind);
}

export function children(expression: Expression): Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'symbol':
    case 'constant':
      return [];
    case 'sum':
      return expression.terms;
    case 'product':
      return expression.factors;
    case 'quotient':
      return [expression.over, expression.under];
    case 'power':
      return [expression.base, expression.exponent];
    case 'root':
      return [expression.radicand, expression.index];
    case 'call':
    case 'apply':
      return expression.args;
    case 'series':
      return [expression.from, expression.to, expression.body];
    case 'plusminus':
    case 'percent':
    case 'degree':
    case 'unit':
      return [expression.operand];
  }
}

export function mapChildren(expression: Expression, map: (child: Expression) => Expression): Expression {
  switch (expression.kind) {
    case 'number':
    case 'symbol':
    case 'constant':
      return expression;
    case 'sum':
      return { ...expression, terms: expression.terms.map(map) };
    case 'product':
      return { ...expression, factors: expression.factors.map(map) };
    case 'quotient':
      return { ...expression, over: map(expression.over), under: map(expression.under) };
    case 'power':
      return { ...expression, base: map(expression.base), exponent: map(expression.exponent) };
    case 'root':
      return { ...expression, radicand: map(expression.radicand), index: map(expression.index) };
    case 'call':
    case 'apply':
      return { ...expression, args: expression.args.map(map) };
    case 'series':
      return { ...expression, from: map(expression.from), to: map(expression.to), body: map(expression.body) };
    case 'plusminus':
    case 'percent':
    case 'degree':
    case 'unit':
      return { ...expression, operand: map(expression.operand) };
  }
}

/** Names of the free variables and unknown functions, sorted. */
export function symbolsOf(...expressions: Expression[]): string[] {
  const names = new Set<string>();
  const visit = (expression: Expression, bound: readonly string[]): void => {
    if (expression.kind === 'symbol' && !bound.includes(expression.name)) names.add(expression.name);
    const inner = expression.kind === 'series' ? [...bound, expression.index] : bound;
    for (const child of children(expression)) visit(child, inner);
  };
  for (const expression of expressions) visit(expression, []);
  return [...names].sort();
}

/** The expression with `value` for the free variable `name`. */
export function substitute(expression: Expression, name: string, value: Expression): Expression {
  if (expression.kind === 'symbol') return expression.name === name ? value : expression;
  if (expression.kind === 'series' && expression.index === name) return expression;
  return mapChildren(expression, (child) => substitute(child, name, value));
}

export function some(expression: Expression, test: (node: Expression) => boolean): boolean {
  return test(expression) || children(expression).some((child) => some(child, test));
}

export const number = (value: Rational): Expression => ({ kind: 'number', value });
export const negative = (operand: Expression): Expression =>
  operand.kind === 'number'
    ? { ...operand, value: { n: -operand.value.n, d: operand.value.d } }
    : { kind: 'product', factors: [{ kind: 'number', value: { n: -1n, d: 1n } }, operand] };
