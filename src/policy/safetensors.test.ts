import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PolicyFormatError } from './config';
import { floatToHalf, fromFloat32, halfToFloat, readSafetensors, toFloat32, writeSafetensors, type StoredTensor } from './safetensors';

/** The value of each non-negative finite half in order, from the definition of binary16; index = bits. */
const HALVES = Array.from({ length: 0x7c00 }, (_, bits) => {
  const [exponent, fraction] = [Math.floor(bits / 1024), bits % 1024];
  return exponent === 0 ? (fraction / 1024) * 2 ** -14 : (1 + fraction / 1024) * 2 ** (exponent - 15);
});

/** Nearest half by search among all of them, ties to the even one; what lies half a step past the largest is infinite. */
function reference(x: number): number {
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0;
  const a = Math.abs(x);
  if (a >= 65520) return sign | 0x7c00;
  let [low, high] = [0, HALVES.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (HALVES[middle]! <= a) low = middle;
    else high = middle - 1;
  }
  const above = low + 1 < HALVES.length ? HALVES[low + 1]! : 65536;
  const [down, up] = [a - HALVES[low]!, above - a];
  return sign | (down < up || (down === up && low % 2 === 0) ? low : low + 1);
}

describe('half precision', () => {
  it('every half survives the way to single and back', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = halfToFloat(bits);
      if (Number.isNaN(value)) expect((bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0).toBe(true);
      else if (floatToHalf(value) !== bits) expect.fail(`${bits} became ${floatToHalf(value)}`);
    }
    expect(Number.isNaN(halfToFloat(floatToHalf(NaN)))).toBe(true);
  });

  it('rounds to nearest even', () => {
    const single = fc.oneof(
      fc.float({ noNaN: true }),
      fc.float({ noNaN: true, min: -70000, max: 70000 }),
      fc.float({ noNaN: true, min: Math.fround(-1e-4), max: Math.fround(1e-4) }),
      // Exactly between two halves, and next to it.
      fc
        .tuple(fc.integer({ min: 0, max: 0x7bfe }), fc.constantFrom(0, 1, -1), fc.boolean())
        .map(([i, near, negative]) => Math.fround(((HALVES[i]! + HALVES[i + 1]!) / 2) * (1 + near * 2 ** -22) * (negative ? -1 : 1))),
    );
    fc.assert(
      fc.property(single, (x) => floatToHalf(x) === reference(x)),
      { numRuns: 5000 },
    );
    expect([65519, 65520, -65520, 2 ** -25, 2 ** -24 * 1.5].map(floatToHalf)).toEqual([0x7bff, 0x7c00, 0xfc00, 0, 2]);
  });
});

describe('safetensors', () => {
  const tensors = new Map<string, StoredTensor>([
    ['a', fromFloat32(Float32Array.of(1, -2.5, 3e-5, 4, 5, 6), [2, 3], 'F32')],
    ['b', fromFloat32(Float32Array.of(1, -2.5, 65504), [3], 'F16')],
  ]);
  const file = writeSafetensors(tensors, { format: 'pt' });

  it('reads what it wrote, also at an odd place in a larger buffer', () => {
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    for (const bytes of [file, shifted.subarray(3)]) {
      const read = readSafetensors(bytes);
      expect([...read.keys()]).toEqual(['a', 'b']);
      expect(read.get('a')!.shape).toEqual([2, 3]);
      expect([...toFloat32(read.get('a')!)]).toEqual([1, -2.5, Math.fround(3e-5), 4, 5, 6]);
      expect([...toFloat32(read.get('b')!)]).toEqual([1, -2.5, 65504]);
    }
  });

  it('reads BF16: the upper half of a single', () => {
    const data = new Uint8Array(Uint16Array.of(0x3f80, 0xc020, 0x7f80, 0x0001).buffer);
    const read = readSafetensors(writeSafetensors(new Map([['x', { dtype: 'BF16' as const, shape: [4], data }]])));
    expect([...toFloat32(read.get('x')!)]).toEqual([1, -2.5, Infinity, 2 ** -133]);
  });

  it('refuses every truncation, with what to do', () => {
    for (let length = 0; length < file.length; length++) {
      try {
        readSafetensors(file.subarray(0, length));
        expect.fail(`${length} bytes were accepted`);
      } catch (error) {
        expect(error).toBeInstanceOf(PolicyFormatError);
        expect((error as PolicyFormatError).hint).not.toBe('');
      }
    }
  });

  it.each([
    ['not JSON', '{"a":', /not JSON/],
    ['no object', '[1]', /header/],
    ['an entry that is no tensor', '{"a":null}', /header/],
    ['no offsets', '{"a":{"dtype":"F32","shape":[1]}}', /header/],
    ['offsets before the data', '{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}', /header/],
    ['another type', '{"a":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}}', /I8; F32, F16 and BF16/],
    ['a type by a name that objects have', '{"a":{"dtype":"toString","shape":[1],"data_offsets":[0,4]}}', /toString; F32/],
    ['bytes that do not fit the shape', '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', /needs 8/],
  ])('refuses a header with %s', (_, header, message) => {
    const text = new TextEncoder().encode(header);
    const bytes = new Uint8Array(8 + text.length + 4);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
    bytes.set(text, 8);
    expect(() => readSafetensors(bytes)).toThrow(PolicyFormatError);
    expect(() => readSafetensors(bytes)).toThrow(message);
  });
});
