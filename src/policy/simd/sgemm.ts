/**
 * onnxruntime's f32 product C = α·op(A)·op(B) + β·C on one thread (MlasSgemmOperation) as WebAssembly, around the inner loop of ./gemm.ts. Sums are cut in
 * the same places as in the published one, so without fused operators it gives the same bits; what differs is how operands are brought near. A transposed
 * A is copied as it lies, 32 columns of it at a time, instead of being turned by the element, and a transposed B is turned in registers, four by four.
 */
import { BLOCK, BLOCK_COLUMN, PANEL } from './gemm.ts';
import {
  call,
  choose,
  during,
  each,
  f32,
  f32x4,
  get,
  getGlobal,
  i32,
  load,
  loadOne,
  plus,
  repeat,
  select,
  set,
  setGlobal,
  store,
  storeOne,
  when,
  type Code,
  type WasmFunction,
} from './module.ts';

/** Numbers in the module of what it needs: the stack's end, and the inner loops for A by rows and by columns, each as it sets C and as it adds to it. */
export interface SgemmParts {
  stack: number;
  rows: { set: number; add: number };
  columns: { set: number; add: number };
}

/** A packed part of B is so many values at most, and as deep and as wide at first. */
const SIDE = 128;
const B_BYTES = 4 * SIDE * SIDE;
const TRANSPOSED = 112;

/** Parameters: CBLAS's, without the order of rows. */
const [TRANS_A, TRANS_B, M, N, K, ALPHA, A, A_ROW, B, B_ROW, BETA, C, C_ROW] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
/** Whole numbers. Steps are bytes of a row; `PACKED_A` and `PACKED_B` are addresses. */
const [STACK, A_STEP, B_STEP, C_STEP, PACKED_A, PACKED_B, WIDTH, DEPTH, COLUMN, AT, COLUMNS, COUNT, ADDS, A_AT, C_AT, LEFT, ROWS] = [
  13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
];
/** Of the copying loops: where from and to, and what is left. */
const [FROM, TO, FROM_PART, REST, PIECE] = [30, 31, 32, 33, 34];
const FROM_ROWS = [32, 35, 36, 37];
const WHOLE_NUMBERS = 25;
/** Vectors. */
const [X0, X1, X2, X3, Y0, Y1, Y2, Y3] = [38, 39, 40, 41, 42, 43, 44, 45] as const;

const n = i32.constant;
const bytes = (values: Code): Code => i32.shiftLeft(values, n(2));
const least = (a: Code, b: Code): Code => select(i32.less(a, b), a, b);
const upTo = (counter: number, end: number): Code => i32.less(get(counter), get(end));
const fourLeft = i32.atLeast(get(PIECE), n(4));

/** Copies `PIECE` values from one address to another, both of which then lie behind them. */
const copyPiece: Code = [
  ...during(fourLeft, [
    ...store(TO, 0, load(FROM_PART, 0)),
    ...plus(TO, n(16)),
    ...plus(FROM_PART, n(16)),
    ...set(PIECE, i32.sub(get(PIECE), n(4))),
  ]),
  ...during(get(PIECE), [
    ...storeOne(TO, 0, loadOne(FROM_PART, 0)),
    ...plus(TO, n(4)),
    ...plus(FROM_PART, n(4)),
    ...set(PIECE, i32.sub(get(PIECE), n(1))),
  ]),
];

/** C's part, rows × columns, times β. */
function scaleC(rows: number, columns: number): Code {
  const four = f32x4.mul(load(TO, 0), f32x4.splat(get(BETA)));
  return [
    ...set(C_AT, i32.add(get(C), bytes(get(COLUMN)))),
    ...set(LEFT, get(rows)),
    ...during(get(LEFT), [
      ...set(TO, get(C_AT)),
      ...set(PIECE, get(columns)),
      ...during(fourLeft, [...store(TO, 0, four), ...plus(TO, n(16)), ...set(PIECE, i32.sub(get(PIECE), n(4)))]),
      ...during(get(PIECE), [
        ...storeOne(TO, 0, f32.mul(loadOne(TO, 0), get(BETA))),
        ...plus(TO, n(4)),
        ...set(PIECE, i32.sub(get(PIECE), n(1))),
      ]),
      ...plus(C_AT, get(C_STEP)),
      ...set(LEFT, i32.sub(get(LEFT), n(1))),
    ]),
  ];
}

/** Zeros for a panel that B does not fill. */
const clearPanel: Code = [
  ...set(TO, get(PACKED_A)),
  ...set(REST, get(COUNT)),
  ...repeat([...each(4, (i) => store(TO, 16 * i, f32x4.zero)), ...plus(TO, n(PANEL)), ...set(REST, i32.sub(get(REST), n(1)))], get(REST)),
];

