/** `lever/*-replicas`: two threads as two replicas of the policy, against two threads inside one session (which may spin), on onnxruntime-node. */
import { bundledEngine } from '../node';
import { createNodeRuntime } from '../../../src/policy/runtime/node';
import { nodeReplicas } from '../../../src/policy/runtime/node-replicas';
import type { Engine } from '../engine';
import { alternate, type Context, type Row } from '../row';
import { MAX_NEW_TOKENS, prompts, squareBatch } from '../workload';

const THREADS = 2;

const row = (name: string, unit: string, rate: (engine: Engine, context: Context) => Promise<number>): Row => ({
  name: `lever/${name}`,
  backend: 'node',
  threads: THREADS,
  unit,
  better: 'more',
  peer: 'two threads in one session',
  async measure(context) {
    const ours = await bundledEngine(createNodeRuntime(1), nodeReplicas(THREADS));
    const other = await bundledEngine(createNodeRuntime(THREADS, { spinning: true }));
    try {
      for (const engine of [ours, other]) await rate(engine, context);
      return await alternate(context, { ours: () => rate(ours, context), peer: () => rate(other, context) });
    } finally {
      await ours.dispose();
      await other.dispose();
    }
  },
});

export const REPLICAS: Row[] = [
  row('train-replicas', 'positions/s', async (engine, { quick }) => {
    const { positions, seconds } = await engine.train(
      squareBatch(16, quick ? 32 : 128),
      { objective: 'dft', learningRate: 1e-5 },
      quick ? 1 : 8,
    );
    return positions / seconds;
  }),
  row('sample-replicas', 'useful tokens/s', async (engine, { quick }) => {
    const { tokens, seconds } = await engine.sample({
      prompts: prompts(quick ? 4 : 32),
      k: 16,
      seed: 1,
      maxNewTokens: quick ? 8 : MAX_NEW_TOKENS,
    });
    return tokens / seconds;
  }),
];
