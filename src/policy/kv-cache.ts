import type { LlamaConfig } from './config';

/** Keys and values of the rows being generated: by layer [rows, kvHeads, capacity, headDim] each, a row's positions next to one another. */
export class KvCache {
  readonly keys: Float32Array[];
  readonly values: Float32Array[];
  private readonly heads: number;
  private readonly width: number;

  constructor(
    private readonly config: LlamaConfig,
    readonly rows: number,
    readonly capacity: number,
  ) {
    this.heads = config.kvHeads;
    this.width = config.headDim;
    const make = (): Float32Array[] =>
      Array.from({ length: config.layers }, () => new Float32Array(rows * this.heads * capacity * this.width));
    this.keys = make();
    this.values = make();
  }

  get shape(): number[] {
    return [this.rows, this.heads, this.capacity, this.width];
  }

  /** Copies `count` positions into a row from position `at` on, out of `source` row `from`, whose rows hold `stride` positions. */
  fill(row: number, at: number, source: CacheBlock, from: number, count: number): void {
    const { heads, width } = this;
    const copy = (target: Float32Array, data: Float32Array): void => {
      for (let h = 0; h < heads; h++) {
        const start = (from * heads + h) * source.stride * width;
        target.set(data.subarray(start, start + count * width), ((row * heads + h) * this.capacity + at) * width);
      }
    };
    for (let l = 0; l < this.keys.length; l++) {
      copy(this.keys[l]!, source.keys[l]!);
      copy(this.values[l]!, source.values[l]!);
    }
  }

  /** The given rows with their first `used` positions, in a cache of another size. */
  resized(rows: readonly { row: number; used: number }[], size: number, capacity: number): KvCache {
    const out = new KvCache(this.config, size, capacity);
    const source = { keys: this.keys, values: this.values, stride: this.capacity };
    rows.forEach(({ row, used }, i) => out.fill(i, 0, source, row, used));
    return out;
  }
}

/** Keys and values by layer, [rows, kvHeads, stride, headDim]. */
export interface CacheBlock {
  keys: readonly Float32Array[];
  values: readonly Float32Array[];
  stride: number;
}
