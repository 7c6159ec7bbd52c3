import { broadcastShapes, scalar, ShapeError, Sym, type DType, type Operator } from '../sym';
import { sumTo } from './reduce';
import { reshape } from './layout';

export type Operand = Sym | number;

/** Numbers become scalars of the other operand's type. */
function pair(a: Operand, b: Operand): [Sym, Sym] {
  if (typeof a === 'number') {
    if (typeof b === 'number') throw new ShapeError('one operand must be a tensor');
    return [scalar(a, b.dtype), b];
  }
  return [a, typeof b === 'number' ? scalar(b, a.dtype) : b];
}

function binary(op: Operator, out: DType | 'same' = 'same') {
  return (left: Operand, right: Operand): Sym => {
    const [a, b] = pair(left, right);
    if (a.dtype !== b.dtype) throw new ShapeError(`${op.name}: operands are ${a.dtype} and ${b.dtype}`);
    return new Sym(op, [a, b], broadcastShapes(a.shape, b.shape, op.name), out === 'same' ? a.dtype : out);
  };
}

function unary(op: Operator) {
  return (x: Sym): Sym => new Sym(op, [x], x.shape, x.dtype);
}

const ADD: Operator = {
  name: 'add',
  onnx: 'Add',
  vjp: ({ inputs: [a, b] }, g) => [sumTo(g, a!.shape), sumTo(g, b!.shape)],
};
export const add = binary(ADD);

const SUB: Operator = {
  name: 'sub',
  onnx: 'Sub',
  vjp: ({ inputs: [a, b] }, g) => [sumTo(g, a!.shape), sumTo(neg(g), b!.shape)],
};
export const sub = binary(SUB);

const MUL: Operator = {
  name: 'mul',
  onnx: 'Mul',
  vjp: ({ inputs: [a, b] }, g) => [sumTo(mul(g, b!), a!.shape), sumTo(mul(g, a!), b!.shape)],
};
export const mul = binary(MUL);

const DIV: Operator = {
  name: 'div',
  onnx: 'Div',
  vjp: (y, g) => {
    const [a, b] = y.inputs as [Sym, Sym];
    return [sumTo(div(g, b), a.shape), sumTo(neg(div(mul(g, y), b)), b.shape)];
  },
};
export const div = binary(DIV);

const POW: Operator = {
  name: 'pow',
  onnx: 'Pow',
  // The exponent is a constant everywhere in this project; its gradient is not defined here.
  vjp: ({ inputs: [x, a] }, g) => [sumTo(mul(mul(g, a!), pow(x!, sub(a!, 1))), x!.shape), null],
};
/** x^a for x ≥ 0; no gradient flows into the exponent. */
export const pow = binary(POW);

const MAXIMUM: Operator = {
  name: 'maximum',
  onnx: 'Max',
  // Ties send the gradient to the first operand.
  vjp: ({ inputs: [a, b] }, g) => {
    const first = greaterOrEqual(a!, b!);
    return [sumTo(where(first, g, zerosOf(g)), a!.shape), sumTo(where(first, zerosOf(g), g), b!.shape)];
  },
};
export const maximum = binary(MAXIMUM);

const MINIMUM: Operator = {
  name: 'minimum',
  onnx: 'Min',
  vjp: ({ inputs: [a, b] }, g) => {
    const first = lessOrEqual(a!, b!);
    return [sumTo(where(first, g, zerosOf(g)), a!.shape), sumTo(where(first, zerosOf(g), g), b!.shape)];
  },
};
export const minimum = binary(MINIMUM);

export const clip = (x: Sym, low: number, high: number): Sym => minimum(maximum(x, low), high);

export const equal = binary({ name: 'equal', onnx: 'Equal' }, 'bool');
export const less = binary({ name: 'less', onnx: 'Less' }, 'bool');
export const lessOrEqual = binary({ name: 'lessOrEqual', onnx: 'LessOrEqual' }, 'bool');
export const greaterOrEqual = binary({ name: 'greaterOrEqual', onnx: 'GreaterOrEqual' }, 'bool');

const NEG: Operator = { name: 'neg', onnx: 'Neg', vjp: (_, g) => [neg(g)] };
export const neg = unary(NEG);

const EXP: Operator = { name: 'exp', onnx: 'Exp', vjp: (y, g) => [mul(g, y)] };
export const exp = unary(EXP);

