/** What the machine allows: its rate of matrix products through the same runtime, large square ones and those of a training step. */
import type { LlamaConfig } from '../../src/policy/config';
import type { Feed, Runtime } from '../../src/policy/runtime/types';
import { median } from './row';
import { add, constant, encode, gemm, input, reduceSum, reshape, type Sym } from '../../src/tensor';

const values = (size: number, scale: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => (((i * 7919) % 1009) / 1009 - 0.5) * scale);

/** The rate in GFLOP/s of the median of `tries` runs after one that packs and warms up. */
async function rate(
  runtime: Runtime,
  graph: Record<string, Sym>,
  feeds: Record<string, Feed>,
  flops: number,
  tries: number,
): Promise<number> {
  const session = await runtime.createSession(encode(graph));
  const times: number[] = [];
  for (let i = 0; i <= tries; i++) {
    const started = performance.now();
    await session.run(feeds, { sum: 'host' });
    if (i > 0) times.push(performance.now() - started);
  }
  await session.release();
  return (flops * 1e3) / median(times) / 1e9;
}

/** Square f32 products of this size: eight in a row in one graph, so that what goes in and out weighs nothing. */
export function gemmRate(runtime: Runtime, size: number, tries: number): Promise<number> {
  const chain = 8;
  const matrix = values(size * size, 1 / Math.sqrt(size / 12));
  let y = input('x', [size, size]);
  const w = constant(matrix, [size, size]);
  for (let i = 0; i < chain; i++) y = gemm(y, w);
  return rate(runtime, { sum: reduceSum(y, [0, 1]) }, { x: { shape: [size, size], data: matrix } }, 2 * chain * size ** 3, tries);
}

/** Which products: those of a training step (forward, by the input, by the weight), or of a token's way through the policy (forward alone). */
export type Passes = 'training' | 'forward';

/**
 * The products of the weights' matrices of a training step or of a step of sampling on so many positions, and nothing else. What a step
 * that did everything besides for nothing would reach; attention's products are left out.
 */
export function stepProducts(
  runtime: Runtime,
  c: LlamaConfig,
  positions: number,
  tries: number,
  passes: Passes = 'training',
): Promise<number> {
  const [h, q, kv, f] = [c.hiddenSize, c.heads * c.headDim, c.kvHeads * c.headDim, c.intermediateSize];
  const layer = [
    [h, q],
    [h, kv],
    [h, kv],
    [q, h],
    [h, f],
    [h, f],
    [f, h],
  ] as const;
  const shapes = [...Array.from({ length: c.layers }, () => layer).flat(), [h, c.vocabSize] as const];
  const feeds: Record<string, Feed> = {};
  const fed = (name: string, shape: [number, number]): Sym => {
    feeds[name] ??= { shape, data: values(shape[0] * shape[1], 0.1) };
    return input(name, shape);
  };
  const inputs = new Map<string, Sym>();
  const once = (name: string, shape: [number, number]): Sym => {
    if (!inputs.has(name)) inputs.set(name, fed(name, shape));
    return inputs.get(name)!;
  };
  let flops = 0;
  const sums = shapes.map(([from, to], i) => {
    // Each product has a matrix of its own: the runtime would compute equal ones once.
    const w = fed(`w${i}`, [to, from]);
    const x = once(`x${from}`, [positions, from]);
    flops += (passes === 'forward' ? 2 : 6) * positions * from * to;
    if (passes === 'forward') return reshape(reduceSum(gemm(x, w, false, true), [0, 1]), [1]);
    const g = once(`x${to}`, [positions, to]);
    const [y, dx] = [gemm(x, w, false, true), gemm(g, w)];
    // By the weight: of what the other two gave, so that it differs from matrix to matrix.
    const dw = gemm(y, dx, true, false);
    return reshape(reduceSum(dw, [0, 1]), [1]);
  });
  return rate(runtime, { sum: sums.reduce((a, b) => add(a, b)) }, feeds, flops, tries);
}
