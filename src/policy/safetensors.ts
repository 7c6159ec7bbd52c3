/** The safetensors format: 8-byte little-endian header length, a JSON header, then the tensors' bytes. */
import { PolicyFormatError } from './config';

export type TensorDType = 'F32' | 'F16' | 'BF16';

export interface StoredTensor {
  dtype: TensorDType;
  shape: readonly number[];
  data: Uint8Array;
}

const BYTES: Record<TensorDType, number> = { F32: 4, F16: 2, BF16: 2 };
const HINT = 'Fetch the file again; if it was made by a script, save it anew with safetensors.';
const MAX_HEADER = 100_000_000;

/** Views into `file`, nothing copied. Throws PolicyFormatError on truncation, bad headers and other dtypes than F32, F16, BF16. */
export function readSafetensors(file: Uint8Array): Map<string, StoredTensor> {
  if (file.length < 8) throw new PolicyFormatError(`model.safetensors has ${file.length} bytes; its header alone needs 8.`, HINT);
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  if (length > MAX_HEADER || 8 + length > file.length)
    throw new PolicyFormatError('model.safetensors is truncated inside its header, or is not a safetensors file.', HINT);
  let header: Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(8, 8 + length))) as typeof header;
  } catch {
    throw new PolicyFormatError('The header of model.safetensors is not JSON.', HINT);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw new PolicyFormatError('The header of model.safetensors is not a JSON object.', HINT);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, t] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    if (!isEntry(t)) throw new PolicyFormatError(`The header of model.safetensors has no shape and place for ${name}.`, HINT);
    if (!Object.hasOwn(BYTES, t.dtype))
      throw new PolicyFormatError(
        `The tensor ${name} is ${t.dtype}; F32, F16 and BF16 can be read.`,
        'Save the model in one of these types.',
      );
    const dtype = t.dtype as TensorDType;
    const [from, to] = t.data_offsets;
    const size = t.shape.reduce((a, b) => a * b, 1);
    if (to - from !== size * BYTES[dtype])
      throw new PolicyFormatError(
        `The tensor ${name} has ${to - from} bytes; its shape [${t.shape.join()}] needs ${size * BYTES[dtype]}.`,
        HINT,
      );
    if (8 + length + to > file.length) {
      throw new PolicyFormatError(
        `model.safetensors is truncated: ${name} ends at byte ${8 + length + to}, the file has ${file.length}.`,
        HINT,
      );
    }
    tensors.set(name, { dtype, shape: t.shape, data: file.subarray(8 + length + from, 8 + length + to) });
  }
  return tensors;
}

function isEntry(t: unknown): boolean {
  if (typeof t !== 'object' || t === null) return false;
  const { dtype, shape, data_offsets: place } = t as Record<string, unknown>;
  const counts = (list: unknown): list is number[] => Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0);
  return typeof dtype === 'string' && counts(shape) && counts(place) && place.length === 2 && place[0]! <= place[1]!;
}

/** `metadata` goes to the header's __metadata__. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Record<string, string> = { format: 'pt' },
): Uint8Array {
  let at = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  for (const [name, t] of tensors) {
    header[name] = { dtype: t.dtype, shape: t.shape, data_offsets: [at, at + t.data.length] };
    at += t.data.length;
  }
  let json = JSON.stringify(header);
  json += ' '.repeat((8 - (json.length % 8)) % 8);
  const bytes = new TextEncoder().encode(json);
  const out = new Uint8Array(8 + bytes.length + at);
  new DataView(out.buffer).setBigUint64(0, BigInt(bytes.length), true);
  out.set(bytes, 8);
  let offset = 8 + bytes.length;
  for (const t of tensors.values()) {
    out.set(t.data, offset);
    offset += t.data.length;
  }
  return out;
}

const f32 = new Float32Array(1);
const u32 = new Uint32Array(f32.buffer);

/** IEEE half → single. */
export function halfToFloat(h: number): number {
  const sign = h & 0x8000 ? -1 : 1;
  const exponent = (h >> 10) & 0x1f;
  const fraction = h & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Of each half: looked up, a million values take 2 ms instead of 100. */
let halves: Float32Array | null = null;
function allHalves(): Float32Array {
  const out = new Float32Array(0x10000);
  for (let h = 0; h < out.length; h++) out[h] = halfToFloat(h);
  return out;
}

/** Single → IEEE half, round to nearest even. */
export function floatToHalf(value: number): number {
  f32[0] = value;
  const x = u32[0]!;
  const sign = (x >>> 16) & 0x8000;
  const exponent = (x >>> 23) & 0xff;
  const fraction = x & 0x7fffff;
  if (exponent === 255) return sign | 0x7c00 | (fraction ? 0x200 : 0);
  const e = exponent - 127 + 15;
  if (e >= 31) return sign | 0x7c00;
  if (e <= 0) {
    if (e < -10) return sign;
    const m = fraction | 0x800000;
    const shift = 14 - e;
    const rest = m & ((1 << shift) - 1);
    const half = 1 << (shift - 1);
    const r = m >> shift;
    return sign | (r + (rest > half || (rest === half && r & 1) ? 1 : 0));
  }
  const rest = fraction & 0x1fff;
  const r = (e << 10) | (fraction >> 13);
  // A carry out of the fraction raises the exponent, up to infinity, as it should.
  return sign | (r + (rest > 0x1000 || (rest === 0x1000 && r & 1) ? 1 : 0));
}

/** Values as f32. */
export function toFloat32(t: StoredTensor): Float32Array {
  const n = t.data.length / BYTES[t.dtype];
  const view = new DataView(t.data.buffer, t.data.byteOffset, t.data.byteLength);
  const out = new Float32Array(n);
  if (t.dtype === 'F32') for (let i = 0; i < n; i++) out[i] = view.getFloat32(4 * i, true);
  else if (t.dtype === 'F16') {
    const singles = (halves ??= allHalves());
    for (let i = 0; i < n; i++) out[i] = singles[view.getUint16(2 * i, true)]!;
  } else {
    const bits = new Uint32Array(out.buffer);
    for (let i = 0; i < n; i++) bits[i] = view.getUint16(2 * i, true) << 16;
  }
  return out;
}

/** f32 values in the given type (BF16 is read only). */
export function fromFloat32(values: Float32Array, shape: readonly number[], dtype: 'F32' | 'F16'): StoredTensor {
  if (dtype === 'F32') return { dtype, shape, data: new Uint8Array(values.slice().buffer) };
  const out = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) out[i] = floatToHalf(values[i]!);
  return { dtype, shape, data: new Uint8Array(out.buffer) };
}
