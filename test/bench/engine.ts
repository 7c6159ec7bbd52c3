/** Our side of every pair: the public policy interface on any runtime, in Node and in the page's worker alike. */
import { bindObjective } from '../../src/method/objectives';
import type { LlamaConfig } from '../../src/policy/config';
import { OnnxPolicy, type OnnxPolicyOptions } from '../../src/policy/onnx-policy';
import { initialParameters } from '../../src/policy/parameters';
import type { Runtime } from '../../src/policy/runtime/types';
import type { Rollout, Tokenizer, TrainExample, TrainablePolicy } from '../../src/policy/types';
import { decodingFlops, prefillFlops, trainingFlops } from './flops';

export interface SampleJob {
  prompts: number[][];
  k: number;
  seed: number;
  maxNewTokens: number;
}
export interface SampleRun {
  /** Useful tokens: up to and including EOS. */
  tokens: number;
  /** Those whose answer begins, up to there, as an earlier one to the same prompt does. */
  repeated: number;
  answers: number;
  seconds: number;
  /** Operations of the generated tokens, and of each prompt once. */
  decoding: number;
  prefill: number;
}

export interface TrainBatch {
  examples: { ids: number[]; from: number }[];
}
export interface StepSettings {
  objective: 'sft' | 'dft';
  learningRate: number;
}
export interface StepRun {
  /** Seconds a step. */
  seconds: number;
  /** Mean loss of each step, before its update. */
  losses: number[];
  /** Operations of one step. */
  flops: number;
  /** Positions of one step: ids − 1 of each example. */
  positions: number;
}

const seconds = (since: number): number => (performance.now() - since) / 1000;

export class Engine {
  private trainee: TrainablePolicy | null = null;
  constructor(
    private readonly runtime: Runtime,
    readonly policy: OnnxPolicy,
  ) {}

  /** Random weights of any architecture, and answers that never end by themselves: lengths are what a job asks for. */
  static random(runtime: Runtime, config: LlamaConfig, replicas?: OnnxPolicyOptions['replicas']): Engine {
    const tokenizer: Tokenizer = {
      vocabSize: config.vocabSize,
      eosId: -1,
      padId: 0,
      encode: (text) => Int32Array.from(text, (c) => c.charCodeAt(0) % config.vocabSize),
      decode: (ids) => Array.from(ids).join(' '),
      renderChat: (messages) => messages.map((m) => m.content).join(''),
    };
    const parameters = initialParameters(config, 1);
    return new Engine(runtime, OnnxPolicy.create({ name: 'random', id: 'random', config, tokenizer, runtime, parameters, replicas }));
  }

  get config(): LlamaConfig {
    return this.policy.config;
  }

  async sample({ prompts, k, seed, maxNewTokens }: SampleJob): Promise<SampleRun> {
    const request = {
      prompts: prompts.map((tokens, i) => ({ key: `p${i}`, tokens: Int32Array.from(tokens) })),
      n: k,
      temperature: 1,
      topP: 1,
      seed,
      purpose: 'bench',
      maxNewTokens,
    };
    const run = { tokens: 0, repeated: 0, answers: 0, seconds: 0, decoding: 0, prefill: 0 };
    const all: Rollout[] = [];
    const started = performance.now();
    for await (const r of this.policy.sample(request)) {
      run.tokens += r.tokens.length;
      run.answers++;
      run.decoding += decodingFlops(this.config, r.prompt.length, r.tokens.length);
      all.push(r);
    }
    run.seconds = seconds(started);
    run.repeated = repeatedTokens(all);
    run.prefill = prompts.reduce((sum, p) => sum + prefillFlops(this.config, p.length), 0);
    return run;
  }

  /** A fresh copy of the policy to train: the bundled weights, no moments. */
  async reset(): Promise<void> {
    await this.trainee?.dispose();
    this.trainee = await this.policy.fork();
  }

  /** `steps` optimizer steps on one batch, going on from where the trainee is. */
  async train({ examples }: TrainBatch, { objective: id, learningRate }: StepSettings, steps: number): Promise<StepRun> {
    if (!this.trainee) await this.reset();
    const trainee = this.trainee!;
    const objective = bindObjective({ id });
    const batch: TrainExample[] = examples.map(({ ids, from }) => ({ ids: Int32Array.from(ids), from }));
    const tokens = batch.reduce((n, e) => n + e.ids.length - e.from, 0);
    const losses: number[] = [];
    const started = performance.now();
    // As `trainArm` does it.
    const { deferred } = trainee;
    for (let i = 0; i < steps; i++) {
      if (deferred) {
        await deferred.step(batch, objective, tokens, { learningRate });
        if (i % 8 === 7 || i === steps - 1) losses.push(...(await deferred.read()).map(({ sums }) => sums.loss / tokens));
      } else {
        losses.push((await trainee.accumulate(batch, objective, tokens)).loss / tokens);
        await trainee.apply({ learningRate });
      }
    }
    const lengths = batch.map((e) => e.ids.length - 1);
    return {
      seconds: seconds(started) / steps,
      losses,
      flops: trainingFlops(this.config, lengths),
      positions: lengths.reduce((a, b) => a + b, 0),
    };
  }

  async dispose(): Promise<void> {
    await this.trainee?.dispose();
    await this.policy.dispose();
    await this.runtime.dispose();
  }
}

/** Tokens that are drawn where an earlier answer to the same prompt drew one too, after the same tokens. */
function repeatedTokens(rollouts: readonly Rollout[]): number {
  interface Node {
    next: Map<number, Node>;
  }
  const root = new Map<string, Node>();
  let repeated = 0;
  for (const { key, tokens } of rollouts) {
    let node = root.get(key);
    if (!node) root.set(key, (node = { next: new Map() }));
    for (const token of tokens) {
      if (node.next.size > 0) repeated++;
      let next = node.next.get(token);
      if (!next) node.next.set(token, (next = { next: new Map() }));
      node = next;
    }
  }
  return repeated;
}
