/** Nodes of an ONNX graph one after the other, by the names of their values. For graphs with open dimensions, which static shapes cannot say. */
import type { OnnxInitializer, OnnxNode } from '../../tensor/onnx';
import type { Attribute } from '../../tensor';

/** The name of a value in the graph. */
export type Value = string;
type Attributes = Readonly<Record<string, Attribute>>;

export class GraphBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxInitializer[] = [];
  private readonly constants = new Map<string, Value>();

  /** A node with one output, named as asked or after its operator. */
  node(op: string, inputs: readonly Value[], attributes: Attributes = {}, output?: string): Value {
    return this.nodeOf(op, inputs, [output ?? `${op}_${this.nodes.length}`], attributes)[0]!;
  }

  split(x: Value, axis: number, sizes: readonly number[]): Value[] {
    const name = `Split_${this.nodes.length}`;
    return this.nodeOf(
      'Split',
      [x, this.i64(sizes)],
      sizes.map((_, i) => `${name}_${i}`),
      { axis },
    );
  }

  /** 0 keeps a dimension, −1 takes what is left. */
  reshape(x: Value, shape: readonly number[]): Value {
    return this.node('Reshape', [x, this.i64(shape)]);
  }

  weight(name: string, data: Float32Array, shape: readonly number[]): Value {
    this.initializers.push({ name, dtype: 'f32', shape, data });
    return name;
  }

  f32(value: number): Value {
    return this.constant(`f32_${value}`, { dtype: 'f32', shape: [], data: Float32Array.of(value) });
  }

  /** A vector, or with a number a scalar. */
  i64(values: readonly number[] | number): Value {
    const list = typeof values === 'number' ? [values] : values;
    const shape = typeof values === 'number' ? [] : [list.length];
    return this.constant(`i64_${shape.join()}_${list.join('_')}`, { dtype: 'i64', shape, data: BigInt64Array.from(list, BigInt) });
  }

  private constant(key: string, content: Omit<OnnxInitializer, 'name'>): Value {
    if (!this.constants.has(key)) {
      this.constants.set(key, key);
      this.initializers.push({ name: key, ...content });
    }
    return key;
  }

  private nodeOf(op: string, inputs: readonly Value[], outputs: readonly Value[], attributes: Attributes): Value[] {
    this.nodes.push({ op, inputs, outputs, name: outputs[0]!, attributes });
    return [...outputs];
  }
}
