/**
 * `node --import tsx scripts/vite/make-ort-image.ts FILE`: starts the page's runtime, builds the sessions of a first answer of the bundled policy, and writes
 * what then lies in its memory as a WebAssembly module of nothing but data: instantiated with a memory, it puts the data there. Hosts compress it as they do WASM.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseConfig } from '../../src/policy/config';
import { blockKey, openBlock } from '../../src/policy/decode-block';
import { openPrefill, PREFILL } from '../../src/policy/prompt-cache';
import ours, { type ImageSessions, type OrtGlue } from '../../src/policy/runtime/ort-web-glue';
import { SMALLEST, SMALLEST_NAME, WASM_OPTIONS } from '../../src/policy/runtime/ort-web-models';
import { BLOCK_STEPS } from '../../src/policy/sampler';
import { graphName } from '../../src/policy/sessions';

const project = resolve(import.meta.dirname, '../..');
const packaged = (name: string): string => createRequire(join(project, 'package.json')).resolve(`onnxruntime-web/${name}`);

/** The glue, with notes of the memory and of each session. */
const noted: { memory?: WebAssembly.Memory; before?: Uint8Array; handles: number[] } = { handles: [] };
const glue: OrtGlue = async (config) => {
  const { default: packages } = (await import(pathToFileURL(packaged('ort-wasm-simd-threaded.mjs')).href)) as { default: OrtGlue };
  const module = await packages({
    ...config,
    instantiateWasm(imports, done) {
      noted.memory = Object.values(Object.values(imports)[0]!).find((one) => one instanceof WebAssembly.Memory);
      return config.instantiateWasm!(imports, done);
    },
  });
  noted.before = new Uint8Array(noted.memory!.buffer).slice();
  const create = module._OrtCreateSession;
  module._OrtCreateSession = (...args) => {
    const handle = create(...args);
    noted.handles.push(handle);
    return handle;
  };
  return module;
};

const ort = (await import(
  pathToFileURL(packaged('wasm').replace(/[^/\\]+$/, 'ort.wasm.min.mjs')).href
)) as typeof import('onnxruntime-web');
const wasm = await WebAssembly.compile(readFileSync(packaged('ort-wasm-simd-threaded.wasm')));
ours.use({ glue: Promise.resolve({ default: glue }), wasm, image: null });
ort.env.wasm.wasmPaths = { mjs: ours.address, wasm: ours.address };
ort.env.wasm.numThreads = 1;

const config = parseConfig(JSON.parse(readFileSync(join(project, 'static-models/base/config.json'), 'utf8')));
const options = { kernels: 'fused', layout: 'views' } as const;
const steps = BLOCK_STEPS.fused;
const models = new Map([
  [SMALLEST_NAME, SMALLEST],
  [graphName(PREFILL, config), openPrefill(config, options)],
  [graphName(blockKey(steps, 'unit', false), config), openBlock(config, steps, 'unit', false, options)],
]);
for (const model of models.values()) await ort.InferenceSession.create(model, WASM_OPTIONS);
const names = [...models.keys()];
const file = process.argv[2]!;
// Whole or not at all.
writeFileSync(`${file}.${process.pid}`, imageOf(new Uint8Array(noted.memory!.buffer), noted.before!));
renameSync(`${file}.${process.pid}`, file);

/** Every page that is not zero, or was not: whatever a memory holds at the runtime's start, it then holds the image. */
function imageOf(memory: Uint8Array, before: Uint8Array): Uint8Array {
  const page = 4096;
  const used = (at: number): boolean => [memory, before].some((bytes) => bytes.subarray(at, at + page).some((byte) => byte !== 0));
  const segments: Uint8Array[] = [];
  for (let from = 0; from < memory.length; from += page) {
    if (!used(from)) continue;
    let end = from + page;
    while (end < memory.length && used(end)) end += page;
    segments.push(Buffer.concat([Uint8Array.of(0, 0x41), signed(from), Uint8Array.of(0x0b), leb(end - from), memory.subarray(from, end)]));
    from = end - page;
  }
  const built: ImageSessions = noted.handles.map((handle, i) => [handle, names[i]!]);
  const head = Buffer.from(JSON.stringify({ bytes: memory.length, built }));
  // A shared memory of at least the pages that the image needs, and at most 4 GiB.
  const imported = [Uint8Array.of(1), name('runtime'), name('memory'), Uint8Array.of(2, 3), leb(memory.length / 2 ** 16), leb(2 ** 16)];
  return Buffer.concat([
    Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
    section(0, name('sessions'), head),
    section(2, ...imported),
    section(11, leb(segments.length), ...segments),
  ]);
}

function section(id: number, ...parts: Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  return Buffer.concat([Uint8Array.of(id), leb(content.length), content]);
}
function name(text: string): Uint8Array {
  return Uint8Array.of(text.length, ...Buffer.from(text));
}
function leb(n: number): Uint8Array {
  return n > 0x7f ? Uint8Array.of((n & 0x7f) | 0x80, ...leb(Math.floor(n / 128))) : Uint8Array.of(n);
}
/** LEB128 of a number that has a sign, for addresses below 2 GiB. */
function signed(n: number): Uint8Array {
  return n > 0x3f ? Uint8Array.of((n & 0x7f) | 0x80, ...signed(n >>> 7)) : Uint8Array.of(n);
}
