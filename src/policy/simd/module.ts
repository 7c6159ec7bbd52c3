/**
 * WebAssembly by hand: as much of the binary format, with fixed-width SIMD, as loops over f32 values need. An expression is the code that leaves its
 * value on the stack, so expressions nest as operators do.
 */
export type Code = readonly number[];

const TYPE = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = keyof typeof TYPE;

/** Bytes of a v128: four f32 values. */
export const LANES = 16;

export interface WasmFunction {
  parameters: readonly ValueType[];
  result?: ValueType;
  /** They are numbered after the parameters, and begin as zero. */
  locals: readonly ValueType[];
  body: Code;
}

/** LEB128, as the format writes whole numbers ≥ 0. */
function leb(n: number): Code {
  const out: number[] = [];
  for (; n > 0x7f; n >>>= 7) out.push((n & 0x7f) | 0x80);
  return [...out, n];
}
const list = (items: readonly Code[]): Code => [...leb(items.length), ...items.flat()];
const sized = (body: Code): Code => [...leb(body.length), ...body];
const section = (id: number, items: readonly Code[]): Code => [id, ...sized(list(items))];
const name = (text: string): Code => list(Array.from(text, (c) => [c.charCodeAt(0)]));
const types = (of: readonly ValueType[]): Code => list(of.map((t) => [TYPE[t]]));

/** A function as it lies in a module's code: its locals, then its body. */
export const functionCode = (f: WasmFunction): Code => [...list(f.locals.map((t) => [1, TYPE[t]])), ...f.body, 0x0b];

const typeOf = (f: WasmFunction): Code => [0x60, ...types(f.parameters), ...types(f.result ? [f.result] : [])];
const MAGIC: Code = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** A module with one function, `run`, of the type of `like` and this code, over the shared memory `env.memory`. */
export function importingModule(like: WasmFunction, code: Code): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([
    ...[...MAGIC, ...section(1, [typeOf(like)])],
    ...section(2, [[...name('env'), ...name('memory'), 2, 3, 1, ...leb(65536)]]),
    ...section(3, [[0]]),
    ...section(7, [[...name('run'), 0, 0]]),
    ...section(10, [sized(code)]),
  ]);
}

/** A module with these functions by name and a memory of so many pages, all exported. */
export function wasmModule(functions: Readonly<Record<string, WasmFunction>>, pages: number): Uint8Array<ArrayBuffer> {
  const all = Object.entries(functions);
  return Uint8Array.from([
    ...MAGIC,
    ...section(
      1,
      all.map(([, f]) => typeOf(f)),
    ),
    ...section(
      3,
      all.map((_, i) => leb(i)),
    ),
    ...section(5, [[1, ...leb(pages), ...leb(pages)]]),
    ...section(7, [[...name('memory'), 2, 0], ...all.map(([n], i) => [...name(n), 0, ...leb(i)])]),
    ...section(
      10,
      all.map(([, f]) => sized(functionCode(f))),
    ),
  ]);
}

const simd =
  (opcode: number) =>
  (...operands: readonly Code[]): Code => [...operands.flat(), 0xfd, ...leb(opcode)];

