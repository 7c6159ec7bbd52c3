/** The flat vectors as feeds and fetches of a graph: whole, or by parameter where the runtime can bind parts of a tensor. */
import type { LlamaConfig } from './config';
import type { GraphOptions } from './graphs/training';
import { parameterTable } from './parameters';
import type { DeviceTensor, Runtime } from './runtime/types';

/** How graphs are to be built for a runtime. */
export function graphOptions(runtime: Runtime): Required<Pick<GraphOptions, 'kernels' | 'layout'>> {
  return { kernels: runtime.kernels, layout: runtime.part ? 'views' : 'flat' };
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
