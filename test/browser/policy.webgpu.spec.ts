import { allow, expect, test } from './support/fixtures';
import { HARNESS } from './support/paths';

const worst = (a: number[], b: number[]): number => Math.max(...a.map((x, i) => Math.abs(x - b[i]!)));

test('sampling, scoring and training on WebGPU, without a CPU-placed node, agree with WASM', async ({ page, served }) => {
  allow(240_000);
  const { url } = await served({ root: HARNESS });
  await page.goto(url);
  const wasm = await page.evaluate(() => bench.policy({ backend: 'wasm' }));
  const gpu = await page.evaluate(() => bench.policy({ backend: 'webgpu' }));
  expect(gpu.error).toBeUndefined();
  expect(wasm.error).toBeUndefined();
  expect(gpu.greedy).toBe(wasm.greedy);
  expect(gpu.texts).toEqual(wasm.texts);
  expect(gpu.nucleus).toEqual(wasm.nucleus);
  for (const [i, s] of wasm.sampled.entries()) expect(worst(gpu.sampled[i]!, s)).toBeLessThan(1e-4);
  for (const [i, s] of wasm.scores.entries()) {
    expect(worst(gpu.scores[i]!.logProbs, s.logProbs)).toBeLessThan(1e-4);
    expect(worst(gpu.scores[i]!.entropies, s.entropies)).toBeLessThan(1e-4);
  }
  expect(worst(gpu.losses, wasm.losses)).toBeLessThan(1e-4);
  expect(worst(gpu.norms, wasm.norms)).toBeLessThan(1e-3);
  // The NLL, not the weighted loss: −p·log p rises on the way from p ≈ 0 to 1/e.
  expect(gpu.nlls[2]).toBeLessThan(gpu.nlls[0]!);
  // Read after the last step instead of after each: the same.
  expect(wasm.later).toBeUndefined();
  expect(gpu.later!.step).toBe(3);
  expect(worst(gpu.later!.losses, gpu.losses)).toBeLessThan(1e-5);
  expect(worst(gpu.later!.norms, gpu.norms)).toBeLessThan(1e-4);
  expect(worst(gpu.later!.parameters, gpu.parameters)).toBeLessThan(1e-4);
  // The update on the device, and what it refuses: this one, the next, and nothing has changed.
  expect(Math.max(...gpu.update!.worst)).toBeLessThan(1e-6);
  for (const [what, refused] of Object.entries(gpu.update!.refused)) expect([what, ...refused]).toEqual([what, true, true, true]);
  expect(Object.keys(gpu.update!.refused)).toHaveLength(4);
  expect(gpu.update!.goesOn).toBe(true);
});

test('the placement check catches an operator that WebGPU lacks', async ({ page, served }) => {
  const { url } = await served({ root: HARNESS });
  await page.goto(url);
  const reply = await page.evaluate(() => bench.policy({ backend: 'webgpu', control: true }));
  expect(reply.placed).toBeUndefined();
  expect(reply.error).toMatch(/CPU|fallback/i);
});
