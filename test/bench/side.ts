/** Our engine behind one interface, wherever it runs, so that a row is written once for Node and for the browser. */
import type { LlamaConfig } from '../../src/policy/config';
import type { SampleJob, SampleRun, StepRun, StepSettings, TrainBatch } from './engine';
import { createNodeRuntime } from '../../src/policy/runtime/node';
import { nodeEngine } from './node';
import { gemmRate, stepProducts, type Passes } from './products';
import type { Context } from './row';
import type { BenchPage, Remote } from './chromium';

export interface Where {
  backend: 'node' | 'wasm' | 'webgpu';
  threads: number;
  /** WASM on one thread only: onnxruntime's file with its own products. */
  asPublished?: boolean;
}

export interface Side {
  /** Null in Node. */
  page: BenchPage | null;
  /** The worker that holds the engine; null in Node. */
  worker: Remote | null;
  config: LlamaConfig;
  /** Runtime or adapter. */
  detail: string;
  sample(job: SampleJob): Promise<SampleRun>;
  reset(): Promise<void>;
  train(batch: TrainBatch, settings: StepSettings, steps: number): Promise<StepRun>;
  gemmRate(size: number, tries: number): Promise<number>;
  /** GFLOP/s of the matrix products alone of a step on so many positions: with all threads in one session, and in a session each at once. */
  stepProducts(positions: number, tries: number, passes?: Passes): Promise<{ together: number; apart: number }>;
  close(): Promise<void>;
}

const sum = async (rates: Promise<number>[]): Promise<number> => (await Promise.all(rates)).reduce((a, b) => a + b, 0);

/**
 * The bundled policy, or random weights of an architecture.
 * @throws Error where fewer threads are to be had than asked for.
 */
export async function ourSide(
  context: Context,
  { backend, threads, asPublished = false }: Where,
  random: LlamaConfig | null = null,
): Promise<Side> {
  if (backend === 'node') {
    const engine = await nodeEngine(threads, random);
    // Its threads may spin: the bench has the machine to itself.
    const products = createNodeRuntime(threads, { spinning: true });
    const single = createNodeRuntime(1);
    return {
      page: null,
      worker: null,
      config: engine.config,
      detail: engine.policy.backend.detail,
      sample: (job) => engine.sample(job),
      reset: () => engine.reset(),
      train: (...args) => engine.train(...args),
      gemmRate: (...args) => gemmRate(products, ...args),
      stepProducts: async (...args) => ({
        together: await stepProducts(products, engine.config, ...args),
        // As if no thread disturbed another: a run holds up this thread until it ends, so two cannot be timed at once from here.
        apart: threads * (await stepProducts(single, engine.config, ...args)),
      }),
      close: () => engine.dispose(),
    };
  }
  const page = await context.open({ webgpu: backend === 'webgpu' });
  try {
    const worker = await page.worker('ours');
    let products: Remote | null = null;
    const singles: Remote[] = [];
    const [method, what] = random ? ['loadRandom', random] : ['load', `${page.url}models/base/`];
    const loaded = await worker.call<{ threads: number; detail: string }>(method, what, backend, threads, asPublished);
    const config = await worker.call<LlamaConfig>('config');
    if (loaded.threads !== threads) throw new Error(`${threads} threads were asked for, ${loaded.threads} are there.`);
    return {
      page,
      worker,
      config,
      detail: loaded.detail,
      sample: (job) => worker.call('sample', job),
      reset: () => worker.call('reset'),
      train: (...args) => worker.call('train', ...args),
      gemmRate: async (...args) => {
        products ??= await page.worker('products');
        return products.call('gemmRate', backend, threads, ...args);
      },
      stepProducts: async (...args) => {
        products ??= await page.worker('products');
        while (singles.length < threads) singles.push(await page.worker('products'));
        return {
          together: await products.call<number>('stepProducts', backend, threads, config, ...args),
          apart: await sum(singles.map((one) => one.call<number>('stepProducts', backend, 1, config, ...args))),
        };
      },
      close: () => page.close(),
    };
  } catch (error) {
    await page.close();
    throw error;
  }
}
