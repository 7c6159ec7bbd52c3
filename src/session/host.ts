/**
 * The loaded policy and the backend it runs on. Starts on WASM at once; with the choice 'auto', WebGPU is compared with it when nothing
 * else is to be done, and the faster one stays. A WebGPU that fails is replaced by WASM, with a sentence.
 */
import type { ChatMessage, TrainablePolicy } from '../policy/types';
import type { BackendChoice, BackendSpeed, PolicyInfo, SettingValue } from '../protocol/messages';
import { HintedError } from '../base/errors';
import { describeFailure } from './errors';
import { fetchFolder, type FolderProgress, type PolicyFolder } from './folder';
import { cost, measure } from './measure';
import { warmUp } from './warm-up';

export type WebBackend = 'wasm' | 'webgpu';

/** Makes policies: src/policy on onnxruntime-web in the worker. */
export interface PolicyLoader {
  /** Null, or in a sentence why WebGPU cannot be used here, or for 'auto' why it is not worth trying. */
  webgpuProblem(choice: BackendChoice): Promise<string | null>;
  /** Begins to fetch and to compile what a policy on this backend runs in, while its folder is fetched. Never throws: `load` does. */
  prepare?(backend: WebBackend): void;
  /** @throws an error with a `hint` for a folder that is not a policy of a known architecture. */
  load(folder: PolicyFolder, options: { backend: WebBackend; threads: number; name: string }): Promise<TrainablePolicy>;
}

export interface HostOptions {
  policies: PolicyLoader;
  threads: number;
  fetch?: typeof fetch;
  /** Default: the real measurement; its clock depends on what else the machine does. */
  measure?: typeof measure;
  /** What the backends are compared on. */
  problem(): Promise<ChatMessage[]>;
  changed(policy: PolicyInfo): void;
  notice(message: string, hint: string): void;
  setting(key: string): Promise<unknown>;
  setSetting(key: string, value: SettingValue): Promise<void>;
}

interface Loaded {
  url: string;
  folder: PolicyFolder;
  threads: number;
  choice: BackendChoice;
  policy: TrainablePolicy;
  /** The sessions of a first answer are built. */
  warm: boolean;
  measured?: PolicyInfo['measured'];
}
interface Foreseen {
  url: string;
  folder: Promise<PolicyFolder>;
  policy: Promise<TrainablePolicy>;
  /** Whoever has asked for it after all. */
  onProgress?: (progress: FolderProgress) => void;
}
/** As kept in the settings; null: WebGPU did not work. */
type Speeds = { wasm: BackendSpeed; webgpu: BackendSpeed | null };

export class PolicyHost {
  private readonly options: HostOptions;
  private readonly measure: typeof measure;
  private loaded: Loaded | null = null;
  private foreseen: Foreseen | null = null;

  constructor(options: HostOptions) {
    this.options = options;
    this.measure = options.measure ?? measure;
  }

  /** @throws HintedError while nothing is loaded. */
  get policy(): TrainablePolicy {
    if (!this.loaded) throw new HintedError('No policy is loaded.', 'Load the policy first.');
    return this.loaded.policy;
  }

  get policyId(): string | null {
    return this.loaded?.policy.id ?? null;
  }

  /** Begins to load what `load` will most probably be asked for, before the page has time to ask: on WASM, with the threads of `options`. Never throws. */
  foresee(url: string): void {
    const { fetch, threads } = this.options;
    const onProgress = (progress: FolderProgress): void => this.foreseen?.onProgress?.(progress);
    const folder = fetchFolder(url, { onProgress, ...(fetch && { fetch }) });
    const policy = folder.then((folder) => this.create(url, folder, 'wasm', threads));
    policy.catch(() => undefined);
    this.foreseen = { url, folder, policy };
  }

  /** What was foreseen of this, or null: it is another one, or it failed and will say so when it is tried again. */
  private async taken(
    url: string,
    choice: BackendChoice,
    threads: number,
    onProgress: (progress: FolderProgress) => void,
  ): Promise<{ folder: PolicyFolder; policy: TrainablePolicy } | null> {
    const { foreseen } = this;
    if (!foreseen) return null;
    try {
      if (foreseen.url !== url || choice === 'webgpu' || threads !== this.options.threads) {
        void foreseen.policy.then((policy) => policy.dispose()).catch(() => undefined);
        return null;
      }
      foreseen.onProgress = onProgress;
      return { folder: await foreseen.folder, policy: await foreseen.policy };
    } catch {
      return null;
    } finally {
      this.foreseen = null;
    }
  }

  /** A policy loaded before stays until the new one is ready. */
  async load(
    request: { policyUrl: string; backend: BackendChoice; threads?: number },
    signal: AbortSignal,
    onProgress: (progress: FolderProgress) => void,
  ): Promise<PolicyInfo> {
    const { policyUrl: url, backend: choice } = request;
    const threads = Math.max(1, Math.floor(request.threads ?? this.options.threads));
    const before = this.loaded;
    const { fetch } = this.options;
    this.options.policies.prepare?.(choice === 'webgpu' ? 'webgpu' : 'wasm');
    const early = await this.taken(url, choice, threads, onProgress);
    signal.throwIfAborted();
    const known = early?.folder ?? (before?.url === url ? before.folder : null);
    const folder = known ?? (await fetchFolder(url, { signal, onProgress, ...(fetch && { fetch }) }));
    let policy: TrainablePolicy | null = early?.policy ?? null;
    if (choice === 'webgpu') policy = await this.tryWebGpu(url, folder, threads, choice);
    policy ??= await this.create(url, folder, 'wasm', threads);
    this.loaded = { url, folder, threads, choice, policy, warm: false };
    await before?.policy.dispose();
    return this.info();
  }

