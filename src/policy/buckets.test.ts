import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIXED_SHAPES, microBatches, OPEN_SHAPES, paddingShare, TARGET_POSITIONS, type MicroBatch } from './buckets';

const lengths = fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 80 });
const rules = fc.constantFrom(OPEN_SHAPES, FIXED_SHAPES);
const cost = (batches: readonly MicroBatch[], run: number): number => batches.reduce((sum, b) => sum + b.batch * b.length + run, 0);

describe('micro-batches', () => {
  it('hold each sequence once, in shapes of the rule that it fits, and no more than asked for', () => {
    fc.assert(
      fc.property(lengths, rules, (all, rule) => {
        const batches = microBatches(all, rule);
        expect(batches.flatMap((b) => b.rows).sort((a, b) => a - b)).toEqual(all.map((_, i) => i));
        for (const { rows, batch, length } of batches) {
          expect(Math.max(...rows.map((r) => all[r]!))).toBeLessThanOrEqual(length);
          expect([length % rule.lengthStep, batch]).toEqual([0, rule.rows(rows.length)]);
          if (rows.length > 1) expect(batch * length).toBeLessThanOrEqual(TARGET_POSITIONS);
        }
        expect(microBatches([...all], rule)).toEqual(batches);
      }),
    );
  });

  it('cost no more than any other way to cut the sequences in their order', () => {
    const short = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(short, rules, (all, rule) => {
        const sorted = [...all].sort((a, b) => b - a);
        let least = Infinity;
        for (let cuts = 0; cuts < 2 ** (sorted.length - 1); cuts++) {
          const groups: number[][] = [[]];
          sorted.forEach((n, i) => (i > 0 && (cuts >> (i - 1)) & 1 ? groups.push([n]) : groups[groups.length - 1]!.push(n)));
          const cut = groups.map((g) => ({
            rows: g,
            batch: rule.rows(g.length),
            length: Math.ceil(g[0]! / rule.lengthStep) * rule.lengthStep,
          }));
          if (cut.every((b) => b.rows.length === 1 || b.batch * b.length <= TARGET_POSITIONS))
            least = Math.min(least, cost(cut, rule.runCost));
        }
        expect(cost(microBatches(all, rule), rule.runCost)).toBe(least);
      }),
      { numRuns: 60 },
    );
  });

  it('know their padding', () => {
    expect(paddingShare([8, 6], [{ rows: [0, 1], batch: 2, length: 8 }])).toBe(1 / 8);
  });
});
