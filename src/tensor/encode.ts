/**
 * Encoding of a symbolic graph as an ONNX model (opset 21: later ones move Transpose, Squeeze and Shape to the CPU under WebGPU).
 * Field numbers are those of onnx/onnx.proto3, IR version 10.
 */
import { PbfWriter as Pbf } from 'pbf';
import { topologicalOrder } from './grad';
import { resolveAlias } from './ops/elementwise';
import { isConstant, type Attribute, type DType, type Sym, type TypedArray } from './sym';

const OPSET = 21;
const IR_VERSION = 10;
const MICROSOFT = 'com.microsoft';
const ELEMENT_TYPE: Record<DType, number> = { f32: 1, bool: 9, i32: 6, i64: 7, f64: 11 };

type Writer = InstanceType<typeof Pbf>;
type WriteMessage = (pbf: Writer) => void;
const message = (pbf: Writer, field: number, write: WriteMessage): void => pbf.writeMessage(field, (_: null, p: Writer) => write(p), null);

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
  const initializers: { name: string; x: Sym; data: TypedArray }[] = [];
  const nodes: WriteMessage[] = [];
  const domains = new Set<string>();
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
      initializers.push({ name: id, x: node, data: node.leaf.data });
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
    if (node.op.domain) domains.add(node.op.domain);
    nodes.push((pbf) => writeNode(pbf, node, args, id));
  }

  const finals: WriteMessage[] = [];
  for (const [outName, x] of Object.entries(outputs)) {
    // The graph's own output names, by Identity: an output may be an input, a constant, or shared by two names.
    nodes.push((pbf) => {
      pbf.writeStringField(1, nameOf(x));
      pbf.writeStringField(2, outName);
      pbf.writeStringField(3, `out_${outName}`);
      pbf.writeStringField(4, 'Identity');
    });
    finals.push((pbf) => writeValueInfo(pbf, outName, x));
  }

  const pbf = new Pbf();
  pbf.writeVarintField(1, IR_VERSION);
  pbf.writeStringField(2, 'mind-the-gap');
  message(pbf, 7, (graph) => {
    for (const write of nodes) message(graph, 1, write);
    graph.writeStringField(2, name);
    for (const init of initializers) message(graph, 5, (p) => writeTensor(p, init.name, init.x.shape, init.x.dtype, init.data));
    for (const x of inputs) message(graph, 11, (p) => writeValueInfo(p, nameOf(x), x));
    for (const write of finals) message(graph, 12, write);
  });
  for (const [domain, version] of [['', OPSET], ...[...domains].map((d) => [d, 1] as const)] as [string, number][]) {
    message(pbf, 8, (p) => {
      if (domain !== '') p.writeStringField(1, domain);
      p.writeVarintField(2, version);
    });
  }
  return pbf.finish();
}

/** Small constants are shared; large ones are not worth hashing. */
function constantKey(x: Sym & { leaf: { data: TypedArray } }): string | null {
  return x.size <= 64
    ? `${x.dtype}[${x.shape.join()}]=${Array.from(x.leaf.data as ArrayLike<number | bigint>, (v) => (Object.is(v, -0) ? '-0' : String(v))).join()}`
    : null;
}

function writeNode(pbf: Writer, node: Sym, args: readonly string[], id: string): void {
  for (const arg of args) pbf.writeStringField(1, arg);
  const outputs = (node.attributes['#outputs'] as number | undefined) ?? 1;
  pbf.writeStringField(2, id);
  for (let i = 1; i < outputs; i++) pbf.writeStringField(2, `${id}:${i}`);
  pbf.writeStringField(3, id);
  pbf.writeStringField(4, node.op.onnx);
  for (const [key, value] of Object.entries(node.attributes)) {
    if (!key.startsWith('#')) message(pbf, 5, (p) => writeAttribute(p, key, value));
  }
  if (node.op.domain) pbf.writeStringField(7, node.op.domain);
}

/** AttributeProto.type: FLOAT 1, INT 2, STRING 3, INTS 7. */
export function writeAttribute(pbf: Writer, key: string, value: Attribute): void {
  pbf.writeStringField(1, key);
  if (typeof value === 'number') {
    pbf.writeVarintField(3, value);
    pbf.writeVarintField(20, 2);
  } else if (typeof value === 'string') {
    pbf.writeBytesField(4, new TextEncoder().encode(value));
    pbf.writeVarintField(20, 3);
  } else if ('f' in value) {
    pbf.writeFloatField(2, value.f);
    pbf.writeVarintField(20, 1);
  } else {
    for (const v of value) pbf.writeVarintField(8, v);
    pbf.writeVarintField(20, 7);
  }
}

function writeTensor(pbf: Writer, name: string, shape: readonly number[], dtype: DType, data: TypedArray): void {
  for (const d of shape) pbf.writeVarintField(1, d);
  pbf.writeVarintField(2, ELEMENT_TYPE[dtype]);
  pbf.writeStringField(8, name);
  pbf.writeBytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeValueInfo(pbf: Writer, name: string, x: Sym): void {
  pbf.writeStringField(1, name);
  message(pbf, 2, (type) =>
    message(type, 1, (tensor) => {
      tensor.writeVarintField(1, ELEMENT_TYPE[x.dtype]);
      message(tensor, 2, (shape) => {
        for (const d of x.shape) message(shape, 1, (dim) => dim.writeVarintField(1, d));
      });
    }),
  );
}

export { MICROSOFT };
