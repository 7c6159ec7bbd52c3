/** `lever/*-products`: the runtime's WASM file with our matrix products (scripts/vite/runtime.ts) against the file as published, on one thread. */
import { alternate, settle, type Context, type Row } from '../row';
import { ourSide, type Side } from '../side';
import { MAX_NEW_TOKENS, prompts, squareBatch } from '../workload';

const WHERE = { backend: 'wasm', threads: 1 } as const;

const row = (name: string, unit: string, rate: (side: Side, context: Context) => Promise<number>): Row => ({
  name: `lever/${name}`,
  ...WHERE,
  unit,
  better: 'more',
  peer: 'onnxruntime-web as published',
  async measure(context) {
    const [ours, published] = [await ourSide(context, WHERE), await ourSide(context, { ...WHERE, asPublished: true })];
    try {
      await settle(
        context,
        () => rate(ours, context),
        () => rate(published, context),
      );
      return await alternate(context, { ours: () => rate(ours, context), peer: () => rate(published, context) });
    } finally {
      await ours.close();
      await published.close();
    }
  },
});

export const PRODUCTS: Row[] = [
  row('train-products', 'positions/s', async (side, { quick }) => {
    const batch = squareBatch(quick ? 2 : 16, quick ? 16 : 128);
    const { positions, seconds } = await side.train(batch, { objective: 'dft', learningRate: 1e-5 }, quick ? 1 : 3);
    return positions / seconds;
  }),
  row('sample-products', 'useful tokens/s', async (side, { quick }) => {
    const { tokens, seconds } = await side.sample({
      prompts: prompts(quick ? 2 : 16),
      k: quick ? 2 : 16,
      seed: 1,
      maxNewTokens: quick ? 8 : MAX_NEW_TOKENS,
    });
    return tokens / seconds;
  }),
];
