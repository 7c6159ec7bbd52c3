import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KvCache } from './kv-cache';
import { MICRO } from './testing/micro';

const { layers, kvHeads, headDim } = MICRO;

/** A block of one position whose values tell what they are. */
function block(row: number, position: number, rows: number): { keys: Float32Array[]; values: Float32Array[]; stride: number } {
  const make = (sign: number): Float32Array[] =>
    Array.from({ length: layers }, (_, l) => {
      const data = new Float32Array(rows * kvHeads * headDim);
      for (let h = 0; h < kvHeads; h++)
        data.fill(sign * (1000 * row + 10 * position + h + l / 10), (row * kvHeads + h) * headDim, (row * kvHeads + h + 1) * headDim);
      return data;
    });
  return { keys: make(1), values: make(-1), stride: 1 };
}

describe('the KV cache', () => {
  it('keeps each row’s positions through any growing, shrinking and moving', () => {
    const action = fc.oneof(
      fc.record({ type: fc.constant('append' as const), row: fc.nat(4) }),
      fc.record({ type: fc.constant('capacity' as const), extra: fc.nat(9) }),
      fc.record({ type: fc.constant('drop' as const), row: fc.nat(4) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const cache = new KvCache(MICRO);
        // What each row ought to hold: which (row, position) each of its positions was filled as.
        let rows: [number, number][][] = Array.from({ length: 5 }, () => []);
        const longest = (): number => Math.max(1, ...rows.map((r) => r.length));
        cache.resize(5, 1, 0);
        for (const a of actions) {
          if (a.type === 'append') {
            const row = rows[a.row];
            if (!row) continue;
            if (row.length === cache.stride) cache.resize(5, cache.stride + 3, rows.length);
            const at = row.length;
            cache.fill(block(a.row, at, 5), [{ from: a.row, to: a.row, at, count: 1 }]);
            row.push([a.row, at]);
          } else if (a.type === 'capacity') cache.resize(5, longest() + a.extra, rows.length);
          else if (rows.length > 1 && rows[a.row]) {
            const staying = rows.flatMap((_, i) => (i === a.row ? [] : [i]));
            cache.fill(
              cache,
              staying.map((from, to) => ({ from, to, at: 0, count: rows[from]!.length })),
            );
            rows = staying.map((i) => rows[i]!);
          }
        }
        rows.forEach((row, r) =>
          row.forEach(([wasRow, wasAt], at) => {
            for (let l = 0; l < layers; l++) {
              for (let h = 0; h < kvHeads; h++) {
                const index = ((r * kvHeads + h) * cache.stride + at) * headDim;
                const expected = Math.fround(1000 * wasRow + 10 * wasAt + h + l / 10);
                expect(cache.view('keys', l)[index]).toBe(expected);
                expect(cache.view('values', l)[index + headDim - 1]).toBe(-expected);
              }
            }
          }),
        );
      }),
    );
  });
});
