/**
 * A symbolic tensor: a node of an expression graph with a static shape. Building one computes nothing; `encode` turns the graph into
 * an ONNX model that onnxruntime runs.
 */
export type DType = 'f32' | 'f64' | 'i32' | 'i64' | 'bool';
export type Shape = readonly number[];
export type TypedArray = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

/** ONNX attribute values the project uses. */
export type Attribute = number | { f: number } | readonly number[] | string;

/**
 * An operator, whole in one place: its ONNX name, what its VJP is, and how its attributes look.
 * The shape rule lives in the constructor function beside it, which is the only maker of its nodes.
 */
export interface Operator {
  readonly name: string;
  /** ONNX operator type; the default domain unless `domain`. */
  readonly onnx: string;
  readonly domain?: string;
  /**
   * Vector-Jacobian product: given the node and the gradient of the loss by its output, the gradient by each input
   * (null: not differentiable or zero). Absent: no gradient flows.
   */
  readonly vjp?: (node: Sym, g: Sym) => readonly (Sym | null)[];
}

let nextId = 0;

export class Sym {
  readonly id = nextId++;
  constructor(
    readonly op: Operator,
    readonly inputs: readonly Sym[],
    readonly shape: Shape,
    readonly dtype: DType,
    readonly attributes: Readonly<Record<string, Attribute>> = {},
    /** Name of a graph input with its open axes; the data of a constant; an open axis (./open.ts) whose length is meant. */
    readonly leaf?:
      | { readonly input: string; readonly open?: Readonly<Record<number, string>> }
      | { readonly data: TypedArray }
      | { readonly axis: number },
    /** For a further output of an operator: the node that is encoded, and the index among its outputs. */
    readonly output?: { readonly of: Sym; readonly index: number },
  ) {}

  get size(): number {
    return this.shape.reduce((a, b) => a * b, 1);
  }
}

export class ShapeError extends Error {
  override name = 'ShapeError';
}

const INPUT: Operator = { name: 'input', onnx: '' };
const CONSTANT: Operator = { name: 'constant', onnx: '' };

/**
 * A graph input. Axes whose size is made of the primes of ./open.ts are open. An axis in `open` (axis → a name) is open too: `shape` then holds a
 * representative length for the shape rules, and the graph must not write that length into a constant (reshape with −1 instead); for graphs
 * without a gradient.
 */
export function input(name: string, shape: Shape, dtype: DType = 'f32', open?: Readonly<Record<number, string>>): Sym {
  return new Sym(INPUT, [], shape, dtype, {}, { input: name, ...(open && { open }) });
}

const OUTPUT: Operator = { name: 'output', onnx: '' };

const LENGTH: Operator = { name: 'length', onnx: 'Shape' };
/** Length of an open axis when the graph runs: i64 [1]. `axis` is the prime that stands for it. */
export function lengthOf(axis: number): Sym {
  return new Sym(LENGTH, [], [1], 'i64', {}, { axis });
}

/** Output `index` > 0 of a node made with that many `#outputs`. */
export function outputOf(of: Sym, index: number, shape: Shape): Sym {
  return new Sym(OUTPUT, [of], shape, of.dtype, {}, undefined, { of, index });
}

/** A constant stored in the model. */
export function constant(data: TypedArray, shape: Shape): Sym {
  const size = shape.reduce((a, b) => a * b, 1);
  if (data.length !== size) throw new ShapeError(`constant has ${data.length} values, its shape [${shape.join()}] needs ${size}`);
  return new Sym(CONSTANT, [], shape, dtypeOf(data), {}, { data });
}

export function scalar(value: number, dtype: DType = 'f32'): Sym {
  return constant(typedArray(dtype, [value]), []);
}

export function isConstant(x: Sym): x is Sym & { leaf: { data: TypedArray } } {
  return x.leaf !== undefined && 'data' in x.leaf;
}

export function typedArray(dtype: DType, values: ArrayLike<number> | number): TypedArray {
  switch (dtype) {
    case 'f32':
      return typeof values === 'number' ? new Float32Array(values) : Float32Array.from(values);
    case 'f64':
      return typeof values === 'number' ? new Float64Array(values) : Float64Array.from(values);
    case 'i32':
      return typeof values === 'number' ? new Int32Array(values) : Int32Array.from(values);
    case 'i64':
      return typeof values === 'number' ? new BigInt64Array(values) : BigInt64Array.from(Array.from(values, (v) => BigInt(v)));
    case 'bool':
      return typeof values === 'number' ? new Uint8Array(values) : Uint8Array.from(values);
  }
}

export function dtypeOf(data: TypedArray): DType {
  if (data instanceof Float32Array) return 'f32';
  if (data instanceof Float64Array) return 'f64';
  if (data instanceof Int32Array) return 'i32';
  if (data instanceof BigInt64Array) return 'i64';
  return 'bool';
}

/** ONNX (NumPy) broadcasting of two shapes. */
export function broadcastShapes(a: Shape, b: Shape, what: string): number[] {
  const rank = Math.max(a.length, b.length);
  const out: number[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) throw new ShapeError(`${what}: shapes [${a.join()}] and [${b.join()}] do not broadcast`);
    out.push(x === 1 ? y : x);
  }
  return out;
}

export function normaliseAxis(axis: number, rank: number, what: string): number {
  const a = axis < 0 ? axis + rank : axis;
  if (a < 0 || a >= rank) throw new ShapeError(`${what}: axis ${axis} is outside a tensor of rank ${rank}`);
  return a;
}
