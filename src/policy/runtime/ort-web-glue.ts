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

/** Each session's handle and the name of its graph, in an image's section 'sessions'. */
export type ImageSessions = readonly (readonly [handle: number, name: string])[];

let parts: GlueParts | null = null;
/** Of the image, those that nobody has asked for. */
const sessions = new Map<string, number>();

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

/** No model is as short. */
const MARK_BYTES = 4;

/** What stands for the model of a graph whose session is in the image, or null. Each once: the session is then whoever's asked, to be released as any. */
function built(name: string): Uint8Array | null {
  const handle = sessions.get(name);
  sessions.delete(name);
  return handle === undefined ? null : new Uint8Array(Uint32Array.of(handle).buffer);
}

function headOf(image: WebAssembly.Module): { bytes: number; built: ImageSessions } {
  const [head] = WebAssembly.Module.customSections(image, 'sessions');
  return JSON.parse(new TextDecoder().decode(head)) as { bytes: number; built: ImageSessions };
}

function use(given: GlueParts): void {
  parts = given;
  // The session that starts the runtime is asked for before it is there.
  if (given.image) for (const [handle, name] of headOf(given.image).built) sessions.set(name, handle);
}

/** `use` comes before the runtime imports `address`, of which it takes the default export: all is in that, since a bundler keeps only what it sees used. */
const glue = Object.assign(start, { address: import.meta.url, use, built });
export default glue;

/** @throws only where the image is of another runtime; the memory is then not to be used. */
async function restore(module: OrtModule, memory: WebAssembly.Memory, image: WebAssembly.Module): Promise<void> {
  const missing = headOf(image).bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(missing / 2 ** 16);
  await WebAssembly.instantiate(image, { runtime: { memory } });
  // It is started, and a mark stands for a session that is there.
  module._OrtInit = () => 0;
  const create = module._OrtCreateSession;
  module._OrtCreateSession = (address, length, options) =>
    length === MARK_BYTES ? new DataView(memory.buffer).getUint32(address, true) : create(address, length, options);
}
