/**
 * onnxruntime-web's glue, as the runtime imports it: with a WASM file that is compiled already, and with an image of the memory in which the runtime is started
 * and the sessions of a first answer are built (scripts/vite/ort-image.ts). Starting and building take longer than anything else a page needs before its
 * first token, and always end in the same bytes: the WASM file alone decides where everything lies. A chunk of its own, whose address is its default export's.
 */

/** What is used of the module that the glue makes. */
export interface OrtModule {
  HEAPU8: Uint8Array;
  _OrtInit(threads: number, logLevel: number): number;
  _OrtCreateSession(model: number, length: number, options: number): number;
}
export interface OrtConfig {
  numThreads?: number;
  instantiateWasm?(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void): object;
}
export type OrtGlue = (config: OrtConfig) => Promise<OrtModule>;

export interface GlueParts {
  /** The package's. */
  glue: Promise<{ default: OrtGlue }>;
  wasm: WebAssembly.Module;
  /** Null: the runtime starts by itself, and builds each session. */
  image: WebAssembly.Module | null;
}

/** What an image's section 'sessions' says: each session's handle and the length of its model; the models follow one another in the section 'models'. */
export type ImageSessions = readonly (readonly [handle: number, length: number])[];

let parts: GlueParts | null = null;

const start: OrtGlue = async (config) => {
  const { glue, wasm, image } = parts!;
  let memory: WebAssembly.Memory | undefined;
  const make = (await glue).default;
  const module = await new Promise<OrtModule>((resolve, reject) => {
    const instantiateWasm: OrtConfig['instantiateWasm'] = (imports, done) => {
      memory = Object.values(Object.values(imports)[0]!).find((one) => one instanceof WebAssembly.Memory);
      WebAssembly.instantiate(wasm, imports).then((instance) => done(instance, wasm), reject);
      return {};
    };
    make({ ...config, instantiateWasm }).then(resolve, reject);
  });
  // An image is of a runtime with one thread.
  if (image && memory && config.numThreads === 1) await restore(module, memory, image);
  return module;
};

/** `use` comes before the runtime imports `address`, of which it takes the default export: all is in that, since a bundler keeps only what it sees used. */
const glue = Object.assign(start, { address: import.meta.url, use: (given: GlueParts): void => void (parts = given) });
export default glue;

/** @throws only where the image is of another runtime; the memory is then not to be used. */
async function restore(module: OrtModule, memory: WebAssembly.Memory, image: WebAssembly.Module): Promise<void> {
  const [head, models] = ['sessions', 'models'].map((name) => WebAssembly.Module.customSections(image, name)[0]!) as [
    ArrayBuffer,
    ArrayBuffer,
  ];
  const { bytes, sessions } = JSON.parse(new TextDecoder().decode(head)) as { bytes: number; sessions: ImageSessions };
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(missing / 2 ** 16);
  await WebAssembly.instantiate(image, { runtime: { memory } });
  module._OrtInit = () => 0;
  let at = 0;
  const built = sessions.map(([handle, length]) => ({ handle, model: new Uint8Array(models, (at += length) - length, length) }));
  const create = module._OrtCreateSession;
  module._OrtCreateSession = (address, length, options) => {
    const given = new Uint8Array(memory.buffer, address, length);
    const i = built.findIndex(({ model }) => model.length === length && model.every((byte, k) => byte === given[k]));
    // Each once: it is whoever's asked first, to be released as any.
    return i < 0 ? create(address, length, options) : built.splice(i, 1)[0]!.handle;
  };
}
