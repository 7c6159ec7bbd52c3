/** `train/*`: one training step (forward, DFT, backward, clip, AdamW) of the bundled policy on WASM in Chromium, ours against a peer. */
import type { PeerRun } from '../page/trainer';
import type { WorkerName } from '../page/main';
import { alternate, settle, type Row } from '../row';
import { ourSide } from '../side';
import { squareBatch } from '../workload';

const THREADS = 2;
/** Losses after this many steps from the same weights must agree this well: the same computation, not a similar one. */
const [STEPS, AGREEMENT] = [10, 1e-3];

const row = (name: string, worker: WorkerName, peer: string): Row => ({
  name,
  backend: 'wasm',
  threads: THREADS,
  unit: 'positions/s',
  better: 'more',
  peer,
  async measure(context) {
    const { quick, log } = context;
    const batch = quick ? squareBatch(2, 16) : squareBatch(16, 128);
    const positions = batch.examples.reduce((n, e) => n + e.ids.length - 1, 0);
    const settings = { objective: 'dft', learningRate: 3e-4 } as const;
    const side = await ourSide(context, { backend: 'wasm', threads: THREADS });
    try {
      const theirs = await side.page!.worker(worker);
      const detail = await theirs.call<string>('load', `${side.page!.url}models/base/`, batch, settings);
      await side.reset();
      const ours = (await side.train(batch, settings, STEPS)).losses;
      const other = (await theirs.call<PeerRun>('train', STEPS)).losses;
      const apart = Math.max(...ours.map((x, i) => Math.abs(x - other[i]!)));
      log(`${detail}; losses ${ours[0]!.toFixed(5)} … ${ours[STEPS - 1]!.toFixed(5)}, at most ${apart.toExponential(1)} apart`);
      if (!(apart <= AGREEMENT))
        throw new Error(`The losses differ by ${apart.toPrecision(3)}: ours ${ours.join(', ')}; theirs ${other.join(', ')}`);
      const steps = quick ? 1 : 3;
      const ourRate = async (): Promise<number> => positions / (await side.train(batch, settings, steps)).seconds;
      const peerRate = async (): Promise<number> => positions / (await theirs.call<PeerRun>('train', steps)).seconds;
      await settle(context, ourRate, peerRate);
      const values = await alternate(context, { ours: ourRate, peer: peerRate });
      return {
        ...values,
        notes: [
          `${detail}; ${batch.examples.length} × ${positions / batch.examples.length} positions; losses of ${STEPS} steps at most ${apart.toExponential(1)} apart`,
        ],
      };
    } finally {
      await side.close();
    }
  },
});

export const TRAIN: Row[] = [row('train/jax-js', 'jax', 'jax-js'), row('train/tfjs', 'tfjs', 'TensorFlow.js')];