/** Rows `AT …` of B's columns `COLUMN …` into panels of 16 columns. */
function packB(): Code {
  const row = (copy: Code): Code => repeat([...copy, ...plus(FROM, get(B_STEP)), ...set(REST, i32.sub(get(REST), n(1)))], get(REST));
  return panels(i32.add(get(B), bytes(i32.add(i32.mul(get(AT), get(B_ROW)), get(COLUMN)))), n(PANEL), [
    ...when(
      i32.atLeast(get(LEFT), n(16)),
      row([...each(4, (i) => store(TO, 16 * i, load(FROM, 16 * i))), ...plus(TO, n(PANEL))]),
      row([...set(FROM_PART, get(FROM)), ...set(PIECE, get(LEFT)), ...copyPiece, ...plus(TO, i32.sub(n(PANEL), bytes(get(LEFT))))]),
    ),
  ]);
}

/** The same of a transposed B: columns `AT …` of its rows `COLUMN …`. */
function packTransposedB(): Code {
  const X = [X0, X1, X2, X3] as const;
  const pair = (a: number, b: number, lanes: readonly [number, number, number, number]): Code => f32x4.shuffle(get(a), get(b), lanes);
  /** Four rows by four values: turned in registers. */
  const square: Code = [
    ...each(4, (i) => set(X[i]!, load(FROM_ROWS[i]!, 0))),
    ...set(Y0, pair(X0, X1, [0, 4, 1, 5])),
    ...set(Y1, pair(X0, X1, [2, 6, 3, 7])),
    ...set(Y2, pair(X2, X3, [0, 4, 1, 5])),
    ...set(Y3, pair(X2, X3, [2, 6, 3, 7])),
    ...store(TO, 0, pair(Y0, Y2, [0, 1, 4, 5])),
    ...store(TO, PANEL, pair(Y0, Y2, [2, 3, 6, 7])),
    ...store(TO, 2 * PANEL, pair(Y1, Y3, [0, 1, 4, 5])),
    ...store(TO, 3 * PANEL, pair(Y1, Y3, [2, 3, 6, 7])),
  ];
  const advance = (rows: number, count: number): Code => [
    ...plus(TO, n(PANEL * count)),
    ...each(rows, (i) => plus(FROM_ROWS[i]!, n(4 * count))),
    ...set(PIECE, i32.sub(get(PIECE), n(count))),
  ];
  /** So many rows of B, which become as many columns of the panel. */
  const group = (rows: number): Code => [
    ...each(rows, (i) => set(FROM_ROWS[i]!, i === 0 ? get(FROM) : i32.add(get(FROM_ROWS[i - 1]!), get(B_STEP)))),
    ...set(TO, get(PACKED_A)),
    ...set(PIECE, get(COUNT)),
    ...(rows === 4 ? during(fourLeft, [...square, ...advance(4, 4)]) : []),
    ...during(get(PIECE), [...each(rows, (i) => storeOne(TO, 4 * i, loadOne(FROM_ROWS[i]!, 0))), ...advance(rows, 1)]),
    ...plus(FROM, i32.mul(get(B_STEP), n(rows))),
    ...plus(PACKED_A, n(4 * rows)),
    ...set(REST, i32.sub(get(REST), n(rows))),
  ];
  return panels(i32.add(get(B), bytes(i32.add(i32.mul(get(COLUMN), get(B_ROW)), get(AT)))), i32.mul(get(B_STEP), n(16)), [
    ...set(REST, least(get(LEFT), n(16))),
    ...during(i32.atLeast(get(REST), n(4)), group(4)),
    ...during(get(REST), group(1)),
  ]);
}

/**
 * `pack` for each panel: `FROM` is where the panel's part of B begins, `step` bytes after the one before, `LEFT` how many columns are left; `TO` and `PACKED_A`
 * are where the panel begins, `REST` the depth. The packed part of A is made afterwards, so its address is free until then.
 */
function panels(from: Code, step: Code, pack: Code): Code {
  return [
    ...set(A_AT, from),
    ...set(C_AT, get(PACKED_B)),
    ...set(LEFT, get(COLUMNS)),
    ...repeat(
      [
        ...set(PACKED_A, get(C_AT)),
        ...when(i32.less(get(LEFT), n(16)), clearPanel),
        ...set(FROM, get(A_AT)),
        ...set(TO, get(C_AT)),
        ...set(REST, get(COUNT)),
        ...pack,
        ...plus(A_AT, step),
        ...plus(C_AT, i32.mul(get(COUNT), n(PANEL))),
        ...set(LEFT, i32.sub(get(LEFT), n(16))),
      ],
      i32.greater(get(LEFT), n(0)),
    ),
  ];
}

