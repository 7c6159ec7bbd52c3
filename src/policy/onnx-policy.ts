import type { LlamaConfig } from './config';
import { microBatches } from './buckets';
import { adamwGraph, SETTINGS } from './graphs/adamw';
import { accumulateGraph, fedFeatures, METRICS, scoreGraph } from './graphs/training';
import { folderOf } from './folder';
import type { Objective } from './objective';
import { parameterTable } from './parameters';
import type { DeviceTensor, Feed, Runtime } from './runtime/types';
import { checkIds, sampleRollouts } from './sampler';
import { SessionCache } from './sessions';
import type {
  AccumulateResult,
  ApplyOptions,
  ApplyResult,
  BackendInfo,
  PolicyCheckpoint,
  Rollout,
  SampleRequest,
  Score,
  Sequence,
  Tokenizer,
  TrainablePolicy,
  TrainExample,
} from './types';

/** What policies forked from one another share. */
interface Shared {
  runtime: Runtime;
  sessions: SessionCache;
  config: LlamaConfig;
  tokenizer: Tokenizer;
  /** The folder's other files, kept for export. */
  files: ReadonlyMap<string, Uint8Array>;
  users: number;
}

export interface OnnxPolicyOptions {
  name: string;
  id: string;
  config: LlamaConfig;
  tokenizer: Tokenizer;
  runtime: Runtime;
  parameters: Float32Array;
  files?: ReadonlyMap<string, Uint8Array>;
}

const FED_FROM = {
  refLogp: 'refLogProbs',
  oldLogp: 'oldLogProbs',
  behaviorLogp: 'behaviorLogProbs',
} as const;

/** A Llama-family policy on onnxruntime. Parameters, moments and the gradient accumulator stay on the device between steps. */
export class OnnxPolicy implements TrainablePolicy {
  private parameters: DeviceTensor;
  /** The second of each pair that a run writes while it reads the first. */
  private spare: DeviceTensor | null = null;
  private gradient: DeviceTensor | null = null;
  private gradientSpare: DeviceTensor | null = null;
  private moments: { m: DeviceTensor; v: DeviceTensor; mSpare: DeviceTensor; vSpare: DeviceTensor } | null = null;
  private accumulated = false;
  private step = 0;
  readonly parameterCount: number;

  private constructor(
    private readonly shared: Shared,
    readonly name: string,
    readonly id: string,
    parameters: Float32Array,
  ) {
    this.parameterCount = parameterTable(shared.config).size;
    this.parameters = shared.runtime.upload([this.parameterCount], parameters);
    shared.users++;
  }

  static create(o: OnnxPolicyOptions): OnnxPolicy {
    const size = parameterTable(o.config).size;
    if (o.parameters.length !== size) throw new RangeError(`The policy has ${size} parameters; ${o.parameters.length} values were given.`);
    const shared: Shared = {
      runtime: o.runtime,
      sessions: new SessionCache(o.runtime),
      config: o.config,
      tokenizer: o.tokenizer,
      files: o.files ?? new Map(),
      users: 0,
    };
    return new OnnxPolicy(shared, o.name, o.id, o.parameters);
  }

  get config(): LlamaConfig {
    return this.shared.config;
  }
  get tokenizer(): Tokenizer {
    return this.shared.tokenizer;
  }
  get backend(): BackendInfo {
    return this.shared.runtime.info;
  }
  get maxLength(): number {
    return this.shared.config.maxPositions;
  }

  sample(request: SampleRequest): AsyncGenerator<Rollout, void, void> {
    const { config, runtime, sessions, tokenizer } = this.shared;
    return sampleRollouts(
      { config, runtime, sessions, parameters: this.parameters, eosId: tokenizer.eosId, maxLength: this.maxLength },
      request,
    );
  }

