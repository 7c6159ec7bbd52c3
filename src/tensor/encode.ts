/** Encoding of a symbolic graph as an ONNX model. */
import { topologicalOrder } from './grad';
import { writeModel, type OnnxInitializer, type OnnxNode, type OnnxValue } from './onnx';
import { resolveAlias } from './ops/elementwise';
import { isOpen, openFactors } from './open';
import { isConstant, ShapeError, type Sym, type TypedArray } from './sym';

export interface GraphOutputs {
  readonly [name: string]: Sym;
}

/**
 * ONNX bytes of the graph that computes `outputs`. Equal subgraphs (same operator, inputs and attributes) are written once.
 * Graph inputs are the `input()` leaves that the outputs reach, named as given.
 */
export function encode(outputs: GraphOutputs, name = 'graph'): Uint8Array {
  const names = new Map<Sym, string>();
  const byKey = new Map<string, string>();
  const roots = Object.values(outputs).map(resolveAlias);
  const order = topologicalOrder(roots);
  const inputs = order.filter(isInput).filter((x, i, all) => all.findIndex((y) => y.leaf.input === x.leaf.input) === i);
  const initializers: OnnxInitializer[] = [];
  const nodes: OnnxNode[] = [];
  const nameOf = (x: Sym): string => names.get(resolveAlias(x))!;
  let counter = 0;

  for (const node of order) {
    if (resolveAlias(node) !== node) continue;
    if (isInput(node)) {
      names.set(node, node.leaf.input);
      continue;
    }
    if (node.leaf && 'axis' in node.leaf) {
      const { axis } = node.leaf;
      const id = `length_${axis}`;
      if (!nodes.some((n) => n.outputs.includes(id))) nodes.push(...lengthNodes(axis, inputs, id, initializers));
      names.set(node, id);
      continue;
    }
    if (isConstant(node)) {
      const key = constantKey(node);
      const known = key === null ? undefined : byKey.get(key);
      if (known !== undefined) {
        names.set(node, known);
        continue;
      }
      const id = `c${counter++}`;
      names.set(node, id);
      if (key !== null) byKey.set(key, id);
      initializers.push({ name: id, dtype: node.dtype, shape: node.shape, data: node.leaf.data });
      continue;
    }
    if (node.output) {
      names.set(node, outputName(nameOf(node.output.of), node.output.index));
      continue;
    }
    const args = node.inputs.map(nameOf);
    const key = `${node.op.domain ?? ''}:${node.op.onnx}(${args.join()})${JSON.stringify(node.attributes)}`;
    const known = byKey.get(key);
    if (known !== undefined) {
      names.set(node, known);
      continue;
    }
    const id = `${node.op.name}_${counter++}`;
    names.set(node, id);
    byKey.set(key, id);
    nodes.push(nodeOf(node, args, id));
  }

  const finals: OnnxValue[] = [];
  for (const [outName, x] of Object.entries(outputs)) {
    // The graph's own output names, by Identity: an output may be an input, a constant, or shared by two names.
    nodes.push({ op: 'Identity', inputs: [nameOf(x)], outputs: [outName], name: `out_${outName}` });
    finals.push(
      inputs.some((y) => y.leaf.open)
        ? { ...valueInfo(x, outName), shape: x.shape.map((_, i) => `${outName}_${i}`) }
        : valueInfo(x, outName),
    );
  }
  return writeModel({
    name,
    nodes,
    initializers,
    inputs: inputs.map((x) => valueInfo(x, nameOf(x))),
    outputs: finals,
    values: inputs.some((x) => x.shape.some(isOpen)) ? valuesOf(order, nameOf) : [],
  });
}

type InputSym = Sym & { leaf: { input: string; open?: Readonly<Record<number, string>> } };
const isInput = (x: Sym): x is InputSym => x.leaf !== undefined && 'input' in x.leaf;

/** With named open axes the outputs' shapes are left open too: the runtime infers them. The same name means the same length to it. */
const valueInfo = ({ dtype, shape, leaf }: Sym, name: string): OnnxValue => {
  const open = leaf && 'input' in leaf ? leaf.open : undefined;
  return { name, dtype, shape: shape.map((n, i) => open?.[i] ?? (isOpen(n) ? openName(n) : n)) };
};
const openName = (size: number): string => {
  const { factor, primes } = openFactors(size);
  return [...primes.map((p) => `n${p}`), ...(factor === 1 ? [] : [factor])].join('*');
};

/**
 * The shapes inside a graph with open axes. The runtime would find most of them itself, in several times the time, and gives tensors whose lengths
 * it knows to be equal one another's memory.
 */
function valuesOf(order: readonly Sym[], nameOf: (x: Sym) => string): OnnxValue[] {
  const values = new Map<string, OnnxValue>();
  for (const x of order) if (resolveAlias(x) === x && !x.leaf) values.set(nameOf(x), valueInfo(x, nameOf(x)));
  return [...values.values()];
}

/** The nodes that read an open axis off a graph input: i64 [1]. */
function lengthNodes(prime: number, inputs: readonly InputSym[], id: string, initializers: OnnxInitializer[]): OnnxNode[] {
  for (const { shape, leaf } of inputs) {
    const axis = shape.findIndex((n) => isOpen(n) && openFactors(n).primes.join() === String(prime));
    if (axis < 0) continue;
    const { factor } = openFactors(shape[axis]!);
    const read = (output: string): OnnxNode => ({
      op: 'Shape',
      inputs: [leaf.input],
      outputs: [output],
      name: output,
      attributes: { start: axis, end: axis + 1 },
    });
    if (factor === 1) return [read(id)];
    initializers.push({ name: `${id}:factor`, dtype: 'i64', shape: [1], data: BigInt64Array.of(BigInt(factor)) });
    return [read(`${id}:whole`), { op: 'Div', inputs: [`${id}:whole`, `${id}:factor`], outputs: [id], name: id }];
  }
  throw new ShapeError(`encode: no input of the graph has the open axis ${prime} by itself`);
}

const outputName = (id: string, index: number): string => (index === 0 ? id : `${id}:${index}`);

/** Attributes whose names start with # are notes for us: `#outputs`, how many outputs there are, and `#unused`, which of them nobody reads. */
function nodeOf({ op, attributes }: Sym, inputs: readonly string[], id: string): OnnxNode {
  const count = (attributes['#outputs'] as number | undefined) ?? 1;
  const unused = (attributes['#unused'] as readonly number[] | undefined) ?? [];
  return {
    op: op.onnx,
    inputs,
    outputs: Array.from({ length: count }, (_, i) => (unused.includes(i) ? '' : outputName(id, i))),
    name: id,
    ...(op.domain && { domain: op.domain }),
    attributes: Object.fromEntries(Object.entries(attributes).filter(([key]) => !key.startsWith('#'))),
  };
}

/** Small constants are shared; large ones are not worth hashing. */
function constantKey(x: Sym & { leaf: { data: TypedArray } }): string | null {
  return x.size <= 64
    ? `${x.dtype}[${x.shape.join()}]=${Array.from(x.leaf.data as ArrayLike<number | bigint>, (v) => (Object.is(v, -0) ? '-0' : String(v))).join()}`
    : null;
}
