/**
 * Vite plugin: the WASM files of the page's runtime. onnxruntime-web as published, its f32 products replaced by ours (`src/policy/simd/sgemm.ts`, `gemm.ts`), which take
 * half the time; nothing else in it changes. Two files: `virtual:ort-wasm/plain` runs wherever the published one does and gives the same bits,
 * `virtual:ort-wasm/fused` needs relaxed SIMD. The modules' default export is the file's address.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { gemmKernel } from '../../src/policy/simd/gemm.ts';
import { functionCode, type WasmFunction } from '../../src/policy/simd/module.ts';
import { sgemm } from '../../src/policy/simd/sgemm.ts';

export type OrtVariant = 'plain' | 'fused';

/** What is replaced: SHA-256 of its code in onnxruntime-web 1.30.0. */
export const PUBLISHED = {
  /** MlasSgemmOperation: a product on one thread. */
  product: '61620c06d104e6b64ff0c6977d0b91444376be3553d4cb17c4dc7e4e34c2bfee',
  /** Its inner loop, MlasGemmFloatKernel, which others call too: C = α·A·B and C += α·A·B. It calls nothing. */
  set: 'f7728808b5f87253962b9f639f830459c0961fbc2cd2f8463534e97ae5a7e534',
  add: '9e72cc3a5fb5a445d440bf86c3de4b8bb338ee3773f763c730af6227034c8f08',
} as const;
/** The global that holds the stack's end, as in all modules of this compiler. */
const STACK = 0;

/** Bytes before a module's first section. */
const HEADER = 8;
export const SECTION = { imports: 2, functions: 3, code: 10 } as const;

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
export function* sectionsOf(module: Uint8Array): Generator<{ id: number; content: Uint8Array }> {
  const reader = new Reader(module, HEADER);
  while (!reader.done) yield { id: reader.take(1)[0]!, content: reader.take(reader.number()) };
}

/** A section that is a list. */
function itemsOf<T>(section: Uint8Array, item: (reader: Reader) => T): T[] {
  const reader = new Reader(section);
  return Array.from({ length: reader.number() }, () => item(reader));
}

/** How many functions are imported: they are numbered before the module's own. */
function importedFunctions(section: Uint8Array): number {
  const [FUNCTION, TABLE, MEMORY, GLOBAL] = [0, 1, 2, 3];
  const kinds = itemsOf(section, (reader) => {
    reader.take(reader.number());
    reader.take(reader.number());
    const kind = reader.number();
    if (kind === FUNCTION) reader.number();
    if (kind === TABLE || kind === GLOBAL) reader.take(1);
    if (kind === GLOBAL) reader.take(1);
    // Limits: the first bit says whether there is an upper one.
    if ((kind === TABLE || kind === MEMORY) && reader.number() % 2 === 1) reader.number();
    if (kind === TABLE || kind === MEMORY) reader.number();
    return kind;
  });
  return kinds.filter((kind) => kind === FUNCTION).length;
}

/** The functions of a module, each its locals and body. */
export const functionsIn = (module: Uint8Array): Uint8Array[] =>
  [...sectionsOf(module)]
    .filter(({ id }) => id === SECTION.code)
    .flatMap(({ content }) => itemsOf(content, (reader) => reader.take(reader.number())));

/**
 * The module with our product kernels.
 *
 * @throws if it does not contain all three as they are known.
 */
export function withOurProducts(published: Uint8Array, variant: OrtVariant): Uint8Array {
  const sections = [...sectionsOf(published)];
  const content = (id: number): Uint8Array => sections.find((section) => section.id === id)?.content ?? new Uint8Array();
  const functions = functionsIn(published);
  const imported = importedFunctions(content(SECTION.imports));
  const typesOf = itemsOf(content(SECTION.functions), (reader) => reader.number());
  const index = (name: keyof typeof PUBLISHED): number => {
    const found = functions.findIndex((code) => sha256(code) === PUBLISHED[name]);
    if (found >= 0) return found;
    throw new Error(
      'This onnxruntime-web has other products than the version that scripts/vite/runtime.ts knows. Install the pinned version, or find MlasSgemmOperation, of type ' +
        '(i32 × 5, f32, i32 × 4, f32, i32 × 2) → (), and the two functions (i32 × 8, f32) → i32 that it calls in the new ort-wasm-simd-threaded.wasm, and put the hashes of ' +
        'their code into PUBLISHED; the tests beside this file and src/policy/simd/gemm.ts compare them with ours.',
    );
  };
  const at = { product: index('product'), set: index('set'), add: index('add') };
  const fused = variant === 'fused';
  const code = (f: WasmFunction): Uint8Array => Uint8Array.from(functionCode(f));
  const now = functions.slice();
  now[at.set] = code(gemmKernel({ accumulate: false, fused }));
  now[at.add] = code(gemmKernel({ accumulate: true, fused }));
  // For a transposed A, behind all others, so that no number changes.
  const columns = { set: imported + now.push(code(gemmKernel({ accumulate: false, fused, byColumns: true }))) - 1, add: 0 };
  columns.add = imported + now.push(code(gemmKernel({ accumulate: true, fused, byColumns: true }))) - 1;
  now[at.product] = code(sgemm({ stack: STACK, rows: { set: imported + at.set, add: imported + at.add }, columns }));

  const types = [...typesOf, typesOf[at.set]!, typesOf[at.add]!];
  const pieces: Record<number, Uint8Array[]> = {
    [SECTION.functions]: [leb(types.length), ...types.map(leb)],
    [SECTION.code]: [leb(now.length), ...now.flatMap((one) => [leb(one.length), one])],
  };
  return Buffer.concat([
    published.subarray(0, HEADER),
    ...sections.flatMap(({ id, content }) => {
      const body = pieces[id] ?? [content];
      return [Uint8Array.of(id), leb(body.reduce((sum, piece) => sum + piece.length, 0)), ...body];
    }),
  ]);
}

const project = resolve(import.meta.dirname, '../..');
export const publishedFile = (): string =>
  createRequire(join(project, 'package.json')).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');

/** The file of a variant, made where it is not there yet. Its name says what it was made of. */
function fileOf(variant: OrtVariant): string {
  const published = readFileSync(publishedFile());
  // Making it takes less than a second, so it is made to be compared.
  const made = withOurProducts(published, variant);
  const folder = join(project, 'node_modules/.cache/ort-wasm', sha256(made).slice(0, 16));
  const file = join(folder, `ort-wasm-simd-threaded.${variant}.wasm`);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    // Whole or not at all, also where two builds run at once.
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, made);
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
