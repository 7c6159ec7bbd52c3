// @vitest-environment node
/** Graphs of fused operators, open shapes and parameters by part against the plain ones of f32 and f64. */
import * as ort from 'onnxruntime-web/wasm';
import { describe, expect, it } from 'vitest';
import { encode, exp, mul, neg, QUARTER, RESPONSES, ROWS, stopGradient, type DType, type TypedArray } from '../../tensor';
import { testValues } from '../../tensor/testing/gradcheck';
import type { LlamaConfig } from '../config';
import type { Objective } from '../objective';
import { initialParameters, parameterTable } from '../parameters';
import { createNodeRuntime } from '../runtime/node';
import { ArrayRuntime } from '../runtime/ort';
import type { HostTensor, Runtime } from '../runtime/types';
import { MICRO } from '../testing/micro';
import { blockGraph, type SamplingMode } from './decoding';
import { firstHalves, ropeTable } from './llama';
import { accumulateGraph, scoreGraph, type Bucket, type GraphOptions } from './training';

ort.env.wasm.numThreads = 1;
const wasm = new ArrayRuntime(ort, { name: 'wasm', threads: 1, detail: 'in Node' }, { executionProviders: ['wasm'] }, false);
const native = createNodeRuntime(1);
const exact = createNodeRuntime(1, { optimization: 'basic' });
const FUSED: GraphOptions = { kernels: 'fused', layout: 'views' };
/** Its operators are there on the CPU, too: what they compute is tested here, where they are placed in test/browser. */
const GPU: GraphOptions = { kernels: 'gpu', layout: 'flat' };
const OPEN: Bucket = { batch: ROWS, length: 4 * QUARTER };
const PICKED: Bucket = { ...OPEN, responses: RESPONSES };
const config: LlamaConfig = { ...MICRO, maxPositions: 256 };
const { size, parameters: table } = parameterTable(config);
const values = initialParameters(config, 3).map((x) => (x === 1 ? 1 : x * 12));
const dft: Objective = { key: 'dft', needs: [], loss: ({ logp }) => neg(mul(stopGradient(exp(logp)), logp)) };

const typed = (dtype: DType, data: ArrayLike<number>): TypedArray => (dtype === 'f64' ? Float64Array.from(data) : Float32Array.from(data));
function vector(
  name: string,
  prefix: string,
  data: Float32Array,
  { dtype = 'f32', layout = 'flat' }: GraphOptions,
): Record<string, HostTensor> {
  if (layout === 'flat') return { [name]: { shape: [size], data: typed(dtype, data) } };
  return Object.fromEntries(table.map((p) => [prefix + p.name, { shape: p.shape, data: data.subarray(p.offset, p.offset + p.size) }]));
}

async function run(
  runtime: Runtime,
  graph: Parameters<typeof encode>[0],
  feeds: Record<string, HostTensor>,
): Promise<Record<string, number[]>> {
  const session = await runtime.createSession(encode(graph));
  const out = await session.run(feeds, Object.fromEntries(Object.keys(graph).map((n) => [n, 'host' as const])));
  await session.release();
  return Object.fromEntries(Object.entries(out).map(([n, data]) => [n, Array.from(data as Float32Array)]));
}

const largest = (a: readonly number[], b: readonly number[]): number => Math.max(...a.map((x, i) => Math.abs(x - b[i]!)));

