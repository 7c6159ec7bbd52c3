/**
 * A policy small enough to reason about: a bigram table, π(next | previous token), over an alphabet of single characters. Sampling,
 * scoring, entropies and gradients are exact; the objective itself is differentiated by the real engine. For tests only.
 */
import { uniform } from '../../policy/random';
import { createNodeRuntime } from '../../policy/runtime/node';
import { encode, grad, input, mul, reduceSum, reshape, neg, type Sym, type TypedArray } from '../../tensor';
import type { FeatureName, Features, Objective } from '../../policy/objective';
import type {
  AccumulateResult,
  ApplyOptions,
  ApplyResult,
  PolicyCheckpoint,
  Rollout,
  SampleRequest,
  Score,
  Sequence,
  Tokenizer,
  TrainablePolicy,
  TrainExample,
} from '../../policy/types';

const runtime = createNodeRuntime(1, { optimization: 'basic' });

/** One character a token; EOS is the last id. */
export class CharTokenizer implements Tokenizer {
  readonly vocabSize: number;
  readonly eosId: number;
  readonly padId: number;
  constructor(readonly alphabet: string) {
    this.vocabSize = alphabet.length + 1;
    this.eosId = this.padId = alphabet.length;
  }
  encode(text: string): Int32Array {
    return Int32Array.from(text, (char) => {
      const id = this.alphabet.indexOf(char);
      if (id < 0) throw new Error(`no token for "${char}"`);
      return id;
    });
  }
  decode(ids: ArrayLike<number>): string {
    return Array.from(ids, (id) => this.alphabet[id] ?? '').join('');
  }
  renderChat(messages: { content: string }[]): string {
    return messages.map(({ content }) => content).join('');
  }
}

export class TabularPolicy implements TrainablePolicy {
  readonly name = 'tabular';
  readonly backend = { name: 'cpu', threads: 1, detail: 'exact' } as const;
  readonly maxLength: number;
  readonly parameterCount: number;
  readonly id = 'tabular';
  /** Counts calls of `sample`, for tests of what a resumed run redoes. */
  sampleCalls = 0;
  private gradient: Float64Array;
  private m: Float64Array;
  private v: Float64Array;
  private step = 0;

  /** `logits` is row-major [previous, next]. */
  constructor(
    readonly tokenizer: Tokenizer,
    readonly logits: Float32Array,
    maxLength = 64,
  ) {
    this.maxLength = maxLength;
    this.parameterCount = logits.length;
    this.gradient = new Float64Array(logits.length);
    this.m = new Float64Array(logits.length);
    this.v = new Float64Array(logits.length);
  }

  private logSoftmax(previous: number, temperature = 1): Float64Array {
    const size = this.tokenizer.vocabSize;
    const row = Float64Array.from(this.logits.subarray(previous * size, (previous + 1) * size), (z) => z / temperature);
    const max = Math.max(...row);
    const logZ = max + Math.log(row.reduce((total, z) => total + Math.exp(z - max), 0));
    return row.map((z) => z - logZ);
  }

  async *sample(request: SampleRequest): AsyncGenerator<Rollout, void, void> {
    this.sampleCalls++;
    const rollouts = request.prompts.flatMap(({ key, tokens }) =>
      Array.from({ length: request.n }, (_, k) => this.rollout(request, key, tokens, k)),
    );
    // Out of order, as a batched sampler finishes them.
    rollouts.sort((a, b) => a.tokens.length - b.tokens.length || b.candidate - a.candidate);
    for (const rollout of rollouts) {
      request.signal?.throwIfAborted();
      yield await Promise.resolve(rollout);
    }
  }

  private rollout(
    { seed, purpose, temperature, maxNewTokens }: SampleRequest,
    key: string,
    prompt: Int32Array,
    candidate: number,
  ): Rollout {
    const tokens: number[] = [];
    const logProbs: number[] = [];
    const behaviorLogProbs: number[] = [];
    const room = Math.min(maxNewTokens, this.maxLength - prompt.length);
    let previous = prompt[prompt.length - 1]!;
    while (tokens.length < room && previous !== this.tokenizer.eosId) {
      const mu = this.logSoftmax(previous, temperature);
      let u = uniform(seed, purpose, key, candidate, tokens.length);
      let next = 0;
      while (next < mu.length - 1 && (u -= Math.exp(mu[next]!)) >= 0) next++;
      tokens.push(next);
      logProbs.push(this.logSoftmax(previous)[next]!);
      behaviorLogProbs.push(mu[next]!);
      previous = next;
    }
    const finish = previous === this.tokenizer.eosId ? 'eos' : 'length';
    const float = (values: number[]) => Float32Array.from(values);
    return {
      key,
      candidate,
      prompt,
      tokens: Int32Array.from(tokens),
      logProbs: float(logProbs),
      behaviorLogProbs: float(behaviorLogProbs),
      finish,
    };
  }

  score(sequences: Sequence[]): Promise<Score[]> {
    return Promise.resolve(
      sequences.map(({ ids, from }) => {
        const rows = Array.from({ length: ids.length - from }, (_, t) => this.logSoftmax(ids[from + t - 1]!));
        return {
          logProbs: Float32Array.from(rows, (row, t) => row[ids[from + t]!]!),
          entropies: Float32Array.from(rows, (row) => row.reduce((h, logp) => h - Math.exp(logp) * logp, 0)),
        };
      }),
    );
  }

