/**
 * The innermost loop of onnxruntime's matrix products as WebAssembly. The one that onnxruntime-web ships walks through a whole packed operand for each
 * two rows of the other, and waits for memory: this one stays with a part that fits the processor's nearest cache, four rows at a time. It puts each
 * element's products into the sum in the same order, so without fused operators it gives the same bits. `scripts/vite/runtime.ts` puts it in its place.
 */
import {
  each,
  f32x4,
  get,
  i32,
  load,
  loadFirst,
  loadSplat,
  plus,
  repeat,
  select,
  set,
  store,
  storeFirst,
  when,
  type Code,
  type WasmFunction,
} from './module.ts';

export interface GemmOptions {
  /** C += α·A·B instead of C = α·A·B. */
  accumulate: boolean;
  /** Multiplies and adds by one operator (relaxed SIMD). */
  fused: boolean;
  /** A lies by columns: `BLOCK_COLUMN` bytes each, of up to `BLOCK` rows. */
  byColumns?: boolean;
}

/** Bytes of a row of a packed panel: 16 columns. */
export const PANEL = 64;
/** Rows that go through a panel before the next one: A's part of them (16 KiB at a depth of 128) and the panel (8 KiB) stay near. */
export const BLOCK = 32;
/** Bytes of a column of a block. */
export const BLOCK_COLUMN = 4 * BLOCK;
/** Rows and vectors of four columns whose sums a tile keeps in registers. 16 registers hold these, their operands, and no second row of either. */
const ROWS = 4;

/** Parameters, as the runtime passes them: addresses, sizes, and rows' lengths in values. */
const [A, B, C, DEPTH, COUNT, COLUMNS, A_ROW, C_ROW, ALPHA] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
/** Whole numbers. `PART` is where a tile's columns of the panel begin, `LEFT` how many of the tile's columns are C's. */
const [A_STEP, C_STEP, BLOCK_ROWS, LEFT_ROWS, A_AT, C_AT, PART, OUT, LEFT, K] = [9, 10, 11, 12, 13, 14, 15, 16, 17, 18];
const A_ROWS = [19, 20, 21, 22];
/** Vectors. */
const [SCALE, X] = [23, 24];
const B_VECTORS = [25, 26, 27, 28];
const SUMS = [29, 30, 31, 32, 33, 34, 35, 36];

const n = i32.constant;

/**
 * `(A, B, C, depth, rows, columns, A's row, C's row, α) → rows done`, at least one: A is `rows` × `depth`, B is packed into panels of 16 columns (`depth` ×
 * 16, the last filled up), C is `rows` × `columns`. The runtime calls it again for the rows that are left.
 */
export function gemmKernel(options: GemmOptions): WasmFunction {
  /** So many of the rows that are left in the block. */
  const rows = (count: number): Code => [
    ...across(count, options),
    ...plus(A_AT, options.byColumns ? n(4 * count) : i32.mul(get(A_STEP), n(count))),
    ...plus(C_AT, i32.mul(get(C_STEP), n(count))),
    ...set(LEFT_ROWS, i32.sub(get(LEFT_ROWS), n(count))),
  ];
  const fourLeft = i32.atLeast(get(LEFT_ROWS), n(ROWS));
  const panel = [
    ...set(A_AT, get(A)),
    ...set(C_AT, get(C)),
    ...set(LEFT_ROWS, get(BLOCK_ROWS)),
    ...when(fourLeft, repeat(rows(ROWS), fourLeft)),
    ...when(i32.and(get(LEFT_ROWS), n(2)), rows(2)),
    ...when(get(LEFT_ROWS), rows(1)),
    ...plus(B, i32.mul(get(DEPTH), n(PANEL))),
    ...plus(C, n(PANEL)),
    ...set(COLUMNS, i32.sub(get(COLUMNS), n(PANEL / 4))),
  ];
  return {
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f32'],
    result: 'i32',
    locals: [...Array<'i32'>(14).fill('i32'), ...Array<'v128'>(14).fill('v128')],
    body: [
      ...set(SCALE, f32x4.splat(get(ALPHA))),
      ...set(A_STEP, i32.shiftLeft(get(A_ROW), n(2))),
      ...set(C_STEP, i32.shiftLeft(get(C_ROW), n(2))),
      ...set(BLOCK_ROWS, select(i32.less(get(COUNT), n(BLOCK)), get(COUNT), n(BLOCK))),
      ...repeat(panel, i32.greater(get(COLUMNS), n(0))),
      ...get(BLOCK_ROWS),
    ],
  };
}