/** A's part by the packed part of B. */
function multiply({ rows, columns }: SgemmParts): Code {
  const run = (loop: { set: number; add: number }, a: number, count: number, row: Code): Code => {
    const args = [a, PACKED_B, C_AT, COUNT, count, COLUMNS].map(get);
    const by = (which: number): Code => call(which, ...args, row, get(C_ROW), get(ALPHA));
    return choose('i32', get(ADDS), by(loop.add), by(loop.set));
  };
  const done = (a: Code): Code => [
    ...plus(A_AT, a),
    ...plus(C_AT, i32.mul(get(ROWS), get(C_STEP))),
    ...set(LEFT, i32.sub(get(LEFT), get(ROWS))),
  ];
  const packed = [
    ...set(ROWS, least(get(LEFT), n(BLOCK))),
    ...set(FROM, get(A_AT)),
    ...set(TO, get(PACKED_A)),
    ...set(REST, get(COUNT)),
    ...repeat(
      [
        ...when(
          i32.equal(get(ROWS), n(BLOCK)),
          [...each(BLOCK / 4, (i) => store(TO, 16 * i, load(FROM, 16 * i))), ...plus(TO, n(BLOCK_COLUMN))],
          [...set(FROM_PART, get(FROM)), ...set(PIECE, get(ROWS)), ...copyPiece, ...plus(TO, i32.sub(n(BLOCK_COLUMN), bytes(get(ROWS))))],
        ),
        ...plus(FROM, get(A_STEP)),
        ...set(REST, i32.sub(get(REST), n(1))),
      ],
      get(REST),
    ),
    ...set(ROWS, run(columns, PACKED_A, ROWS, get(A_ROW))),
    ...done(bytes(get(ROWS))),
  ];
  const plain = [...set(ROWS, run(rows, A_AT, LEFT, get(A_ROW))), ...done(i32.mul(get(ROWS), get(A_STEP)))];
  return [
    ...set(PACKED_A, i32.add(get(PACKED_B), n(B_BYTES))),
    ...set(LEFT, get(M)),
    ...set(C_AT, i32.add(get(C), bytes(get(COLUMN)))),
    ...when(
      i32.equal(get(TRANS_A), n(TRANSPOSED)),
      [...set(A_AT, i32.add(get(A), i32.mul(get(AT), get(A_STEP)))), ...during(get(LEFT), packed)],
      [...set(A_AT, i32.add(get(A), bytes(get(AT)))), ...during(get(LEFT), plain)],
    ),
  ];
}

/** `(trans A, trans B, M, N, K, α, A, A's row, B, B's row, β, C, C's row)`: M × N from M × K and K × N, rows' lengths in values as they lie. */
export function sgemm(parts: SgemmParts): WasmFunction {
  /** Twice as much of one and half of the other, as long as half is enough. */
  const stretch = (long: number, short: number, enough: Code): Code =>
    during(enough, [...set(long, i32.shiftLeft(get(long), n(1))), ...set(short, i32.half(get(short)))]);
  const sizes = [
    ...set(WIDTH, n(SIDE)),
    ...set(DEPTH, n(SIDE)),
    ...when(
      i32.atLeast(get(N), get(K)),
      stretch(WIDTH, DEPTH, i32.atLeast(i32.half(get(DEPTH)), get(K))),
      when(
        i32.notEqual(get(TRANS_A), n(TRANSPOSED)),
        stretch(DEPTH, WIDTH, i32.and(i32.greater(get(WIDTH), n(16)), i32.atLeast(i32.half(get(WIDTH)), get(N)))),
      ),
    ),
  ];
  const product = during(upTo(COLUMN, N), [
    ...set(COLUMNS, least(get(WIDTH), i32.sub(get(N), get(COLUMN)))),
    ...set(ADDS, f32.notEqual(get(BETA), f32.constant(0))),
    ...when(i32.and(get(ADDS), f32.notEqual(get(BETA), f32.constant(1))), scaleC(M, COLUMNS)),
    ...set(AT, n(0)),
    ...during(upTo(AT, K), [
      ...set(COUNT, least(get(DEPTH), i32.sub(get(K), get(AT)))),
      ...when(i32.equal(get(TRANS_B), n(TRANSPOSED)), packTransposedB(), packB()),
      ...multiply(parts),
      ...set(ADDS, n(1)),
      ...plus(AT, get(COUNT)),
    ]),
    ...plus(COLUMN, get(COLUMNS)),
  ]);
  return {
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'f32', 'i32', 'i32', 'i32', 'i32', 'f32', 'i32', 'i32'],
    locals: [...Array<'i32'>(WHOLE_NUMBERS).fill('i32'), ...Array<'v128'>(8).fill('v128')],
    body: [
      ...set(STACK, getGlobal(parts.stack)),
      // From the beginning of a line of the cache.
      ...set(PACKED_B, i32.and(i32.sub(get(STACK), n(B_BYTES + SIDE * BLOCK_COLUMN)), n(-64))),
      ...setGlobal(parts.stack, get(PACKED_B)),
      ...set(A_STEP, bytes(get(A_ROW))),
      ...set(B_STEP, bytes(get(B_ROW))),
      ...set(C_STEP, bytes(get(C_ROW))),
      ...when(i32.equal(get(K), n(0)), when(get(N), scaleC(M, N)), [...sizes, ...product]),
      ...setGlobal(parts.stack, get(STACK)),
    ],
  };
}
