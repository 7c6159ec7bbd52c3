import * as ort from 'onnxruntime-node';
import { ArrayRuntime, type OrtModule } from './ort';
import type { Runtime } from './types';

/** onnxruntime-node on the CPU. `basic` leaves out fusions that exist for f32 only, so that f64 graphs run. */
export function createNodeRuntime(threads = 2, optimization: 'all' | 'basic' = 'all'): Runtime {
  return new ArrayRuntime(
    ort as unknown as OrtModule,
    { name: 'cpu', threads, detail: 'onnxruntime-node 1.30.0' },
    {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: optimization,
    },
    true,
  );
}
