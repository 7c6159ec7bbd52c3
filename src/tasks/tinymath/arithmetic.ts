/** Arithmetic expressions over integers: the mathematical content of a problem. */

export type Operator = '+' | '-' | '*' | '/';
export type Expression = number | { readonly op: Operator; readonly left: Expression; readonly right: Expression };

/** One operation with its operands' values, in the order in which a careful solver carries them out. */
export interface Step {
  op: Operator;
  left: number;
  right: number;
  value: number;
  /** Index of the step that produced the operand, or −1 for a number of the problem. */
  leftFrom: number;
  rightFrom: number;
}

const PRECEDENCE: Record<Operator, number> = { '+': 1, '-': 1, '*': 2, '/': 2 };

export function apply(op: Operator, left: number, right: number): number {
  return op === '+' ? left + right : op === '-' ? left - right : op === '*' ? left * right : left / right;
}

export function evaluate(e: Expression): number {
  return typeof e === 'number' ? e : apply(e.op, evaluate(e.left), evaluate(e.right));
}

/** With the parentheses that left-to-right evaluation needs and no others. */
export function format(e: Expression): string {
  if (typeof e === 'number') return String(e);
  const p = PRECEDENCE[e.op];
  const side = (child: Expression, isRight: boolean): string => {
    const inner = format(child);
    if (typeof child === 'number') return inner;
    const q = PRECEDENCE[child.op];
    return q < p || (isRight && q === p) ? `(${inner})` : inner;
  };
  return side(e.left, false) + e.op + side(e.right, true);
}

/** Reads what `format` wrote. */
export function parse(source: string): Expression {
  let at = 0;
  const fail = (): never => {
    throw new SyntaxError(`not an arithmetic expression at character ${at + 1}: '${source}'`);
  };
  const atom = (): Expression => {
    if (source[at] === '(') {
      at++;
      const inner = sum();
      if (source[at++] !== ')') fail();
      return inner;
    }
    const digits = /^\d+/.exec(source.slice(at))?.[0] ?? fail();
    at += digits.length;
    return Number(digits);
  };
  const chain = (operators: string, operand: () => Expression): Expression => {
    let left = operand();
    while (at < source.length && operators.includes(source[at]!)) left = { op: source[at++] as Operator, left, right: operand() };
    return left;
  };
  const product = (): Expression => chain('*/', atom);
  const sum = (): Expression => chain('+-', product);
  const result = sum();
  if (at !== source.length) fail();
  return result;
}

/** The operations in evaluation order (left operand, right operand, operation). */
export function steps(e: Expression): Step[] {
  const list: Step[] = [];
  const visit = (node: Expression): { value: number; from: number } => {
    if (typeof node === 'number') return { value: node, from: -1 };
    const l = visit(node.left);
    const r = visit(node.right);
    const value = apply(node.op, l.value, r.value);
    list.push({ op: node.op, left: l.value, right: r.value, value, leftFrom: l.from, rightFrom: r.from });
    return { value, from: list.length - 1 };
  };
  visit(e);
  return list;
}

/** A left-nested expression as its first number and the operations on it; null for a tree. */
export function asChain(e: Expression): { start: number; ops: { op: Operator; operand: number }[] } | null {
  const ops: { op: Operator; operand: number }[] = [];
  let node = e;
  while (typeof node !== 'number') {
    if (typeof node.right !== 'number') return null;
    ops.unshift({ op: node.op, operand: node.right });
    node = node.left;
  }
  return { start: node, ops };
}