const LOG: Operator = { name: 'log', onnx: 'Log', vjp: ({ inputs: [x] }, g) => [div(g, x!)] };
export const log = unary(LOG);

const SQRT: Operator = { name: 'sqrt', onnx: 'Sqrt', vjp: (y, g) => [div(mul(g, 0.5), y)] };
export const sqrt = unary(SQRT);

const RECIPROCAL: Operator = { name: 'reciprocal', onnx: 'Reciprocal', vjp: (y, g) => [neg(mul(g, mul(y, y)))] };
export const reciprocal = unary(RECIPROCAL);

const SIGMOID: Operator = { name: 'sigmoid', onnx: 'Sigmoid', vjp: (y, g) => [mul(g, mul(y, sub(1, y)))] };
export const sigmoid = unary(SIGMOID);

const TANH: Operator = { name: 'tanh', onnx: 'Tanh', vjp: (y, g) => [mul(g, sub(1, mul(y, y)))] };
export const tanh = unary(TANH);

const ABS: Operator = {
  name: 'abs',
  onnx: 'Abs',
  vjp: ({ inputs: [x] }, g) => [where(greaterOrEqual(x!, 0), g, neg(g))],
};
export const abs = unary(ABS);

const WHERE: Operator = {
  name: 'where',
  onnx: 'Where',
  vjp: ({ inputs: [c, a, b] }, g) => [null, sumTo(where(c!, g, zerosOf(g)), a!.shape), sumTo(where(c!, zerosOf(g), g), b!.shape)],
};
/** condition ? a : b, all three broadcast. */
export function where(condition: Sym, a: Operand, b: Operand): Sym {
  if (condition.dtype !== 'bool') throw new ShapeError('where: the condition must be bool');
  const [x, y] = pair(a, b);
  const shape = broadcastShapes(condition.shape, broadcastShapes(x.shape, y.shape, 'where'), 'where');
  return new Sym(WHERE, [condition, x, y], shape, x.dtype);
}

const STOP: Operator = { name: 'stopGradient', onnx: 'Identity' };
/** sg[x]: x in the forward pass, a constant to `grad`. */
export const stopGradient = unary(STOP);

const ONNX_TYPE: Record<DType, number> = { f32: 1, f64: 11, i32: 6, i64: 7, bool: 9 };
const CAST: Operator = {
  name: 'cast',
  onnx: 'Cast',
  vjp: ({ inputs: [x] }, g) => [x!.dtype === 'f32' || x!.dtype === 'f64' ? cast(g, x!.dtype) : null],
};
export function cast(x: Sym, dtype: DType): Sym {
  return x.dtype === dtype ? x : new Sym(CAST, [x], x.shape, dtype, { to: ONNX_TYPE[dtype] });
}

/** A scalar zero of x's type (broadcasts to its shape). */
export function zerosOf(x: Sym): Sym {
  return scalar(0, x.dtype);
}

const CUSTOM: Operator = {
  name: 'custom',
  onnx: 'Identity',
  vjp: (node, g) => [null, ...customRules.get(node)!(g)],
};
const customRules = new WeakMap<Sym, (g: Sym) => readonly (Sym | null)[]>();
/**
 * `value` with a hand-written gradient: `vjp(g)` gives the gradient by each of `wrt`. Used where differentiating the forward
 * operators one by one would cost more than the closed form. The encoder writes no node for it.
 */
export function withVjp(value: Sym, wrt: readonly Sym[], vjp: (g: Sym) => readonly (Sym | null)[]): Sym {
  const node = new Sym(CUSTOM, [value, ...wrt], value.shape, value.dtype);
  customRules.set(node, vjp);
  return node;
}
/** The symbol whose computation stands for this one. */
export function resolveAlias(x: Sym): Sym {
  return x.op === CUSTOM || x.op === STOP ? resolveAlias(x.inputs[0]!) : x;
}

/** x·sigmoid(x), with its own gradient s·(1 + x·(1−s)). */
export function silu(x: Sym): Sym {
  const s = sigmoid(x);
  return withVjp(mul(x, s), [x], (g) => [mul(g, mul(s, add(mul(x, sub(1, s)), 1)))]);
}

export const flatten = (x: Sym): Sym => reshape(x, [-1]);
