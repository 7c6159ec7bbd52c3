/** How graphs are built and fed for a runtime. Flat vectors go whole, or by parameter where the runtime can bind parts of a tensor. */
import { QUARTER, RESPONSES, ROWS } from '../tensor';
import { FIXED_SHAPES, microBatches, OPEN_SHAPES, type MicroBatch } from './buckets';
import type { LlamaConfig } from './config';
import type { Bucket, GraphOptions } from './graphs/training';
import { parameterTable } from './parameters';
import type { DeviceTensor, Runtime } from './runtime/types';

/** How graphs are to be built for a runtime. */
export function graphOptions(runtime: Runtime): Required<Pick<GraphOptions, 'kernels' | 'layout'>> {
  return { kernels: runtime.kernels, layout: runtime.part ? 'views' : 'flat' };
}

/**
 * Micro-batches of sequences with these numbers of positions, each with the shape that its graph is built for. On the CPU providers one graph takes
 * them all, its rows and positions being open; WebGPU, where what is computed about shapes would leave the device, has a graph for each of a few shapes.
 */
export function plan(runtime: Runtime, lengths: readonly number[]): (MicroBatch & { graph: Bucket })[] {
  if (runtime.kernels === 'fused') {
    return microBatches(lengths, OPEN_SHAPES).map((b) => ({ ...b, graph: { batch: ROWS, length: 4 * QUARTER, responses: RESPONSES } }));
  }
  return microBatches(lengths, FIXED_SHAPES).map((b) => ({ ...b, graph: { batch: b.batch, length: b.length } }));
}

/** A vector of the parameter table's layout under the names a graph knows it by: `whole`, or the parameters' own names after `prefix`. */
export function byParameter(
  runtime: Runtime,
  config: LlamaConfig,
  vector: DeviceTensor,
  whole: string,
  prefix = '',
): Record<string, DeviceTensor> {
  if (!runtime.part) return { [whole]: vector };
  return Object.fromEntries(
    parameterTable(config).parameters.map(({ name, offset, shape }) => [prefix + name, runtime.part!(vector, offset, shape)]),
  );
}
