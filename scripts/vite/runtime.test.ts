import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encode, gemm, input } from '../../src/tensor';
import { functionsIn, publishedFile, PUBLISHED, SECTION, sectionsOf, sha256, withOurProducts } from './runtime';

const published = readFileSync(publishedFile());

interface Case {
  transA: boolean;
  transB: boolean;
  m: number;
  k: number;
  n: number;
  /** Added to the product. */
  c: boolean;
}
/** Below, at and beyond every size at which the loops change: rows by 1, 2, 4 and 32, columns by 1 to 16, blocks of 128, depths that narrow or widen them. */
const SIZES = [
  [2, 32, 50],
  [5, 300, 17],
  [33, 128, 130],
  [70, 200, 3],
  [64, 1, 64],
  [40, 129, 300],
  [31, 260, 31],
  [3, 512, 200],
  [37, 1030, 16],
  [130, 64, 257],
  [1, 40, 24],
] as const;
const both = [false, true];
const CASES: Case[] = both.flatMap((transA) =>
  both.flatMap((transB) => SIZES.flatMap(([m, k, n]) => both.map((c) => ({ transA, transB, m, k, n, c })))),
);

/** Runs every model of a folder in a process of its own, since a runtime holds one WASM file, and prints each result. */
const RUN = `
  import v8 from 'node:v8';
  import { readFileSync } from 'node:fs';
  import * as ort from 'onnxruntime-web';
  v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
  const [folder, wasm] = process.argv.slice(1);
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = { wasm };
  let seed = 1;
  const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648 - 0.5;
  const results = [];
  for (const [i, shapes] of JSON.parse(readFileSync(folder + '/feeds.json', 'utf8')).entries()) {
    const session = await ort.InferenceSession.create(readFileSync(folder + '/' + i + '.onnx'));
    const feeds = Object.entries(shapes).map(([name, [rows, columns]]) =>
      [name, new ort.Tensor('float32', Float32Array.from({ length: rows * columns }, random), [rows, columns])]);
    results.push(Array.from((await session.run(Object.fromEntries(feeds))).y.data));
    await session.release();
  }
  console.log(JSON.stringify(results));
`;

describe('the runtime with our products', () => {
  const folder = mkdtempSync(join(tmpdir(), 'products-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const results = (wasm: Uint8Array): number[][] => {
    const file = join(folder, 'runtime.wasm');
    writeFileSync(file, wasm);
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', RUN, folder, file], {
      cwd: resolve(import.meta.dirname, '../..'),
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    return JSON.parse(out) as number[][];
  };
  let theirs: number[][] = [];
  beforeAll(() => {
    const feeds = CASES.map(({ transA, transB, m, k, n, c }, i) => {
      const shapes = { a: transA ? [k, m] : [m, k], b: transB ? [n, k] : [k, n], ...(c && { c: [m, n] }) };
      const [a, b] = [input('a', shapes.a), input('b', shapes.b)];
      writeFileSync(join(folder, `${i}.onnx`), encode({ y: gemm(a, b, transA, transB, c ? input('c', [m, n]) : undefined) }));
      return shapes;
    });
    writeFileSync(join(folder, 'feeds.json'), JSON.stringify(feeds));
    theirs = results(published);
  });

  it('gives the bits of the published one', () => {
    const ours = results(withOurProducts(published, 'plain'));
    for (const [i, { m, transA, transB, ...rest }] of CASES.entries()) {
      const name = JSON.stringify({ m, transA, transB, ...rest });
      // One row by a plain matrix has a loop of its own there, which sums in another order.
      if (m === 1 && !transA && !transB) expect(furthest(ours[i]!, theirs[i]!), name).toBeLessThan(1e-5);
      else expect(ours[i], name).toEqual(theirs[i]);
    }
  });

  it('differs with fused operators by rounding only', () => {
    const ours = results(withOurProducts(published, 'fused'));
    for (const [i, one] of CASES.entries()) expect(furthest(ours[i]!, theirs[i]!), JSON.stringify(one)).toBeLessThan(1e-5);
    expect(ours).not.toEqual(theirs);
  });

  it('is the published one but for its products', () => {
    for (const variant of ['plain', 'fused'] as const) {
      const [old, now] = [functionsIn(published), functionsIn(withOurProducts(published, variant))];
      expect(now.length).toBe(old.length + 2);
      const changed = old.flatMap((code, i) => (Buffer.compare(code, now[i]!) === 0 ? [] : [sha256(code)]));
      expect(changed.sort()).toEqual(Object.values(PUBLISHED).sort());
      // The image of the runtime's memory (ort-image.ts) is made with the published file: table, globals and data must be where they were.
      const others = (module: Uint8Array): string[] =>
        [...sectionsOf(module)].flatMap(({ id, content }) =>
          id === SECTION.functions || id === SECTION.code ? [] : [`${id} ${sha256(content)}`],
        );
      expect(others(withOurProducts(published, variant))).toEqual(others(published));
    }
  });

  it('is not made of a runtime that is not known', () => {
    expect(() => withOurProducts(withOurProducts(published, 'plain'), 'plain')).toThrow(/other products than the version/);
  });
});

const furthest = (a: number[], b: number[]): number => a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);
