/** Our engine on WebGPU in Node, in a process of its own: no browser is needed. */
import { fork } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LlamaConfig } from '../../../src/policy/config';
import { Remote as Calls } from '../page/rpc';
import type { Adapter } from '../page/gpu-counter';
import type { Remote } from '../chromium';
import type { Side } from '../side';
import { PROJECT } from '../paths';

/** Folders of a Chromium, which brings a Vulkan loader and a software adapter for machines without either. */
const CHROMIUMS = [process.env.CHROMIUM_PATH, '/usr/lib/chromium/chromium', '/usr/lib/chromium-browser/chromium-browser']
  .filter((path) => path !== undefined)
  .map((path) => dirname(existsSync(path) ? realpathSync(path) : path));

function software(): NodeJS.ProcessEnv | null {
  const folder = [...CHROMIUMS, '/usr/lib/chromium'].find((path) => existsSync(join(path, 'vk_swiftshader_icd.json')));
  return folder === undefined ? null : { LD_LIBRARY_PATH: folder, VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json') };
}

function start(env: NodeJS.ProcessEnv, execArgv: string[] = []): Remote {
  const child = fork(join(import.meta.dirname, 'process.ts'), {
    cwd: PROJECT,
    execArgv: ['--import', 'tsx', ...execArgv],
    env: { ...process.env, ...env },
    serialization: 'advanced',
  });
  const worker = {
    onmessage: null as ((event: { data: unknown }) => void) | null,
    onerror: null as ((event: { message: string }) => void) | null,
    postMessage: (data: object) => child.send(data),
    terminate: () => child.kill(),
  };
  child.on('message', (data) => worker.onmessage?.({ data }));
  child.on('exit', (code, signal) => worker.onerror?.({ message: `The process for WebGPU in Node ended (${code ?? signal}).` }));
  const calls = new Calls(worker as unknown as Worker);
  return {
    call: async <T>(method: string, ...args: unknown[]) => (await calls.call(method, args)) as T,
    close: () => Promise.resolve(calls.close()),
  };
}

/** A process with an adapter, the machine's own or Chromium's software one; null where there is none. */
async function withAdapter(): Promise<{ remote: Remote; adapter: Adapter } | null> {
  for (const env of [{}, software()]) {
    if (!env) continue;
    // The optimising compiler takes minutes over the WASM file with WebGPU in it; what is measured runs on the device.
    const remote = start(env, ['--liftoff-only']);
    const adapter = await remote.call<Adapter | null>('adapter').catch(() => null);
    if (adapter) return { remote, adapter };
    await remote.close();
  }
  return null;
}

export async function dawnAdapter(): Promise<Adapter | null> {
  const found = await withAdapter();
  await found?.remote.close();
  return found?.adapter ?? null;
}

/** One engine in a process: the bundled policy, or random weights of an architecture. WASM has one thread. */
export async function dawnSide(backend: 'wasm' | 'webgpu', random: LlamaConfig | null = null): Promise<Side> {
  const worker = backend === 'wasm' ? start({}) : (await withAdapter())?.remote;
  if (!worker) throw new Error('Node found no WebGPU adapter.');
  try {
    const detail = await worker.call<string>('load', backend, random);
    return {
      page: null,
      worker,
      config: await worker.call<LlamaConfig>('config'),
      detail,
      sample: (job) => worker.call('sample', job),
      reset: () => worker.call('reset'),
      train: (...args) => worker.call('train', ...args),
      gemmRate: (...args) => worker.call('gemmRate', backend, ...args),
      stepProducts: () => Promise.reject(new Error('not measured here')),
      close: () => worker.close(),
    };
  } catch (error) {
    await worker.close();
    throw error;
  }
}