  /** Whether `settle` has something to do. */
  get unsettled(): boolean {
    return this.loaded !== null && (!this.loaded.warm || this.undecided);
  }

  private get undecided(): boolean {
    return this.loaded?.choice === 'auto' && !this.loaded.measured;
  }

  /** Builds what a first answer needs; then compares the backends, or remembers the comparison, and changes to the faster one. */
  async settle(signal: AbortSignal): Promise<void> {
    const { loaded } = this;
    if (!loaded) return;
    if (!loaded.warm) {
      await warmUp(loaded.policy, await this.options.problem(), signal);
      loaded.warm = true;
    }
    if (!this.undecided) return;
    const key = `backend-speed/${loaded.policy.id}`;
    const problem = await this.options.policies.webgpuProblem('auto');
    if (problem) {
      loaded.measured = { note: `WASM: ${problem}` };
      this.options.changed(this.info());
      return;
    }
    const known = (await this.options.setting(key)) as Speeds | null;
    const wasm = known?.wasm ?? (await this.measure(loaded.policy, await this.options.problem(), signal));
    let webgpu = known?.webgpu ?? null;
    if (!known || (webgpu && cost(webgpu) < cost(wasm))) webgpu = await this.tryFaster(loaded, wasm, webgpu, signal);
    if (!known || webgpu !== known.webgpu) await this.options.setSetting(key, { wasm: { ...wasm }, webgpu: webgpu && { ...webgpu } });
    loaded.measured = { wasm, ...(webgpu && { webgpu }), note: note(wasm, webgpu) };
    this.options.changed(this.info());
  }

  /** Makes the policy on WebGPU, measures it unless its speed is known, and keeps it if it is faster. Null: it does not work here. */
  private async tryFaster(
    loaded: Loaded,
    wasm: BackendSpeed,
    known: BackendSpeed | null,
    signal: AbortSignal,
  ): Promise<BackendSpeed | null> {
    const candidate = await this.tryWebGpu(loaded.url, loaded.folder, loaded.threads, loaded.choice);
    if (!candidate) return null;
    let unused = candidate;
    try {
      signal.throwIfAborted();
      const webgpu = known ?? (await this.measure(candidate, await this.options.problem(), signal));
      if (cost(webgpu) < cost(wasm)) {
        unused = loaded.policy;
        loaded.policy = candidate;
      }
      return webgpu;
    } catch (error) {
      signal.throwIfAborted();
      this.webGpuFailed(error);
      return null;
    } finally {
      await unused.dispose();
    }
  }

  /** After a failure of a computation: true if it ran on WebGPU and WASM has taken over, so that it is worth another try. */
  async fellBack(error: unknown): Promise<boolean> {
    const { loaded } = this;
    if (loaded?.policy.backend.name !== 'webgpu') return false;
    const broken = loaded.policy;
    loaded.policy = await this.create(loaded.url, loaded.folder, 'wasm', loaded.threads);
    // A lost device may refuse even this.
    await broken.dispose().catch(() => undefined);
    this.webGpuFailed(error);
    if (loaded.measured?.wasm) {
      const { wasm } = loaded.measured;
      // Not chosen by itself again.
      loaded.measured = { wasm, note: note(wasm, null) };
      await this.options.setSetting(`backend-speed/${loaded.policy.id}`, { wasm: { ...wasm }, webgpu: null });
    }
    this.options.changed(this.info());
    return true;
  }

  info(): PolicyInfo {
    const { policy, choice, measured } = this.loaded!;
    const { id, name, parameterCount, maxLength, backend, tokenizer } = policy;
    return { id, name, parameterCount, maxLength, vocabSize: tokenizer.vocabSize, backend, choice, ...(measured && { measured }) };
  }

  async dispose(): Promise<void> {
    const { loaded } = this;
    this.loaded = null;
    await loaded?.policy.dispose();
  }

  private create(url: string, folder: PolicyFolder, backend: WebBackend, threads: number): Promise<TrainablePolicy> {
    const name = url.replace(/\/+$/, '').split('/').pop() || 'policy';
    return this.options.policies.load(folder, { backend, threads, name });
  }

  private async tryWebGpu(url: string, folder: PolicyFolder, threads: number, choice: BackendChoice): Promise<TrainablePolicy | null> {
    const problem = await this.options.policies.webgpuProblem(choice);
    if (problem) {
      this.options.notice(`${problem} The policy runs on WASM instead.`, 'Nothing to do; a browser with WebGPU may be faster.');
      return null;
    }
    try {
      return await this.create(url, folder, 'webgpu', threads);
    } catch (error) {
      this.webGpuFailed(error);
      return null;
    }
  }

  private webGpuFailed(error: unknown): void {
    const cause = error instanceof Error && error.name === 'DeviceLostError' ? error.message : `WebGPU failed (${reason(error)}).`;
    this.options.notice(`${cause} The policy runs on WASM instead.`, 'Nothing to do; to try WebGPU again, choose it as the backend.');
  }
}

const reason = (error: unknown): string =>
  describeFailure(error)
    .message.replace(/^The worker failed: /, '')
    .replace(/\.$/, '');

function note(wasm: BackendSpeed, webgpu: BackendSpeed | null): string {
  if (!webgpu) return 'WASM: WebGPU did not work here.';
  const ratio = cost(wasm) / cost(webgpu);
  return ratio > 1
    ? `WebGPU: ${ratio.toFixed(1)} times as fast as WASM for this policy.`
    : `WASM: ${(1 / ratio).toFixed(1)} times as fast as WebGPU for this policy.`;
}
