import { describe, expect, it } from 'vitest';
import * as t from '.';
import { evaluate, gradcheck, type GradcheckInput } from './testing/gradcheck';

const index = t.constant(Int32Array.of(2, 0, 2), [3]);
const column = t.constant(Int32Array.of(1, 3, 0), [3, 1]);
const positive = { low: 0.3, high: 2 };

const cases: [string, (...xs: t.Sym[]) => t.Sym, GradcheckInput[]][] = [
  ['add, broadcast', t.add, [{ shape: [2, 3] }, { shape: [3] }]],
  ['sub, broadcast both ways', t.sub, [{ shape: [2, 1] }, { shape: [1, 3] }]],
  ['mul', t.mul, [{ shape: [2, 3] }, { shape: [2, 1] }]],
  ['div', t.div, [{ shape: [2, 3] }, { shape: [3], ...positive }]],
  ['pow', (x) => t.pow(x, 1.7), [{ shape: [5], ...positive }]],
  ['maximum', t.maximum, [{ shape: [2, 3] }, { shape: [3] }]],
  ['minimum', t.minimum, [{ shape: [2, 3] }, { shape: [1] }]],
  ['clip', (x) => t.clip(x, -0.4, 0.5), [{ shape: [9] }]],
  ['neg', t.neg, [{ shape: [3] }]],
  ['exp', t.exp, [{ shape: [3] }]],
  ['log', t.log, [{ shape: [3], ...positive }]],
  ['sqrt', t.sqrt, [{ shape: [3], ...positive }]],
  ['reciprocal', t.reciprocal, [{ shape: [3], ...positive }]],
  ['sigmoid', t.sigmoid, [{ shape: [3] }]],
  ['tanh', t.tanh, [{ shape: [3] }]],
  ['abs', t.abs, [{ shape: [6] }]],
  ['silu', t.silu, [{ shape: [4] }]],
  ['where', (a, b) => t.where(t.less(a, b), a, b), [{ shape: [4] }, { shape: [2, 4] }]],
  ['reduceSum', (x) => t.reduceSum(x, [1]), [{ shape: [2, 3, 2] }]],
  ['reduceMean', (x) => t.reduceMean(x, [-1, 0], true), [{ shape: [2, 3, 2] }]],
  ['reduceMax', (x) => t.reduceMax(x, [-1]), [{ shape: [3, 4] }]],
  ['softmax', t.softmax, [{ shape: [2, 5] }]],
  ['reshape', (x) => t.mul(t.reshape(x, [3, 2]), t.reshape(x, [-1, 2])), [{ shape: [2, 3] }]],
  ['transpose', (x) => t.transpose(x, [2, 0, 1]), [{ shape: [2, 3, 4] }]],
  ['slice', (x) => t.slice(x, 1, 1, 3), [{ shape: [2, 4] }]],
  ['pad', (x) => t.pad(x, -1, 1, 2), [{ shape: [2, 3] }]],
  ['concat of many', (x, y) => t.concat([x, y, x, x, x, x, x, y, x], 1), [{ shape: [2, 1] }, { shape: [2, 2] }]],
  ['expand', (x) => t.expand(x, [4, 2, 3]), [{ shape: [2, 1] }]],
  ['matmul, batched', t.matmul, [{ shape: [2, 3, 4] }, { shape: [4, 2] }]],
  ['gemm', (a, b) => t.gemm(a, b), [{ shape: [2, 3] }, { shape: [3, 4] }]],
  ['gemm, transA', (a, b) => t.gemm(a, b, true), [{ shape: [3, 2] }, { shape: [3, 4] }]],
  ['gemm, transB', (a, b) => t.gemm(a, b, false, true), [{ shape: [2, 3] }, { shape: [4, 3] }]],
  ['gemm, both', (a, b) => t.gemm(a, b, true, true), [{ shape: [3, 2] }, { shape: [4, 3] }]],
  ['gather', (x) => t.gather(x, index), [{ shape: [4, 2] }]],
  ['gather, its gradient by index', (x) => t.gather(x, index, true), [{ shape: [4, 2] }]],
  ['gatherElements', (x) => t.gatherElements(x, column), [{ shape: [3, 4] }]],
  ['scatterAdd', (x, u) => t.scatterAdd(x, column, u, 1), [{ shape: [3, 4] }, { shape: [3, 1] }]],
  ['cast', (x) => t.cast(x, 'f64'), [{ shape: [2] }]],
  ['an input used twice', (x) => t.mul(x, t.exp(t.neg(x))), [{ shape: [3] }]],
];

