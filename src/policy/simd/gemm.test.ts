import { readFileSync } from 'node:fs';
import v8 from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { functionsIn, publishedFile, PUBLISHED, sha256 } from '../../../scripts/vite/runtime';
import { gemmKernel } from './gemm';
import { functionCode, importingModule, type Code } from './module';
import { fusesMultiplyAdd } from './support';

// Node 20 has relaxed SIMD behind a flag.
v8.setFlagsFromString('--experimental-wasm-relaxed-simd');

type Kernel = (
  a: number,
  b: number,
  c: number,
  depth: number,
  rows: number,
  columns: number,
  aRow: number,
  cRow: number,
  alpha: number,
) => number;
const memory = new WebAssembly.Memory({ initial: 32, maximum: 65536, shared: true });
const values = new Float32Array(memory.buffer);
const [A, B, C] = [0, 1 << 19, 1 << 20];

const instantiate = (code: Code): Kernel =>
  new WebAssembly.Instance(new WebAssembly.Module(importingModule(gemmKernel({ accumulate: false, fused: false }), code)), {
    env: { memory },
  }).exports.run as Kernel;

interface Shape {
  rows: number;
  depth: number;
  columns: number;
  /** Of rows of A and C beyond what is used. */
  gap: number;
  alpha: number;
}

/** C as the kernel leaves it, with a border that nothing may touch. */
function product(kernel: Kernel, { rows, depth, columns, gap, alpha }: Shape): Float32Array {
  const [aRow, cRow] = [depth + gap, columns + gap];
  const random = (i: number): number =>
    Math.fround(Math.sin(i * 12.9898) * 43758.5453 - Math.floor(Math.sin(i * 12.9898) * 43758.5453) - 0.5);
  for (let i = 0; i < rows * aRow; i++) values[A / 4 + i] = random(i);
  const panels = Math.ceil(columns / 16);
  for (let i = 0; i < panels * depth * 16; i++) {
    const column = Math.floor(i / (16 * depth)) * 16 + (i % 16);
    values[B / 4 + i] = column < columns ? random(i + 7919) : 0;
  }
  const out = values.subarray(C / 4 - 16, C / 4 + rows * cRow + 16).fill(0.25);
  for (let done = 0; done < rows;) {
    const step = kernel(A + 4 * done * aRow, B, C + 4 * done * cRow, depth, rows - done, columns, aRow, cRow, alpha);
    expect(step).toBeGreaterThan(0);
    done += step;
  }
  return out.slice();
}

const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 70 }),
  depth: fc.integer({ min: 1, max: 130 }),
  columns: fc.integer({ min: 1, max: 60 }),
  gap: fc.integer({ min: 0, max: 3 }),
  alpha: fc.constantFrom(1, 0.7, -2),
});

describe('the inner loop of the runtime’s products', () => {
  it.each([
    { name: 'set', accumulate: false },
    { name: 'add', accumulate: true },
  ] as const)('gives the bits of the published one (accumulate: $accumulate)', ({ name, accumulate }) => {
    const published = functionsIn(readFileSync(publishedFile())).find((code) => sha256(code) === PUBLISHED[name])!;
    const theirs = instantiate(Array.from(published));
    const ours = instantiate(functionCode(gemmKernel({ accumulate, fused: false })));
    fc.assert(
      fc.property(shapes, (shape) => {
        expect(product(ours, shape)).toEqual(product(theirs, shape));
      }),
      { numRuns: 200 },
    );
  });

  it.each([false, true])('differs with fused operators by rounding only (accumulate: %s)', (accumulate) => {
    expect(fusesMultiplyAdd()).toBe(true);
    const plain = instantiate(functionCode(gemmKernel({ accumulate, fused: false })));
    const fused = instantiate(functionCode(gemmKernel({ accumulate, fused: true })));
    let differences = 0;
    fc.assert(
      fc.property(shapes, (shape) => {
        const [a, b] = [product(plain, shape), product(fused, shape)];
        a.forEach((x, i) => {
          if (x !== b[i]) differences++;
          expect(Math.abs(x - b[i]!)).toBeLessThan(1e-5);
        });
      }),
      { numRuns: 100 },
    );
    expect(differences).toBeGreaterThan(0);
  });
});
