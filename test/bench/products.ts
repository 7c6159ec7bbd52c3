/** What the machine allows: its rate of large products through the same runtime. */
import type { Runtime } from '../../src/policy/runtime/types';
import { constant, encode, gemm, input, reduceSum } from '../../src/tensor';

/**
 * GFLOP/s of square f32 products of this size: eight in a row in one graph, so that what goes in and out weighs nothing. The best of `tries`.
 */
export async function gemmRate(runtime: Runtime, size: number, tries: number): Promise<number> {
  const chain = 8;
  const matrix = Float32Array.from({ length: size * size }, (_, i) => (((i * 7919) % 1009) / 1009 - 0.5) / Math.sqrt(size / 12));
  let y = input('x', [size, size]);
  const w = constant(matrix, [size, size]);
  for (let i = 0; i < chain; i++) y = gemm(y, w);
  const session = await runtime.createSession(encode({ sum: reduceSum(y, [0, 1]) }));
  let best = 0;
  for (let i = 0; i <= tries; i++) {
    const started = performance.now();
    await session.run({ x: { shape: [size, size], data: matrix } }, { sum: 'host' });
    // The first run packs and warms up.
    if (i > 0) best = Math.max(best, (2 * chain * size ** 3 * 1e3) / (performance.now() - started) / 1e9);
  }
  await session.release();
  return best;
}