  async accumulate(examples: TrainExample[], objective: Objective, totalTokens: number): Promise<AccumulateResult> {
    const size = this.tokenizer.vocabSize;
    const pairs = examples.flatMap(({ ids, from }) =>
      Array.from(ids.subarray(from), (next, t) => ({ previous: ids[from + t - 1]!, next })),
    );
    const rows = pairs.map(({ previous }) => this.logSoftmax(previous));
    const logp = rows.map((row, t) => row[pairs[t]!.next]!);
    const old = examples.flatMap(({ oldLogProbs }) => [...(oldLogProbs ?? [])]);
    const { losses, weights } = await perTokenLoss(objective, logp, objective.needs.includes('oldLogp') ? { oldLogp: old } : {});
    const result: AccumulateResult = { tokens: pairs.length, loss: 0, nll: 0, entropy: 0, weight: 0, weightSquared: 0, correctTokens: 0 };
    for (const [t, { previous, next }] of pairs.entries()) {
      const weight = weights[t]!;
      const row = rows[t]!;
      result.loss += losses[t]!;
      result.nll -= logp[t]!;
      result.weight += weight;
      result.weightSquared += weight * weight;
      result.correctTokens += Number(Math.max(...row) === row[next]);
      // ∂L/∂z_{t,v} = (m_t/N)·w_t·(softmax(z_t)_v − 1[v = y_t])
      for (let v = 0; v < size; v++) {
        result.entropy -= Math.exp(row[v]!) * row[v]!;
        this.gradient[previous * size + v]! += (weight / totalTokens) * (Math.exp(row[v]!) - Number(v === next));
      }
    }
    return result;
  }

  apply(options: ApplyOptions): Promise<ApplyResult> {
    const { learningRate, beta1 = 0.9, beta2 = 0.95, epsilon = 1e-8, weightDecay = 0.01, clipNorm = 1 } = options;
    const gradNorm = Math.hypot(...this.gradient);
    const applied = Number.isFinite(gradNorm);
    if (applied) {
      this.step++;
      const scale = Math.min(1, clipNorm / gradNorm);
      for (let i = 0; i < this.logits.length; i++) {
        const g = this.gradient[i]! * scale;
        this.m[i] = Math.fround(beta1 * this.m[i]! + (1 - beta1) * g);
        this.v[i] = Math.fround(beta2 * this.v[i]! + (1 - beta2) * g * g);
        const update = this.m[i]! / (1 - beta1 ** this.step) / (Math.sqrt(this.v[i]! / (1 - beta2 ** this.step)) + epsilon);
        this.logits[i] = this.logits[i]! - learningRate * (update + weightDecay * this.logits[i]!);
      }
    }
    this.gradient.fill(0);
    return Promise.resolve({ gradNorm, applied, step: this.step });
  }

  checkpoint(): Promise<PolicyCheckpoint> {
    const { id, step, logits, m, v } = this;
    return Promise.resolve({ policyId: id, step, parameters: logits.slice(), m: Float32Array.from(m), v: Float32Array.from(v) });
  }

  restore({ step, parameters, m, v }: PolicyCheckpoint): Promise<void> {
    this.step = step;
    this.logits.set(parameters);
    this.m = Float64Array.from(m ?? this.m.fill(0));
    this.v = Float64Array.from(v ?? this.v.fill(0));
    this.gradient.fill(0);
    return Promise.resolve();
  }

  fork(): Promise<TabularPolicy> {
    return Promise.resolve(new TabularPolicy(this.tokenizer, this.logits.slice(), this.maxLength));
  }
  exportFolder(): Promise<Map<string, Uint8Array>> {
    return Promise.reject(new Error('a tabular policy has no folder'));
  }
  dispose(): Promise<void> {
    return Promise.resolve();
  }
}

/** ℓ_t and w_t = −∂ℓ_t/∂log p_t of an objective over `logp`, by the engine in f64. */
export async function perTokenLoss(
  objective: Objective,
  logp: readonly number[],
  constants: Partial<Record<FeatureName, readonly number[]>> = {},
): Promise<{ losses: Float64Array; weights: Float64Array }> {
  const shape = [1, logp.length];
  const x = input('logp', shape, 'f64');
  const mask = input('mask', shape, 'f64');
  const fed = Object.fromEntries(Object.keys(constants).map((name) => [name, input(name, shape, 'f64')]));
  const losses = objective.loss({ logp: x, mask, ...fed } as unknown as Features);
  const [gradient] = grad(reshape(reduceSum(mul(losses, mask), [0, 1]), []), [x]);
  const out = await run(
    { losses, weights: neg(gradient!) },
    {
      logp: Float64Array.from(logp),
      mask: new Float64Array(logp.length).fill(1),
      ...Object.fromEntries(Object.entries(constants).map(([name, values]) => [name, Float64Array.from(values)])),
    },
    shape,
  );
  return { losses: out.losses as Float64Array, weights: out.weights as Float64Array };
}

async function run<K extends string>(
  outputs: Record<K, Sym>,
  feeds: Record<string, TypedArray>,
  shape: number[],
): Promise<Record<K, TypedArray>> {
  const session = await runtime.createSession(encode(outputs));
  try {
    const fed = Object.fromEntries(Object.entries(feeds).map(([name, data]) => [name, { shape, data }]));
    return await session.run(fed, Object.fromEntries(Object.keys(outputs).map((key) => [key, 'host'])) as Record<K, 'host'>);
  } finally {
    await session.release();
  }
}
