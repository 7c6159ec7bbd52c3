/** `lever/train-padding`: what packing several examples into one row could give at most: no padding, and attention no longer for it. */
import { microBatches, OPEN_SHAPES } from '../../../src/policy/buckets';
import { createNodeRuntime } from '../../../src/policy/runtime/node';
import type { TrainBatch } from '../engine';
import { bundledEngine } from '../node';
import { alternate, type Row } from '../row';
import { raggedBatch } from '../workload';

/** The examples of `raggedBatch`, those of a micro-batch cut or filled up to one length: as many positions, to be computed without padding. */
function evenBatch(size: number): TrainBatch {
  const { examples } = raggedBatch(size);
  const lengths = examples.map((e) => e.ids.length - 1);
  const even = microBatches(lengths).flatMap(({ rows }) => {
    const mean = rows.reduce((sum, r) => sum + lengths[r]!, 0) / rows.length;
    const length = Math.round(mean / OPEN_SHAPES.lengthStep) * OPEN_SHAPES.lengthStep;
    return rows.map((r) => {
      const { ids, from } = examples[r]!;
      return { ids: Array.from({ length: length + 1 }, (_, i) => ids[i % ids.length]!), from: Math.min(from, length) };
    });
  });
  return { examples: even };
}

export const PADDING: Row = {
  name: 'lever/train-padding',
  backend: 'node',
  threads: 1,
  unit: 'positions/s',
  better: 'more',
  peer: 'without any padding',
  async measure(context) {
    const engine = await bundledEngine(createNodeRuntime(1));
    const rate = async (batch: TrainBatch): Promise<number> => {
      const { positions, seconds } = await engine.train(batch, { objective: 'dft', learningRate: 1e-5 }, context.quick ? 1 : 8);
      return positions / seconds;
    };
    const [ragged, even] = [raggedBatch(context.quick ? 4 : 32), evenBatch(context.quick ? 4 : 32)];
    try {
      await rate(ragged);
      return await alternate(context, { ours: () => rate(ragged), peer: () => rate(even) });
    } finally {
      await engine.dispose();
    }
  },
};