describe('training and scoring', () => {
  // 128 positions are attended in four blocks of queries, 20 in one; where they are open, always in four.
  for (const bucket of [
    { batch: 2, length: 128 },
    { batch: 3, length: 20 },
  ]) {
    const n = bucket.batch * bucket.length;
    const ids = Int32Array.from(testValues(n, 1, 0, config.vocabSize), Math.floor);
    const inResponse = testValues(n, 2, 0, 2).map(Math.floor);
    const responses = Array.from(inResponse.keys()).filter((i) => inResponse[i] === 1);
    const batch = (dtype: DType = 'f32'): Record<string, HostTensor> => ({
      ids: { shape: [bucket.batch, bucket.length], data: ids },
      targets: { shape: [bucket.batch, bucket.length], data: ids.map((id) => (id * 5 + 1) % config.vocabSize) },
      mask: { shape: [bucket.batch, bucket.length], data: typed(dtype, inResponse) },
      scale: { shape: [1], data: typed(dtype, [1 / n]) },
    });
    /** The batch as a graph of this shape takes it. */
    const feedsOf = (shape: Bucket, dtype?: DType): Record<string, HostTensor> => {
      const all = batch(dtype);
      if (shape.responses === undefined) return all;
      const only = ({ data }: HostTensor): HostTensor => ({
        shape: [1, responses.length],
        data: data.filter((_: unknown, i: number) => responses.includes(i)),
      });
      const picked = { shape: [responses.length], data: Int32Array.from(responses) };
      return { ...all, targets: only(all.targets!), mask: only(all.mask!), picked };
    };
    const gradient = async (runtime: Runtime, options: GraphOptions, shape: Bucket = bucket) => {
      const accumulator = Float32Array.from(testValues(size, 9, -1e-3, 1e-3));
      const feeds = {
        ...vector('parameters', '', values, options),
        ...vector('accumulator', 'accumulator/', accumulator, options),
        ...feedsOf(shape, options.dtype),
      };
      const out = await run(runtime, accumulateGraph(config, dft, shape, options), feeds);
      return { metrics: out.metrics!, gradient: out.gradient ?? table.flatMap((p) => out[`gradient/${p.name}`]!) };
    };

    it(`${bucket.batch} × ${bucket.length}: losses within 1e-5 and gradients within 1e-5 of their norm, on native and WASM`, async () => {
      const truth = await gradient(exact, { dtype: 'f64' });
      const norm = Math.hypot(...truth.gradient);
      expect(norm).toBeGreaterThan(0.05);
      for (const [runtime, shape, options] of [
        [native, bucket, FUSED],
        [native, OPEN, FUSED],
        [native, PICKED, FUSED],
        [wasm, PICKED, FUSED],
        [native, bucket, GPU],
      ] as const) {
        const fused = await gradient(runtime, options, shape);
        expect(fused.metrics.map((x) => x / n)).toEqual(truth.metrics.map((x) => expect.closeTo(x / n, 5) as number));
        expect(Math.hypot(...fused.gradient.map((x, i) => x - truth.gradient[i]!)) / norm).toBeLessThan(1e-5);
      }
    });

    it(`${bucket.batch} × ${bucket.length}: log-probs within 1e-5 of the plain graph`, async () => {
      const score = (options: GraphOptions, shape: Bucket = bucket) =>
        run(native, scoreGraph(config, shape, options), {
          ...vector('parameters', '', values, options),
          ids: batch().ids!,
          targets: feedsOf(shape).targets!,
          ...(shape.responses !== undefined && { picked: feedsOf(shape).picked! }),
        });
      const [plain, fused] = [await score({}), await score(FUSED, OPEN)];
      const [picked, gpu] = [await score(FUSED, PICKED), await score(GPU)];
      expect(picked.logProbs!.length).toBe(responses.length);
      for (const name of ['logProbs', 'entropies']) {
        expect(
          largest(
            picked[name]!,
            responses.map((i) => plain[name]![i]!),
          ),
        ).toBeLessThan(1e-5);
      }
      for (const other of [fused, gpu]) {
        expect(largest(other.logProbs!, plain.logProbs!)).toBeLessThan(1e-5);
        expect(largest(other.entropies!, plain.entropies!)).toBeLessThan(1e-5);
      }
    });
  }
});

