/** Transformers.js on onnxruntime-web's WASM provider, from our own files. */
import { env, type PreTrainedModel } from '@huggingface/transformers';
import glue from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import binary from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import { generate, loadModel, type GenerateJob } from '../peers/transformers';
import { answer } from './rpc';

let model: PreTrainedModel | null = null;

answer({
  /** `models`: address of the folder of policy folders, with a final slash. */
  async load(models: string, name: string, threads: number): Promise<void> {
    const { wasm } = env.backends.onnx;
    if (!wasm) throw new Error('This build of Transformers.js has no WASM backend.');
    const absolute = (url: string): string => new URL(url, location.href).href;
    // The build that Transformers.js itself takes, from here instead of a CDN.
    wasm.wasmPaths = { mjs: absolute(glue), wasm: absolute(binary) };
    wasm.numThreads = threads;
    model = await loadModel(models, name, 'wasm', threads);
  },
  generate(job: GenerateJob) {
    if (!model) throw new Error('load() comes first.');
    return generate(model, job);
  },
});