  async score(sequences: Sequence[], signal?: AbortSignal): Promise<Score[]> {
    const { config, sessions } = this.shared;
    const out: Score[] = new Array<Score>(sequences.length);
    for (const { rows, batch, length } of microBatches(sequences.map((s) => this.positions(s)))) {
      signal?.throwIfAborted();
      const session = await sessions.get(`score/${batch}/${length}`, () => scoreGraph(config, { batch, length }));
      const { ids, targets } = this.tokens(
        rows.map((r) => sequences[r]!),
        batch,
        length,
      );
      const { logProbs, entropies } = await session.run(
        { parameters: this.parameters, ids, targets },
        { logProbs: 'host', entropies: 'host' },
      );
      rows.forEach((r, i) => {
        const s = sequences[r]!;
        const [from, to] = [i * length + s.from - 1, i * length + s.ids.length - 1];
        out[r] = { logProbs: (logProbs as Float32Array).slice(from, to), entropies: (entropies as Float32Array).slice(from, to) };
      });
    }
    return out;
  }

  async accumulate(examples: TrainExample[], objective: Objective, totalTokens: number): Promise<AccumulateResult> {
    const { config, runtime, sessions } = this.shared;
    const size = this.parameterCount;
    this.gradient ??= runtime.upload([size], new Float32Array(size));
    this.gradientSpare ??= runtime.upload([size], new Float32Array(size));
    if (!this.accumulated) runtime.write(this.gradient, new Float32Array(size));
    this.accumulated = true;
    const sums = Object.fromEntries(METRICS.map((m) => [m, 0])) as unknown as AccumulateResult;
    for (const { rows, batch, length } of microBatches(examples.map((e) => this.positions(e)))) {
      const chosen = rows.map((r) => examples[r]!);
      const session = await sessions.get(`train/${objective.key}/${batch}/${length}`, () =>
        accumulateGraph(config, objective, { batch, length }),
      );
      const mask = new Float32Array(batch * length);
      chosen.forEach((e, i) => mask.fill(1, i * length + e.from - 1, i * length + e.ids.length - 1));
      const feeds: Record<string, Feed> = {
        parameters: this.parameters,
        accumulator: this.gradient,
        ...this.tokens(chosen, batch, length),
        mask: { shape: [batch, length], data: mask },
        scale: { shape: [1], data: Float32Array.of(1 / totalTokens) },
      };
      for (const name of fedFeatures(objective)) {
        const data = new Float32Array(batch * length);
        chosen.forEach((e, i) => {
          const at = i * length + e.from - 1;
          if (name === 'advantage') data.fill(e.advantage ?? 0, at, i * length + e.ids.length - 1);
          else {
            const values = e[FED_FROM[name as keyof typeof FED_FROM]];
            if (!values) throw new TypeError(`The objective ${objective.key} needs ${name}, which an example does not have.`);
            data.set(values, at);
          }
        });
        feeds[name] = { shape: [batch, length], data };
      }
      const { metrics } = await session.run(feeds, { gradient: this.gradientSpare, metrics: 'host' });
      [this.gradient, this.gradientSpare] = [this.gradientSpare, this.gradient];
      METRICS.forEach((m, i) => (sums[m] += Number(metrics[i])));
    }
    return sums;
  }

  async apply(options: ApplyOptions): Promise<ApplyResult> {
    const { config, runtime, sessions } = this.shared;
    if (!this.accumulated || !this.gradient) throw new Error('apply() needs a gradient: call accumulate() first.');
    const size = this.parameterCount;
    const zeros = (): DeviceTensor => runtime.upload([size], new Float32Array(size));
    this.moments ??= { m: zeros(), v: zeros(), mSpare: zeros(), vSpare: zeros() };
    this.spare ??= zeros();
    const { learningRate, beta1 = 0.9, beta2 = 0.95, epsilon = 1e-8, weightDecay = 0.01, clipNorm = 1 } = options;
    const step = this.step + 1;
    const values = {
      learningRate,
      beta1,
      beta2,
      epsilon,
      weightDecay,
      clipNorm,
      correction1: 1 - beta1 ** step,
      correction2: 1 - beta2 ** step,
    };
    const session = await sessions.get('adamw', () => adamwGraph(config));
    const m = this.moments;
    const { status } = await session.run(
      {
        parameters: this.parameters,
        m: m.m,
        v: m.v,
        gradient: this.gradient,
        settings: { shape: [SETTINGS.length], data: Float32Array.from(SETTINGS, (s) => values[s]) },
      },
      { parametersOut: this.spare, mOut: m.mSpare, vOut: m.vSpare, status: 'host' },
    );
    [this.parameters, this.spare] = [this.spare, this.parameters];
    this.moments = { m: m.mSpare, v: m.vSpare, mSpare: m.m, vSpare: m.v };
    this.accumulated = false;
    const applied = status[1] === 1;
    if (applied) this.step = step;
    return { gradNorm: Number(status[0]), applied, step: this.step };
  }

