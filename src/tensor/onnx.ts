/**
 * Writing of ONNX models. Field numbers are those of onnx/onnx.proto3, IR version 10; opset 21, since later ones move Transpose,
 * Squeeze and Shape to the CPU under WebGPU.
 */
import { PbfWriter } from 'pbf';
import type { Attribute, DType, TypedArray } from './sym';

const OPSET = 21;
const IR_VERSION = 10;
/** TensorProto.DataType */
const ELEMENT_TYPE: Record<DType, number> = { f32: 1, bool: 9, i32: 6, i64: 7, f64: 11 };

export interface OnnxNode {
  /** Operator type. */
  op: string;
  inputs: readonly string[];
  outputs: readonly string[];
  name: string;
  /** Absent: the default domain. Others are imported at version 1. */
  domain?: string;
  attributes?: Readonly<Record<string, Attribute>>;
}

/** A graph input or output. A dimension given by name is open until the model runs. */
export interface OnnxValue {
  name: string;
  dtype: DType;
  shape: readonly (number | string)[];
}

export interface OnnxInitializer {
  name: string;
  dtype: DType;
  shape: readonly number[];
  data: TypedArray;
}

export interface OnnxGraph {
  name: string;
  /** In an order in which each node's inputs are known. */
  nodes: readonly OnnxNode[];
  initializers: readonly OnnxInitializer[];
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
  /** Shapes of values inside the graph, where the runtime is not to infer them itself. */
  values?: readonly OnnxValue[];
}

type Writer = InstanceType<typeof PbfWriter>;
const message = (pbf: Writer, field: number, write: (pbf: Writer) => void): void =>
  pbf.writeMessage(field, (_: null, p: Writer) => write(p), null);

/** The bytes of a model (ModelProto) that holds this graph. */
export function writeModel(model: OnnxGraph): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, IR_VERSION);
  pbf.writeStringField(2, 'mind-the-gap');
  message(pbf, 7, (graph) => {
    for (const node of model.nodes) message(graph, 1, (p) => writeNode(p, node));
    graph.writeStringField(2, model.name);
    for (const tensor of model.initializers) message(graph, 5, (p) => writeTensor(p, tensor));
    for (const value of model.inputs) message(graph, 11, (p) => writeValueInfo(p, value));
    for (const value of model.outputs) message(graph, 12, (p) => writeValueInfo(p, value));
    for (const value of model.values ?? []) message(graph, 13, (p) => writeValueInfo(p, value));
  });
  const domains = new Set(model.nodes.flatMap(({ domain }) => domain ?? []));
  for (const [domain, version] of [['', OPSET], ...[...domains].map((d) => [d, 1] as const)] as [string, number][]) {
    message(pbf, 8, (p) => {
      if (domain !== '') p.writeStringField(1, domain);
      p.writeVarintField(2, version);
    });
  }
  return pbf.finish();
}

function writeNode(pbf: Writer, node: OnnxNode): void {
  for (const input of node.inputs) pbf.writeStringField(1, input);
  for (const output of node.outputs) pbf.writeStringField(2, output);
  pbf.writeStringField(3, node.name);
  pbf.writeStringField(4, node.op);
  for (const [key, value] of Object.entries(node.attributes ?? {})) message(pbf, 5, (p) => writeAttribute(p, key, value));
  if (node.domain) pbf.writeStringField(7, node.domain);
}

/** AttributeProto.type: FLOAT 1, INT 2, STRING 3, INTS 7. */
function writeAttribute(pbf: Writer, key: string, value: Attribute): void {
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

function writeTensor(pbf: Writer, { name, shape, dtype, data }: OnnxInitializer): void {
  for (const d of shape) pbf.writeVarintField(1, d);
  pbf.writeVarintField(2, ELEMENT_TYPE[dtype]);
  pbf.writeStringField(8, name);
  pbf.writeBytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeValueInfo(pbf: Writer, { name, dtype, shape }: OnnxValue): void {
  pbf.writeStringField(1, name);
  message(pbf, 2, (type) =>
    message(type, 1, (tensor) => {
      tensor.writeVarintField(1, ELEMENT_TYPE[dtype]);
      message(tensor, 2, (dims) => {
        for (const d of shape) message(dims, 1, (dim) => (typeof d === 'number' ? dim.writeVarintField(1, d) : dim.writeStringField(2, d)));
      });
    }),
  );
}
