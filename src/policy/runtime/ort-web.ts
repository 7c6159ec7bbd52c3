/**
 * onnxruntime-web in a module worker, from our own origin.
 *
 * Two bundles: `wasm` (14 MB, CPU only) is what everything starts on; `webgpu` (27 MB, the native WebGPU provider, which also brings
 * its own CPU provider) is fetched when it is chosen. Each is a world of its own: sessions and tensors of one cannot be used with the other.
 *
 * The package is resolved with the condition `onnxruntime-web-use-extern-wasm` (vite.config.ts), so that the JavaScript bundle does not
 * carry the glue that starts threads; glue and WASM are files of ours, found relative to the built chunk wherever the page is served. The CPU
 * bundle's WASM is onnxruntime's with faster products (scripts/vite/runtime.ts), in two variants, and begins from an image of itself (`ort-web-glue.ts`).
 */
import { fusesMultiplyAdd } from '../simd/support';
import wasmImage from 'virtual:ort-image';
import wasmGlue from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import fusedBinary from 'virtual:ort-wasm/fused';
import plainBinary from 'virtual:ort-wasm/plain';
import webgpuGlue from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import webgpuBinary from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import type { OrtGlue } from './ort-web-glue';
import { SMALLEST, SMALLEST_NAME, WASM_OPTIONS } from './ort-web-models';

export type OrtWeb = typeof import('onnxruntime-web');
export type OrtKind = 'wasm' | 'webgpu';

export interface OrtWebOptions {
  /** Threads of the CPU provider; more than 1 needs cross-origin isolation and is lowered to 1 without it. Fixed by the first load of a kind. */
  threads?: number;
  /** The address of another WASM file of the `wasm` bundle than ours: the bench compares. */
  binary?: string;
}

/** What stands for the models of the image that the CPU bundle begins from. */
let builtIn: (name: string) => Uint8Array | null = () => null;
/** What the CPU bundle, once it is loaded, takes for the model of a graph whose session it came with; null for any other graph. */
export const builtModel = (name: string): Uint8Array | null => builtIn(name);

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

async function load(kind: OrtKind, { threads = 1, binary }: OrtWebOptions): Promise<OrtWeb> {
  // Absolute, because the runtime resolves relative paths against its own chunk.
  const absolute = (url: string): string => new URL(url, globalThis.location.href).href;
  const paths =
    kind === 'wasm'
      ? { mjs: absolute(wasmGlue), wasm: absolute(binary ?? (fusesMultiplyAdd() ? fusedBinary : plainBinary)) }
      : { mjs: absolute(webgpuGlue), wasm: absolute(webgpuBinary) };
  // All at once: the runtime would ask for each when it has the one before. What fails here fails again when it does, and is said then.
  const compile = (url: string): Promise<WebAssembly.Module | null> => WebAssembly.compileStreaming(fetch(url)).catch(() => null);
  const compiled = kind === 'wasm' ? compile(paths.wasm) : null;
  const image = kind === 'wasm' && wasmImage !== null && usableThreads(threads) === 1 ? compile(absolute(wasmImage)) : null;
  const glue = import(/* @vite-ignore */ paths.mjs) as Promise<{ default: OrtGlue }>;
  glue.catch(() => undefined);
  const ort = kind === 'wasm' ? await import('onnxruntime-web/wasm') : await import('onnxruntime-web/webgpu');
  ort.env.wasm.wasmPaths = paths;
  ort.env.wasm.numThreads = usableThreads(threads);
  // Already in a worker of ours: a proxy would only copy every tensor once more.
  ort.env.wasm.proxy = false;
  const wasm = await compiled;
  if (wasm) {
    const { default: ours } = await import('./ort-web-glue');
    ours.use({ glue, wasm, image: await image });
    ort.env.wasm.wasmPaths = { ...paths, mjs: ours.address };
    builtIn = ours.built;
  }
  if (kind === 'wasm') await ort.InferenceSession.create(builtModel(SMALLEST_NAME) ?? SMALLEST, WASM_OPTIONS);
  return ort;
}
