/** Large products on a browser backend, in a session of so many threads. */
import { createWebRuntime, type WebBackend } from '../../../src/policy/runtime/web';
import type { Runtime } from '../../../src/policy/runtime/types';
import type { LlamaConfig } from '../../../src/policy/config';
import { gemmRate, stepProducts, type Passes } from '../products';
import { answer } from './rpc';

let runtime: Runtime | null = null;
answer({
  async gemmRate(backend: WebBackend, threads: number, size: number, tries: number): Promise<number> {
    runtime ??= await createWebRuntime(backend, threads);
    return gemmRate(runtime, size, tries);
  },
  async stepProducts(
    backend: WebBackend,
    threads: number,
    config: LlamaConfig,
    positions: number,
    tries: number,
    passes?: Passes,
  ): Promise<number> {
    runtime ??= await createWebRuntime(backend, threads);
    return stepProducts(runtime, config, positions, tries, passes);
  },
});
