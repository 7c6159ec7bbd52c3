/** The bench's page: holds a worker for each side of a pair, and passes calls on to them. Driven by ../chromium.ts. */
import { Remote } from './rpc';

const WORKERS = {
  ours: () => new Worker(new URL('./ours.worker.ts', import.meta.url), { type: 'module' }),
  products: () => new Worker(new URL('./products.worker.ts', import.meta.url), { type: 'module' }),
  transformers: () => new Worker(new URL('./transformers.worker.ts', import.meta.url), { type: 'module' }),
  storage: () => new Worker(new URL('./storage.worker.ts', import.meta.url), { type: 'module' }),
  jax: () => new Worker(new URL('./jax.worker.ts', import.meta.url), { type: 'module' }),
  tfjs: () => new Worker(new URL('./tfjs.worker.ts', import.meta.url), { type: 'module' }),
};
export type WorkerName = keyof typeof WORKERS;

const open = new Map<number, Remote>();
let next = 0;

const bench = {
  open(name: WorkerName): number {
    open.set(++next, new Remote(WORKERS[name]()));
    return next;
  },
  call: (worker: number, method: string, args: unknown[]): Promise<unknown> => open.get(worker)!.call(method, args),
  close(worker: number): void {
    open.get(worker)?.close();
    open.delete(worker);
  },
};
export type BenchGlobal = typeof bench;
(globalThis as unknown as { bench: BenchGlobal }).bench = bench;
