import type { LlamaConfig } from './config';

/** Keys and values by layer, [rows, kvHeads, stride, headDim]. */
export interface CacheBlock {
  keys: readonly Float32Array[];
  values: readonly Float32Array[];
  stride: number;
}

/** The first `count` positions of row `from`, to go to row `to` from position `at` on. */
export interface PositionCopy {
  from: number;
  to: number;
  at: number;
  count: number;
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

  /** Copies positions of `source` into rows; array by array, so that each stays near the processor. A row that is written is not read later on. */
  fill(source: CacheBlock, copies: readonly PositionCopy[]): void {
    for (let l = 0; l < this.keys.length; l++) {
      this.copy(this.keys[l]!, source.keys[l]!, source.stride, copies);
      this.copy(this.values[l]!, source.values[l]!, source.stride, copies);
    }
  }

  private copy(target: Float32Array, data: Float32Array, stride: number, copies: readonly PositionCopy[]): void {
    const { kvHeads: heads, headDim: width } = this.config;
    for (const { from, to, at, count } of copies) {
      for (let h = 0; h < heads; h++) {
        const start = (from * heads + h) * stride * width;
        const place = ((to * heads + h) * this.capacity + at) * width;
        if (target === data) target.copyWithin(place, start, start + count * width);
        else target.set(data.subarray(start, start + count * width), place);
      }
    }
  }
}
