/**
 * Vite plugin: the WASM files of the page's runtime. onnxruntime-web as published, its two product kernels replaced by ours (`src/policy/simd/gemm.ts`), which
 * makes its matrix products 1.6 to 1.9 times as fast; nothing else in it changes. Two files: `virtual:ort-wasm/plain` runs wherever the published one does and
 * gives the same bits, `virtual:ort-wasm/fused` needs relaxed SIMD. The modules' default export is the file's address.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { gemmKernel } from '../../src/policy/simd/gemm.ts';
import { functionCode } from '../../src/policy/simd/module.ts';

export type OrtVariant = 'plain' | 'fused';

/** SHA-256 of the code of MlasGemmFloatKernel's two forms in onnxruntime-web 1.30.0, C = α·A·B and C += α·A·B. They call nothing. */
export const PUBLISHED: Readonly<Record<string, { accumulate: boolean }>> = {
  f7728808b5f87253962b9f639f830459c0961fbc2cd2f8463534e97ae5a7e534: { accumulate: false },
  '9e72cc3a5fb5a445d440bf86c3de4b8bb338ee3773f763c730af6227034c8f08': { accumulate: true },
};

/** Bytes before a module's first section. */
const HEADER = 8;
const CODE_SECTION = 10;

/** Reads LEB128 numbers and runs of bytes from a module. */
class Reader {
  at: number;
  constructor(
    private readonly bytes: Uint8Array,
    at = 0,
  ) {
    this.at = at;
  }
  get done(): boolean {
    return this.at >= this.bytes.length;
  }
  take(length: number): Uint8Array {
    return this.bytes.subarray(this.at, (this.at += length));
  }
  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }
}

function leb(n: number): Uint8Array {
  const out: number[] = [];
  for (; n > 0x7f; n = Math.floor(n / 128)) out.push((n & 0x7f) | 0x80);
  return Uint8Array.from([...out, n]);
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The sections of a module, in order. */
function* sectionsOf(module: Uint8Array): Generator<{ id: number; content: Uint8Array }> {
  const reader = new Reader(module, HEADER);
  while (!reader.done) yield { id: reader.take(1)[0]!, content: reader.take(reader.number()) };
}

function functionsOf(section: Uint8Array): Uint8Array[] {
  const reader = new Reader(section);
  return Array.from({ length: reader.number() }, () => reader.take(reader.number()));
}

/** The functions of a module, each its locals and body. */
export const functionsIn = (module: Uint8Array): Uint8Array[] =>
  [...sectionsOf(module)].filter(({ id }) => id === CODE_SECTION).flatMap(({ content }) => functionsOf(content));

/**
 * The module with our product kernels.
 *
 * @throws if it does not contain both kernels as they are known.
 */
export function withOurProducts(published: Uint8Array, variant: OrtVariant): Uint8Array {
  const missing = new Set(Object.keys(PUBLISHED));
  const replaced = (code: Uint8Array): Uint8Array => {
    const hash = sha256(code);
    const known = PUBLISHED[hash];
    if (!known) return code;
    missing.delete(hash);
    return Uint8Array.from(functionCode(gemmKernel({ ...known, fused: variant === 'fused' })));
  };
  const parts = [published.subarray(0, HEADER)];
  for (const { id, content } of sectionsOf(published)) {
    let pieces = [content];
    if (id === CODE_SECTION) {
      const functions = functionsOf(content).map(replaced);
      pieces = [leb(functions.length), ...functions.flatMap((code) => [leb(code.length), code])];
    }
    parts.push(Uint8Array.of(id), leb(pieces.reduce((sum, piece) => sum + piece.length, 0)), ...pieces);
  }
  if (missing.size > 0)
    throw new Error(
      'This onnxruntime-web has other product kernels than the version that scripts/vite/runtime.ts knows. Install the pinned version, or find the functions of type ' +
        '(i32 × 8, f32) → i32 in the new ort-wasm-simd-threaded.wasm, check them with src/policy/simd/gemm.test.ts, and put their hashes into PUBLISHED.',
    );
  return Buffer.concat(parts);
}

const project = resolve(import.meta.dirname, '../..');
export const publishedFile = (): string =>
  createRequire(join(project, 'package.json')).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');

/** The file of a variant, made where it is not there yet. Its name says what it was made of. */
function fileOf(variant: OrtVariant): string {
  const published = readFileSync(publishedFile());
  const kernels = [false, true].map((accumulate) => Uint8Array.from(functionCode(gemmKernel({ accumulate, fused: variant === 'fused' }))));
  const folder = join(project, 'node_modules/.cache/ort-wasm', sha256(Buffer.concat([published, ...kernels])).slice(0, 16));
  const file = join(folder, `ort-wasm-simd-threaded.${variant}.wasm`);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    // Whole or not at all, also where two builds run at once.
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, withOurProducts(published, variant));
    renameSync(unfinished, file);
  }
  return file;
}

const ID = /^virtual:ort-wasm\/(plain|fused)$/;

export const ortWasm = (): Plugin => ({
  name: 'ort-wasm',
  resolveId: {
    filter: { id: ID },
    handler: (id) => `${fileOf(ID.exec(id)![1] as OrtVariant)}?url`,
  },
});
