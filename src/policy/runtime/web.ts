/** Runtimes of the browser's worker. */
import { ArrayRuntime, type OrtModule } from './ort';
import { builtModel, loadOrt, usableThreads } from './ort-web';
import { WASM_OPTIONS } from './ort-web-models';
import type { Runtime } from './types';
import { WebGpuRuntime } from './webgpu';

export type WebBackend = 'wasm' | 'webgpu';

/** Begins to fetch and to start what `createWebRuntime` will need. Never throws: that does. */
export function prepareWebRuntime(backend: WebBackend, threads: number): void {
  loadOrt(backend, { threads: backend === 'webgpu' ? 1 : usableThreads(threads) }).catch(() => undefined);
}

/**
 * A runtime on this device. `threads` is lowered to 1 without cross-origin isolation.
 * `strict` (WebGPU): graphs with a node that would run on the CPU are refused.
 * @throws Error where the runtime's files cannot be fetched or WebGPU has no adapter.
 */
export async function createWebRuntime(backend: WebBackend, threads: number, options: { strict?: boolean } = {}): Promise<Runtime> {
  if (backend === 'webgpu') {
    if (!navigator.gpu) throw new Error('This browser has no WebGPU.');
    const ort = (await loadOrt('webgpu', { threads: 1 })) as unknown as OrtModule;
    return WebGpuRuntime.create(ort, navigator.gpu, options);
  }
  const used = usableThreads(threads);
  const ort = (await loadOrt('wasm', { threads: used })) as unknown as OrtModule & { env: { versions: { web?: string } } };
  return new ArrayRuntime(
    ort,
    { name: 'wasm', threads: used, detail: `onnxruntime-web ${ort.env.versions.web ?? ''}`.trim() },
    WASM_OPTIONS,
    false,
    builtModel,
  );
}