describe('vector-Jacobian products agree with central differences in f64', () => {
  it.each(cases)('%s', async (_, f, inputs) => {
    expect(await gradcheck(f, inputs)).toBeLessThanOrEqual(0);
  });

  it('catches a wrong gradient', async () => {
    const wrong = (x: t.Sym): t.Sym => t.withVjp(t.mul(x, x), [x], (g) => [t.mul(g, x)]);
    expect(await gradcheck(wrong, [{ shape: [3] }])).toBeGreaterThan(0.01);
  });
});

describe('grad', () => {
  it('stops at stopGradient', async () => {
    const x = t.input('x', [3], 'f64');
    // d/dx Σ sg[eˣ]·x = eˣ, not eˣ(1 + x).
    const [g] = t.grad(t.reduceSum(t.mul(t.stopGradient(t.exp(x)), x), [0]), [x]);
    const out = await evaluate({ g: g! }, { x: { shape: [3], data: Float64Array.of(0, 1, -1) } });
    expect(Array.from(out.g as Float64Array)).toEqual([1, Math.E, 1 / Math.E].map((v) => expect.closeTo(v, 12) as number));
  });

  it('gives zeros for what the loss does not reach, and refuses a loss that is no number', async () => {
    const x = t.input('x', [2], 'f64');
    const y = t.input('y', [2], 'f64');
    const [g] = t.grad(t.reduceSum(x, [0]), [y]);
    expect(Array.from((await evaluate({ g: g! }, {})).g as Float64Array)).toEqual([0, 0]);
    expect(() => t.grad(x, [x])).toThrow(/single number/);
  });
});

describe('shape rules', () => {
  const a = t.input('a', [2, 3]);
  it.each([
    ['add', () => t.add(a, t.input('b', [2, 2]))],
    ['matmul', () => t.matmul(a, a)],
    ['gemm', () => t.gemm(a, a)],
    ['reshape', () => t.reshape(a, [4])],
    ['transpose', () => t.transpose(a, [0, 0])],
    ['slice', () => t.slice(a, 1, 2, 5)],
    ['concat', () => t.concat([a, t.input('b', [3, 2])], 0)],
    ['reduceSum', () => t.reduceSum(a, [2])],
    ['types', () => t.add(a, t.input('b', [2, 3], 'f64'))],
    ['constant', () => t.constant(new Float32Array(3), [2])],
  ])('%s refuses what does not fit', (_, build) => {
    expect(build).toThrow(t.ShapeError);
  });
});

describe('open axes', () => {
  const x = t.input('x', [t.ROWS, 4 * t.QUARTER], 'f64');
  const run = async (graph: Record<string, t.Sym>, rows: number, positions: number) => {
    const data = Float64Array.from({ length: rows * positions }, (_, i) => i + 1);
    return evaluate(graph, { x: { shape: [rows, positions], data } });
  };

  it('fit any lengths in reshape, slice, pad, expand and their gradients', async () => {
    const halves = t.reshape(x, [t.ROWS, 2, 2 * t.QUARTER]);
    const second = t.slice(halves, 2, t.QUARTER, 2 * t.QUARTER);
    const wide = t.expand(t.reshape(t.reduceSum(x, [1]), [t.ROWS, 1]), [3, t.ROWS, t.QUARTER]);
    // d/dx Σ second² is 2x at the second quarter of each half, 0 elsewhere.
    const [g] = t.grad(t.reduceSum(t.mul(second, second), [0, 1, 2]), [x]);
    const graph = { second: t.reshape(second, [-1]), wide, g: g! };
    const session = async (rows: number, positions: number) => {
      const out = await run(graph, rows, positions);
      return Object.fromEntries(Object.entries(out).map(([name, values]) => [name, Array.from(values as Float64Array)]));
    };
    expect(await session(1, 4)).toEqual({ second: [2, 4], wide: [10, 10, 10], g: [0, 4, 0, 8] });
    const { second: s, wide: w, g: d } = await session(2, 8);
    expect(s).toEqual([3, 4, 7, 8, 11, 12, 15, 16]);
    expect(w).toEqual(Array.from({ length: 3 }, () => [36, 36, 100, 100]).flat());
    expect(d!.slice(8)).toEqual([0, 0, 22, 24, 0, 0, 30, 32]);
  });

  it('are checked by the shape rules, and cannot be read off nothing', () => {
    expect(() => t.reshape(x, [t.ROWS, 3 * t.QUARTER])).toThrow(t.ShapeError);
    expect(() => t.reshape(x, [t.QUARTER, t.QUARTER, -1])).toThrow(t.ShapeError);
    const flat = t.input('flat', [4 * t.ROWS * t.QUARTER]);
    expect(() => t.encode({ y: t.reshape(flat, [t.ROWS, 2, 2 * t.QUARTER]) })).toThrow(/no input/);
  });
});
