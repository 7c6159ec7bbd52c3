/**
 * onnxruntime-web in a module worker, from our own origin.
 *
 * Two bundles: `wasm` (14 MB, CPU only) is what everything starts on; `webgpu` (27 MB, the native WebGPU provider, which also brings
 * its own CPU provider) is fetched when it is chosen. Each is a world of its own: sessions and tensors of one cannot be used with the other.
 *
 * The package is resolved with the condition `onnxruntime-web-use-extern-wasm` (vite.config.ts), so that the JavaScript bundle does not
 * carry the glue that starts threads; glue and WASM are files of ours, found relative to the built chunk wherever the page is served.
 */
import { encode, input, neg } from '../../tensor';
import wasmGlue from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasmBinary from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import webgpuGlue from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import webgpuBinary from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';

export type OrtWeb = typeof import('onnxruntime-web');
export type OrtKind = 'wasm' | 'webgpu';

export interface OrtWebOptions {
  /** Threads of the CPU provider; more than 1 needs cross-origin isolation and is lowered to 1 without it. Fixed by the first load of a kind. */
  threads?: number;
}

const loading = new Map<OrtKind, Promise<OrtWeb>>();

/** Threads that onnxruntime-web can use here. */
export function usableThreads(wanted: number): number {
  return globalThis.crossOriginIsolated ? Math.max(1, Math.floor(wanted)) : 1;
}

/**
 * The runtime of this kind, loaded at most once a worker: `wasm` whole, its WASM file fetched and compiled and its threads started; `webgpu`
 * as far as the bundle, since what its WASM file is started with belongs to a device, and creating the first session does the rest.
 * Create sessions one after the other.
 *
 * @throws if a file cannot be fetched; a later call tries again.
 */
export function loadOrt(kind: OrtKind, options: OrtWebOptions = {}): Promise<OrtWeb> {
  let promise = loading.get(kind);
  if (!promise) {
    promise = load(kind, options);
    loading.set(kind, promise);
    promise.catch(() => loading.delete(kind));
  }
  return promise;
}

async function load(kind: OrtKind, { threads = 1 }: OrtWebOptions): Promise<OrtWeb> {
  const ort = kind === 'wasm' ? await import('onnxruntime-web/wasm') : await import('onnxruntime-web/webgpu');
  // Absolute, because the runtime resolves relative paths against its own chunk.
  const absolute = (url: string): string => new URL(url, globalThis.location.href).href;
  ort.env.wasm.wasmPaths =
    kind === 'wasm' ? { mjs: absolute(wasmGlue), wasm: absolute(wasmBinary) } : { mjs: absolute(webgpuGlue), wasm: absolute(webgpuBinary) };
  ort.env.wasm.numThreads = usableThreads(threads);
  // Already in a worker of ours: a proxy would only copy every tensor once more.
  ort.env.wasm.proxy = false;
  if (kind === 'wasm') await start(ort);
  return ort;
}

/** There is no call for it: the first session makes the runtime ready. */
async function start(ort: OrtWeb): Promise<void> {
  const smallest = encode({ y: neg(input('x', [1], 'f32')) });
  const session = await ort.InferenceSession.create(smallest, { executionProviders: ['wasm'] });
  await session.release();
}
