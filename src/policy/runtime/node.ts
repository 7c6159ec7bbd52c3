import * as ort from 'onnxruntime-node';
import { ArrayRuntime } from './ort';
import type { Runtime } from './types';

export interface NodeRuntimeOptions {
  /** `basic` leaves out fusions that exist for f32 only, so that f64 graphs run. */
  optimization?: 'all' | 'basic';
  /** Whether idle threads spin: a little faster on a quiet machine, several times slower where other processes want the cores. Default false. */
  spinning?: boolean;
  /** Keeps denormal numbers instead of taking them for zero. Default false. */
  denormals?: boolean;
}

/** onnxruntime-node on the CPU. */
export function createNodeRuntime(
  threads = 2,
  { optimization = 'all', spinning = false, denormals = false }: NodeRuntimeOptions = {},
): Runtime {
  return new ArrayRuntime(
    ort,
    { name: 'cpu', threads, detail: 'onnxruntime-node 1.30.0' },
    {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: optimization,
      // Masked positions come out of the softmax as denormal numbers, which the processor handles an order of magnitude slower than zeros.
      extra: { session: { intra_op: { allow_spinning: spinning ? '1' : '0' }, set_denormal_as_zero: denormals ? '0' : '1' } },
    },
    true,
  );
}
