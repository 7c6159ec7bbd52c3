/**
 * `node --import tsx scripts/vite/testing/sample-on-wasm.ts [IMAGE]`: a few answers of the bundled policy on the page's runtime, in Node, begun from an image or
 * by itself. Prints them with the number of sessions that were built.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadPolicyFolder, POLICY_FILES } from '../../../src/policy/folder';
import { ArrayRuntime } from '../../../src/policy/runtime/ort';
import ours, { type OrtGlue } from '../../../src/policy/runtime/ort-web-glue';
import { SMALLEST, SMALLEST_NAME, WASM_OPTIONS } from '../../../src/policy/runtime/ort-web-models';

const project = resolve(import.meta.dirname, '../../..');
const packaged = (name: string): string => createRequire(resolve(project, 'package.json')).resolve(`onnxruntime-web/${name}`);
const compile = (file: string): Promise<WebAssembly.Module> => WebAssembly.compile(readFileSync(file));

let built = 0;
const glue: OrtGlue = async (config) => {
  const { default: packages } = (await import(pathToFileURL(packaged('ort-wasm-simd-threaded.mjs')).href)) as { default: OrtGlue };
  const module = await packages(config);
  const create = module._OrtCreateSession;
  module._OrtCreateSession = (...args) => (built++, create(...args));
  return module;
};
const [image] = process.argv.slice(2);
ours.use({
  glue: Promise.resolve({ default: glue }),
  wasm: await compile(packaged('ort-wasm-simd-threaded.wasm')),
  image: image ? await compile(image) : null,
});
const ort = (await import(
  pathToFileURL(packaged('wasm').replace(/[^/\\]+$/, 'ort.wasm.min.mjs')).href
)) as typeof import('onnxruntime-web');
ort.env.wasm.wasmPaths = { mjs: ours.address, wasm: ours.address };
ort.env.wasm.numThreads = 1;
await ort.InferenceSession.create(ours.built(SMALLEST_NAME) ?? SMALLEST, WASM_OPTIONS);

const files = new Map(POLICY_FILES.map((name) => [name, new Uint8Array(readFileSync(resolve(project, 'static-models/base', name)))]));
const runtime = new ArrayRuntime(ort, { name: 'wasm', threads: 1, detail: '' }, WASM_OPTIONS, false, ours.built);
const policy = await loadPolicyFolder(files, runtime, 'base');
const prompts = ['2 + 3', 'What is 17 times 4?', 'Find the sum of all odd numbers between one and a hundred.'].map((content) => ({
  key: content,
  tokens: policy.tokenizer.encode(policy.tokenizer.renderChat([{ role: 'user', content }])),
}));
const answers = [];
for await (const { key, tokens, logProbs } of policy.sample({
  prompts,
  n: 1,
  temperature: 1,
  topP: 1,
  seed: 3,
  purpose: 'image',
  maxNewTokens: 40,
}))
  answers.push({ key, tokens: [...tokens], logProbs: [...logProbs] });
process.stdout.write(JSON.stringify({ answers, built }));
