/** Encoding of a symbolic graph as an ONNX model. */
import { topologicalOrder } from './grad';
import { writeModel, type OnnxInitializer, type OnnxNode, type OnnxValue } from './onnx';
import { resolveAlias } from './ops/elementwise';
import { isConstant, type Sym, type TypedArray } from './sym';

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
  const inputs: Sym[] = [];
  const initializers: OnnxInitializer[] = [];
  const nodes: OnnxNode[] = [];
  const nameOf = (x: Sym): string => names.get(resolveAlias(x))!;
  let counter = 0;

  const roots = Object.values(outputs).map(resolveAlias);
  for (const node of topologicalOrder(roots)) {
    if (resolveAlias(node) !== node) continue;
    if (node.leaf && 'input' in node.leaf) {
      names.set(node, node.leaf.input);
      if (!inputs.some((x) => x.leaf && 'input' in x.leaf && x.leaf.input === (node.leaf as { input: string }).input)) inputs.push(node);
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

  const open = inputs.some((x) => x.leaf && 'input' in x.leaf && x.leaf.open);
  const finals: OnnxValue[] = [];
  for (const [outName, x] of Object.entries(outputs)) {
    // The graph's own output names, by Identity: an output may be an input, a constant, or shared by two names.
    nodes.push({ op: 'Identity', inputs: [nameOf(x)], outputs: [outName], name: `out_${outName}` });
    finals.push(open ? { ...valueInfo(x, outName), shape: x.shape.map((_, i) => `${outName}_${i}`) } : valueInfo(x, outName));
  }
  return writeModel({ name, nodes, initializers, inputs: inputs.map((x) => valueInfo(x, nameOf(x))), outputs: finals });
}

/** With open inputs the outputs' shapes are left open too: the runtime infers them. */
const valueInfo = ({ dtype, shape, leaf }: Sym, name: string) => ({
  name,
  dtype,
  shape: leaf && 'input' in leaf && leaf.open ? shape.map((n, i) => leaf.open![i] ?? n) : shape,
});
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
