/** `backend/*`: sampling and training with the bundled policy in Chromium on WASM beside onnxruntime-node with as many threads. */
import { alternate, figure, settle, type Context, type Row } from '../row';
import { ourSide, type Side } from '../side';
import { MAX_NEW_TOKENS, prompts, squareBatch } from '../workload';

/** Useful tokens a second. */
async function sampling({ quick }: Context, side: Side): Promise<number> {
  const job = quick ? { prompts: prompts(2), k: 2, maxNewTokens: 8 } : { prompts: prompts(32), k: 8, maxNewTokens: MAX_NEW_TOKENS };
  const { tokens, seconds } = await side.sample({ ...job, seed: 1 });
  return tokens / seconds;
}

/** Positions a second through forward, backward and AdamW. */
async function training({ quick }: Context, side: Side): Promise<number> {
  const batch = quick ? squareBatch(2, 16) : squareBatch(16, 128);
  const { positions, seconds } = await side.train(batch, { objective: 'dft', learningRate: 1e-5 }, quick ? 1 : 3);
  return positions / seconds;
}

const row = (what: 'sample' | 'train', threads: number): Row => ({
  name: `backend/${what}-${threads}`,
  backend: 'wasm',
  threads,
  unit: what === 'sample' ? 'tokens/s' : 'positions/s',
  better: 'more',
  peer: `onnxruntime-node, ${threads} thread${threads === 1 ? '' : 's'}`,
  async measure(context) {
    const rate = what === 'sample' ? sampling : training;
    const [wasm, node] = [await ourSide(context, { backend: 'wasm', threads }), await ourSide(context, { backend: 'node', threads })];
    try {
      // Sessions are built and warm.
      const first = [await rate(context, wasm), await rate(context, node)];
      await settle(context, () => rate(context, wasm));
      const values = await alternate(context, { ours: () => rate(context, wasm), peer: () => rate(context, node) });
      return { ...values, notes: [`the first time, with building sessions: WASM ${figure(first[0]!)}, node ${figure(first[1]!)}`] };
    } finally {
      await wasm.close();
      await node.close();
    }
  },
});

export const BACKEND: Row[] = (['sample', 'train'] as const).flatMap((what) => [row(what, 1), row(what, 2)]);