/** `rows` rows through a panel, tile by tile. */
function across(rows: number, options: GemmOptions): Code {
  // A single row has sums enough for the whole panel; fewer would wait for each other.
  const vectors = rows === 1 ? 4 : 2;
  return each(4 / vectors, (part) => {
    const from = 4 * vectors * part;
    const body = [
      ...set(PART, i32.add(get(B), n(4 * from))),
      ...set(OUT, i32.add(get(C_AT), n(4 * from))),
      ...set(LEFT, i32.sub(get(COLUMNS), n(from))),
      ...tile(rows, vectors, options),
    ];
    return part === 0 ? body : when(i32.greater(get(COLUMNS), n(from)), body);
  });
}

/** Sums of `rows` × 4·`vectors` columns over the whole depth, scaled, into C. */
function tile(rows: number, vectors: number, { accumulate, fused, byColumns }: GemmOptions): Code {
  const sum = (row: number, v: number): number => SUMS[row * vectors + v]!;
  const multiplyAdd = (a: Code, b: Code, c: Code): Code => (fused ? f32x4.fusedMulAdd(a, b, c) : f32x4.add(c, f32x4.mul(a, b)));
  // Rows' addresses in A; by columns, one for all.
  const pointers = byColumns ? 1 : rows;
  const element = (row: number, at: number): Code =>
    byColumns ? loadSplat(A_ROWS[0]!, BLOCK_COLUMN * at + 4 * row) : loadSplat(A_ROWS[row]!, 4 * at);
  const step = (at: number): Code => [
    ...each(vectors, (v) => set(B_VECTORS[v]!, load(PART, PANEL * at + 16 * v))),
    ...each(rows, (r) => [
      ...set(X, element(r, at)),
      ...each(vectors, (v) => set(sum(r, v), multiplyAdd(get(X), get(B_VECTORS[v]!), get(sum(r, v))))),
    ]),
  ];
  const steps = (count: number): Code => [
    ...each(count, step),
    ...plus(PART, n(PANEL * count)),
    ...each(pointers, (r) => plus(A_ROWS[r]!, n((byColumns ? BLOCK_COLUMN : 4) * count))),
    ...set(K, i32.sub(get(K), n(count))),
  ];
  // As many at once as was quickest.
  const unroll = fused ? 2 : 4;
  const more = i32.atLeast(get(K), n(unroll));
  return [
    ...each(pointers, (r) => set(A_ROWS[r]!, r === 0 ? get(A_AT) : i32.add(get(A_ROWS[r - 1]!), get(A_STEP)))),
    ...each(rows * vectors, (i) => set(SUMS[i]!, f32x4.zero)),
    ...set(K, get(DEPTH)),
    ...when(more, repeat(steps(unroll), more)),
    ...when(get(K), repeat(steps(1), get(K))),
    ...each(rows, (r) => [
      ...each(vectors, (v) => set(sum(r, v), f32x4.mul(get(sum(r, v)), get(SCALE)))),
      ...when(
        i32.atLeast(get(LEFT), n(4 * vectors)),
        each(vectors, (v) => write(16 * v, sum(r, v), accumulate)),
        each(vectors, (v) => writeLeft(v, sum(r, v), accumulate)),
      ),
      ...plus(OUT, get(C_STEP)),
    ]),
  ];
}

/** Four sums to C, `offset` bytes into the row. */
const write = (offset: number, sum: number, accumulate: boolean): Code =>
  store(OUT, offset, accumulate ? f32x4.add(load(OUT, offset), get(sum)) : get(sum));

/** As many of the tile's vector `v` of a row's sums as there are columns left for. */
function writeLeft(v: number, sum: number, accumulate: boolean): Code {
  const offset = 16 * v;
  const left = i32.sub(get(LEFT), n(4 * v));
  const first = (count: 1 | 2, at: number): Code =>
    storeFirst(count, OUT, at, accumulate ? f32x4.add(loadFirst(count, OUT, at), get(sum)) : get(sum));
  const one = (at: number): Code => when(i32.and(left, n(1)), first(1, at));
  const upToThree = when(i32.and(left, n(2)), [...first(2, offset), ...set(sum, f32x4.upper(get(sum))), ...one(offset + 8)], one(offset));
  return when(i32.atLeast(left, n(4)), write(offset, sum, accumulate), when(i32.greater(left, n(0)), upToThree));
}