describe('a block of generated tokens', () => {
  const steps = 3;
  const layers = Array.from({ length: config.layers }, (_, l) => l);

  /** The same graph whatever B and C are, against a plain graph built for just them. */
  async function compare(mode: SamplingMode, batch: number, cache: number, runtime: Runtime, options = FUSED): Promise<void> {
    const half = config.headDim / 2;
    const used = Array.from({ length: batch }, (_, b) => (b * 5) % (cache + 1));
    const rope = ropeTable(config, cache + steps);
    const halves = (full: Float32Array): Float32Array => {
      const short = firstHalves(full, config.headDim);
      return Float32Array.from(
        Array.from({ length: steps }, (_, s) => used.flatMap((u) => Array.from(short.subarray((u + s) * half, (u + s + 1) * half)))).flat(),
      );
    };
    const shape = [batch, config.kvHeads, cache, config.headDim];
    const kv = (seed: number): HostTensor => ({
      shape,
      data: Float32Array.from(
        testValues(
          shape.reduce((a, b) => a * b),
          seed,
        ),
      ),
    });
    const feeds: Record<string, HostTensor> = {
      first: { shape: [batch], data: Int32Array.from(testValues(batch, 4, 0, config.vocabSize), Math.floor) },
      cacheBias: {
        shape: [batch, 1, 1, cache],
        data: Float32Array.from(used.flatMap((u) => Array.from({ length: cache }, (_, c) => (c < u ? 0 : -1e9)))),
      },
      cos: { shape: [steps, batch, half], data: halves(rope.cos) },
      sin: { shape: [steps, batch, half], data: halves(rope.sin) },
      ...Object.fromEntries(layers.flatMap((l) => [[`k${l}`, kv(20 + l)] as const, [`v${l}`, kv(40 + l)] as const])),
    };
    if (mode !== 'greedy') feeds.uniforms = { shape: [steps, batch, 1], data: Float32Array.from(testValues(steps * batch, 6, 0, 1)) };
    if (mode === 'full' || mode === 'top-p') feeds.inverseTemperature = { shape: [1], data: Float32Array.of(1.3) };
    if (mode === 'top-p') feeds.topP = { shape: [1], data: Float32Array.of(0.8) };
    const open = { batch: 13, cache: 4099, steps };
    const plain = await run(native, blockGraph(config, { batch, cache, steps }, mode), {
      ...vector('parameters', '', values, {}),
      ...feeds,
    });
    const fused = await run(runtime, blockGraph(config, open, mode, options), { ...vector('parameters', '', values, options), ...feeds });
    expect(fused.tokens).toEqual(plain.tokens);
    for (const name of Object.keys(plain)) expect([name, largest(fused[name]!, plain[name]!) < 1e-5]).toEqual([name, true]);
  }

  for (const mode of ['greedy', 'unit', 'full', 'top-p'] as const) {
    it(`${mode}: the same tokens, log-probs within 1e-5, whatever the batch and the cache`, async () => {
      await compare(mode, 1, 1, native);
      await compare(mode, 7, 33, native);
      await compare(mode, 5, 16, wasm);
      await compare(mode, 7, 33, native, GPU);
    });
  }

  it('at temperature 1 draws what the general graph draws', async () => {
    const { unit, full } = { unit: 'unit' as const, full: 'full' as const };
    const batch = 6;
    const feeds = (mode: SamplingMode): Record<string, HostTensor> => ({
      ...vector('parameters', '', values, {}),
      first: { shape: [batch], data: Int32Array.from({ length: batch }, (_, i) => i) },
      cacheBias: { shape: [batch, 1, 1, 1], data: new Float32Array(batch).fill(-1e9) },
      cos: { shape: [steps, batch, 2], data: new Float32Array(steps * batch * 2).fill(1) },
      sin: { shape: [steps, batch, 2], data: new Float32Array(steps * batch * 2) },
      uniforms: { shape: [steps, batch, 1], data: Float32Array.from(testValues(steps * batch, 8, 0, 1)) },
      ...(mode === full && { inverseTemperature: { shape: [1], data: Float32Array.of(1) } }),
      ...Object.fromEntries(
        layers.flatMap((l) => ['k', 'v'].map((x) => [x + l, { shape: [batch, 2, 1, 4], data: new Float32Array(batch * 8) }])),
      ),
    });
    const shape = { batch, cache: 1, steps };
    const [a, b] = [
      await run(native, blockGraph(config, shape, unit), feeds(unit)),
      await run(native, blockGraph(config, shape, full), feeds(full)),
    ];
    expect(a.tokens).toEqual(b.tokens);
    expect(largest(a.logProbs!, b.logProbs!)).toBeLessThan(1e-5);
  });
});
