// @vitest-environment node
import * as ort from 'onnxruntime-web/wasm';
import { describe, expect, it } from 'vitest';
import { encode, neg, type DType } from '../../tensor';
import type { Objective } from '../objective';
import { initialParameters, parameterTable } from '../parameters';
import { createNodeRuntime } from '../runtime/node';
import { ArrayRuntime } from '../runtime/ort';
import type { HostTensor, Runtime } from '../runtime/types';
import { MICRO } from '../testing/micro';
import { accumulateGraph } from './training';

ort.env.wasm.numThreads = 1;
const wasm = new ArrayRuntime(
  ort,
  { name: 'wasm', threads: 1, detail: 'in Node' },
  { executionProviders: ['wasm'], graphOptimizationLevel: 'all' },
  false,
);
const exact = createNodeRuntime(1, { optimization: 'basic' });
const sft: Objective = { key: 'sft', needs: [], loss: ({ logp }) => neg(logp) };
const size = parameterTable(MICRO).size;
const bucket = { batch: 3, length: 20 };
const n = bucket.batch * bucket.length;

async function gradient(runtime: Runtime, dtype: DType): Promise<{ gradient: number[]; metrics: number[] }> {
  const float = (values: ArrayLike<number>) => (dtype === 'f64' ? Float64Array.from(values) : Float32Array.from(values));
  const ids = Int32Array.from({ length: n }, (_, i) => (i * 7 + 3) % MICRO.vocabSize);
  const feeds: Record<string, HostTensor> = {
    parameters: { shape: [size], data: float(initialParameters(MICRO, 4).map((x) => (x === 1 ? 1 : x * 8))) },
    accumulator: { shape: [size], data: float(new Float32Array(size)) },
    ids: { shape: [bucket.batch, bucket.length], data: ids },
    targets: { shape: [bucket.batch, bucket.length], data: ids.map((id) => (id * 5 + 1) % MICRO.vocabSize) },
    mask: { shape: [bucket.batch, bucket.length], data: float(new Float32Array(n).fill(1)) },
    scale: { shape: [1], data: float([1 / n]) },
  };
  const session = await runtime.createSession(encode(accumulateGraph(MICRO, sft, bucket, { dtype })));
  const out = await session.run(feeds, { gradient: 'host', metrics: 'host' });
  await session.release();
  return { gradient: Array.from(out.gradient as Float32Array), metrics: Array.from(out.metrics as Float32Array) };
}

describe('f32 on WASM against f64', () => {
  it('loss within 5e-6 and gradient within 1e-5 of its norm', async () => {
    const [a, b] = [await gradient(wasm, 'f32'), await gradient(exact, 'f64')];
    expect(a.metrics.map((x) => x / n)).toEqual(b.metrics.map((x) => expect.closeTo(x / n, 5) as number));
    const norm = Math.hypot(...b.gradient);
    const difference = Math.hypot(...a.gradient.map((x, i) => x - b.gradient[i]!));
    expect(norm).toBeGreaterThan(0.1);
    expect(difference / norm).toBeLessThan(1e-5);
  });

  it('running the same graph again gives the same bits', async () => {
    expect(await gradient(wasm, 'f32')).toEqual(await gradient(wasm, 'f32'));
  });
});