export const get = (local: number): Code => [0x20, ...leb(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...leb(local)];
/** The four values at `offset` bytes from the address in a local, quickest if it is a multiple of 16. */
export const load = (address: number, offset: number): Code => [...get(address), 0xfd, 0x00, 4, ...leb(offset)];
export const store = (address: number, offset: number, value: Code): Code => [...get(address), ...value, 0xfd, 0x0b, 4, ...leb(offset)];
/** The one value there, four times. */
export const loadSplat = (address: number, offset: number): Code => [...get(address), 0xfd, 0x09, 2, ...leb(offset)];
/** The first one or two values there, and zeros. */
export const loadFirst = (count: 1 | 2, address: number, offset: number): Code => [
  ...[...get(address), 0xfd, count === 1 ? 0x5c : 0x5d, 2],
  ...leb(offset),
];
/** Stores the first one or two of four values. */
export const storeFirst = (count: 1 | 2, address: number, offset: number, value: Code): Code => [
  ...[...get(address), ...value, 0xfd, count === 1 ? 0x5a : 0x5b, 2],
  ...[...leb(offset), 0],
];
/** Runs `body` with the local `counter` going up from what it is by 16, at least once, until it reaches `end`. */
export const loop = (counter: number, end: number, body: Code): Code => [
  ...[0x03, 0x40, ...body],
  ...[...get(counter), 0x41, LANES, 0x6a, 0x22, ...leb(counter)],
  ...[...get(end), 0x49, 0x0d, 0, 0x0b],
];

/** The one f32 value there. */
export const loadOne = (address: number, offset: number): Code => [...get(address), 0x2a, 2, ...leb(offset)];
export const storeOne = (address: number, offset: number, value: Code): Code => [...get(address), ...value, 0x38, 2, ...leb(offset)];

/** The code of several alike. */
export const each = (count: number, code: (i: number) => Code): Code => Array.from({ length: count }, (_, i) => code(i)).flat();
/** Adds to a whole number in a local. */
export const plus = (local: number, by: Code): Code => set(local, i32.add(get(local), by));

/** A global of the module, by its number. */
export const getGlobal = (index: number): Code => [0x23, ...leb(index)];
export const setGlobal = (index: number, value: Code): Code => [...value, 0x24, ...leb(index)];
/** A function of the module, by its number; its arguments are `values`. */
export const call = (index: number, ...values: readonly Code[]): Code => [...values.flat(), 0x10, ...leb(index)];

/** Runs `body` as long as `condition` holds before it. */
export const during = (condition: Code, body: Code): Code => when(condition, repeat(body, condition));
/** Runs `body` again as long as `condition` holds after it. */
export const repeat = (body: Code, condition: Code): Code => [0x03, 0x40, ...body, ...condition, 0x0d, 0, 0x0b];
export const when = (condition: Code, body: Code, otherwise: Code = []): Code => [
  ...[...condition, 0x04, 0x40, ...body],
  ...(otherwise.length > 0 ? [0x05, ...otherwise] : []),
  0x0b,
];
/** `a` where the condition is not 0, else `b`; only that one is computed. */
export const choose = (type: ValueType, condition: Code, a: Code, b: Code): Code => [
  ...[...condition, 0x04, TYPE[type]],
  ...[...a, 0x05, ...b, 0x0b],
];
/** The same, of two that are computed both. */
export const select = (condition: Code, a: Code, b: Code): Code => [...a, ...b, ...condition, 0x1b];

/** Signed LEB128, as constants are written. */
function signedLeb(n: number): Code {
  const out: number[] = [];
  for (; n < -64 || n > 63; n >>= 7) out.push((n & 0x7f) | 0x80);
  return [...out, n & 0x7f];
}
const plain =
  (opcode: number) =>
  (a: Code, b: Code): Code => [...a, ...b, opcode];
export const f32 = {
  constant: (x: number): Code => [0x43, ...new Uint8Array(Float32Array.of(x).buffer)],
  notEqual: plain(0x5c),
  mul: plain(0x94),
};
export const i32 = {
  constant: (n: number): Code => [0x41, ...signedLeb(n)],
  /** Comparisons are signed. */
  equal: plain(0x46),
  notEqual: plain(0x47),
  less: plain(0x48),
  greater: plain(0x4a),
  atLeast: plain(0x4e),
  add: plain(0x6a),
  sub: plain(0x6b),
  mul: plain(0x6c),
  and: plain(0x71),
  shiftLeft: plain(0x74),
  half: (a: Code): Code => [...a, 0x41, 1, 0x75],
};

/** Operators on four f32 values at once, each rounded as IEEE 754 has it. */
export const f32x4 = {
  zero: [0xfd, 0x0c, ...Array.from({ length: LANES }, () => 0)] as Code,
  splat: simd(0x13),
  sqrt: simd(0xe3),
  add: simd(0xe4),
  sub: simd(0xe5),
  mul: simd(0xe6),
  div: simd(0xe7),
  /** a·b + c, rounded once where the processor can. Relaxed SIMD: engines may lack it, and processors may differ. */
  fusedMulAdd: simd(0x105),
  /** Of values 0–3 of `a` and 4–7 of `b`, those with these numbers. */
  shuffle: (a: Code, b: Code, lanes: readonly [number, number, number, number]): Code => [
    ...[...a, ...b, 0xfd, 0x0d],
    ...lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)),
  ],
  /** The last two values, twice. */
  upper: (x: Code): Code => f32x4.shuffle(x, x, [2, 3, 2, 3]),
};
/** On two f64 values: `low` and `high` are made of halves of an f32x4. */
export const f64x2 = {
  low: simd(0x5f),
  high: (x: Code): Code => f64x2.low(f32x4.upper(x)),
  lane: (x: Code, lane: 0 | 1): Code => [...x, 0xfd, 0x21, lane],
  add: simd(0xf0),
  mul: simd(0xf2),
};
export const f64 = { add: (a: Code, b: Code): Code => [...a, ...b, 0xa0] };