  async checkpoint(): Promise<PolicyCheckpoint> {
    const { runtime } = this.shared;
    const read = async (t: DeviceTensor): Promise<Float32Array> => (await runtime.read(t)) as Float32Array;
    const out: PolicyCheckpoint = { policyId: this.id, step: this.step, parameters: await read(this.parameters) };
    if (this.moments && this.step > 0) {
      out.m = await read(this.moments.m);
      out.v = await read(this.moments.v);
    }
    return out;
  }

  restore(checkpoint: PolicyCheckpoint): Promise<void> {
    const { runtime } = this.shared;
    const size = this.parameterCount;
    for (const part of [checkpoint.parameters, checkpoint.m, checkpoint.v]) {
      if (part && part.length !== size)
        return Promise.reject(new RangeError(`The checkpoint has ${part.length} values; this policy has ${size} parameters.`));
    }
    runtime.write(this.parameters, checkpoint.parameters);
    const zeros = (data?: Float32Array): DeviceTensor => runtime.upload([size], data ?? new Float32Array(size));
    if (checkpoint.m && checkpoint.v) {
      this.disposeMoments();
      this.moments = { m: zeros(checkpoint.m), v: zeros(checkpoint.v), mSpare: zeros(), vSpare: zeros() };
    } else this.disposeMoments();
    this.step = checkpoint.step;
    this.accumulated = false;
    return Promise.resolve();
  }

  async fork(): Promise<OnnxPolicy> {
    return new OnnxPolicy(this.shared, this.name, this.id, (await this.shared.runtime.read(this.parameters)) as Float32Array);
  }

  async exportFolder(): Promise<Map<string, Uint8Array>> {
    const { config, runtime, files, tokenizer } = this.shared;
    return folderOf(config, (await runtime.read(this.parameters)) as Float32Array, tokenizer, files);
  }

  async dispose(): Promise<void> {
    this.disposeMoments();
    for (const t of [this.parameters, this.spare, this.gradient, this.gradientSpare]) t?.dispose();
    if (--this.shared.users === 0) await this.shared.sessions.dispose();
  }

  private disposeMoments(): void {
    if (this.moments) for (const t of Object.values(this.moments)) (t as DeviceTensor).dispose();
    this.moments = null;
  }

  /** Input positions of a sequence: all tokens but the last. */
  private positions(s: Sequence): number {
    checkIds(s.ids, this.shared.config.vocabSize);
    if (s.ids.length > this.maxLength)
      throw new RangeError(`A sequence has ${s.ids.length} tokens; the policy's context is ${this.maxLength}.`);
    if (!(s.from >= 1 && s.from < s.ids.length))
      throw new RangeError(`A response must start at position 1 or later and hold a token; it starts at ${s.from} of ${s.ids.length}.`);
    return s.ids.length - 1;
  }

  private tokens(rows: readonly Sequence[], batch: number, length: number): { ids: Feed; targets: Feed } {
    const ids = new Int32Array(batch * length);
    const targets = new Int32Array(batch * length);
    rows.forEach((s, i) => {
      ids.set(s.ids.subarray(0, -1), i * length);
      targets.set(s.ids.subarray(1), i * length);
    });
    const shape = [batch * length];
    return { ids: { shape, data: ids }, targets: { shape, data: targets } };
  }
}
