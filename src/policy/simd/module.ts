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

/** A module with these functions by name and a memory of so many pages, all exported. */
export function wasmModule(functions: Readonly<Record<string, WasmFunction>>, pages: number): Uint8Array<ArrayBuffer> {
  const all = Object.entries(functions);
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      all.map(([, f]) => [0x60, ...types(f.parameters), ...types(f.result ? [f.result] : [])]),
    ),
    ...section(
      3,
      all.map((_, i) => leb(i)),
    ),
    ...section(5, [[1, ...leb(pages), ...leb(pages)]]),
    ...section(7, [[...name('memory'), 2, 0], ...all.map(([n], i) => [...name(n), 0, ...leb(i)])]),
    ...section(
      10,
      all.map(([, f]) => sized([...list(f.locals.map((t) => [1, TYPE[t]])), ...f.body, 0x0b])),
    ),
  ]);
}

const simd =
  (opcode: number) =>
  (...operands: readonly Code[]): Code => [...operands.flat(), 0xfd, ...leb(opcode)];

export const get = (local: number): Code => [0x20, ...leb(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...leb(local)];
/** The four values at `offset` bytes from the address in a local. Both are multiples of 16. */
export const load = (address: number, offset: number): Code => [...get(address), 0xfd, 0x00, 4, ...leb(offset)];
export const store = (address: number, offset: number, value: Code): Code => [...get(address), ...value, 0xfd, 0x0b, 4, ...leb(offset)];
/** Runs `body` with the local `counter` going up from what it is by 16, at least once, until it reaches `end`. */
export const loop = (counter: number, end: number, body: Code): Code => [
  ...[0x03, 0x40, ...body],
  ...[...get(counter), 0x41, LANES, 0x6a, 0x22, ...leb(counter)],
  ...[...get(end), 0x49, 0x0d, 0, 0x0b],
];

/** Operators on four f32 values at once, each rounded as IEEE 754 has it. */
export const f32x4 = {
  splat: simd(0x13),
  sqrt: simd(0xe3),
  add: simd(0xe4),
  sub: simd(0xe5),
  mul: simd(0xe6),
  div: simd(0xe7),
};
/** On two f64 values: `low` and `high` are made of halves of an f32x4. */
export const f64x2 = {
  low: simd(0x5f),
  high: (x: Code): Code => f64x2.low([...x, ...x, 0xfd, 0x0d, ...[8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15]]),
  lane: (x: Code, lane: 0 | 1): Code => [...x, 0xfd, 0x21, lane],
  add: simd(0xf0),
  mul: simd(0xf2),
};
export const f64 = { add: (a: Code, b: Code): Code => [...a, ...b, 0xa0] };
