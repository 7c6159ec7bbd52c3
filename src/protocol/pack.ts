/**
 * The typed arrays of a message over one buffer. A run's samples are thousands of arrays of a few dozen numbers: a buffer of its own for each
 * would cost the page time with every message, and with every garbage collection after it.
 */

type TypedArray = Int32Array | Float32Array | Float64Array;
type Maker = new (buffer: ArrayBuffer, offset: number, length: number) => TypedArray;

/** An offset that fits any element. */
const ALIGN = 8;

/** A copy of plain data in which each of the arrays is a view of `buffer`, which can be transferred. */
export function packArrays<T>(data: T): { packed: T; buffer: ArrayBuffer } {
  const offsets = new Map<TypedArray, number>();
  let bytes = 0;
  visit(data, (array) => {
    if (offsets.has(array)) return;
    offsets.set(array, bytes);
    bytes += Math.ceil(array.byteLength / ALIGN) * ALIGN;
  });
  const buffer = new ArrayBuffer(bytes);
  const views = new Map<TypedArray, TypedArray>();
  for (const [array, offset] of offsets) {
    const view = new (array.constructor as Maker)(buffer, offset, array.length);
    view.set(array);
    views.set(array, view);
  }
  return { packed: replaced(data, views) as T, buffer };
}

function visit(data: unknown, each: (array: TypedArray) => void): void {
  if (typeof data !== 'object' || data === null) return;
  if (ArrayBuffer.isView(data)) each(data as TypedArray);
  else for (const value of Object.values(data)) visit(value, each);
}

function replaced(data: unknown, views: ReadonlyMap<TypedArray, TypedArray>): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (ArrayBuffer.isView(data)) return views.get(data as TypedArray);
  if (Array.isArray(data)) return data.map((value) => replaced(value, views));
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, replaced(value, views)]));
}
