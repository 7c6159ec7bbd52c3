import type { LlamaConfig } from './config';

/** Keys and values by layer, [rows, kvHeads, stride, headDim]. */
export interface CacheBlock {
  keys: readonly Float32Array[];
  values: readonly Float32Array[];
  stride: number;
}

/**
 * Keys and values of the rows being generated: by layer [rows, kvHeads, capacity, headDim] each, a row's positions next to one another. The memory
 * is kept and rearranged in place: allocating megabytes for each block would cost more than generating it. What no row uses is finite garbage.
 */
export class KvCache implements CacheBlock {
  keys: Float32Array[];
  values: Float32Array[];
  private capacity = 0;
  private rows = 0;

  constructor(private readonly config: LlamaConfig) {
    const none = (): Float32Array[] => Array.from({ length: config.layers }, () => new Float32Array(0));
    this.keys = none();
    this.values = none();
  }

  get stride(): number {
    return this.capacity;
  }
  get shape(): number[] {
    return [this.rows, this.config.kvHeads, this.capacity, this.config.headDim];
  }

  /** A layer's keys or values as they are now: a view. */
  view(of: 'keys' | 'values', layer: number): Float32Array {
    return this[of][layer]!.subarray(0, this.rows * this.config.kvHeads * this.capacity * this.config.headDim);
  }

  /** Makes it `rows` × `capacity`; `kept` rows at the front keep their first positions. */
  resize(rows: number, capacity: number, kept: number): void {
    const { kvHeads: heads, headDim: width } = this.config;
    const from = this.capacity * width;
    const to = capacity * width;
    const rearrange = (old: Float32Array): Float32Array => {
      const needed = rows * heads * to;
      // Twice as much, so that growing by and by allocates seldom.
      const target = needed <= old.length ? old : new Float32Array(needed * 2);
      const moved = Math.min(from, to);
      const count = kept * heads;
      if (target !== old) for (let i = 0; i < count; i++) target.set(old.subarray(i * from, i * from + moved), i * to);
      // In place, in the order in which nothing is overwritten before it has moved.
      else if (to > from) for (let i = count - 1; i > 0; i--) target.copyWithin(i * to, i * from, i * from + moved);
      else if (to < from) for (let i = 1; i < count; i++) target.copyWithin(i * to, i * from, i * from + moved);
      return target;
    };
    this.keys = this.keys.map(rearrange);
    this.values = this.values.map(rearrange);
    this.rows = rows;
    this.capacity = capacity;
  }

  /** Copies `count` positions into a row from position `at` on, out of the first of `source` row `from`. */
  fill(row: number, at: number, source: CacheBlock, from: number, count: number): void {
    const { kvHeads: heads, headDim: width } = this.config;
    const length = count * width;
    const stride = source.stride * width;
    const own = this.capacity * width;
    for (let h = 0; h < heads; h++) {
      const start = (from * heads + h) * stride;
      const to = (row * heads + h) * own + at * width;
      for (let l = 0; l < this.keys.length; l++) {
        copy(this.keys[l]!, to, source.keys[l]!, start, length);
        copy(this.values[l]!, to, source.values[l]!, start, length);
      }
    }
  }
}

/** Below this a loop is faster than a call and the view that it needs: a block's positions. */
const SHORT = 512;

function copy(target: Float32Array, to: number, data: Float32Array, start: number, length: number): void {
  if (length <= SHORT) for (let i = 0; i < length; i++) target[to + i] = data[start + i]!;
  else if (target === data) target.copyWithin(to, start, start + length);
  else target.set(data.subarray(start, start + length), to);
}
