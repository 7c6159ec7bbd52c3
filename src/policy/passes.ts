/** Scoring, and the gradient of a batch: what a policy does with sequences, on whichever thread holds a runtime and the parameters. */
import { encode } from '../tensor';
import type { LlamaConfig } from './config';
import { byParameter, graphOptions, plan } from './feeds';
import { accumulateGraph, METRICS, scoreGraph, type Bucket } from './graphs/training';
import type { FeatureName, Objective } from './objective';
import { parameterTable } from './parameters';
import type { DeviceTensor, Feed, Runtime } from './runtime/types';
import type { SessionCache } from './sessions';
import type { AccumulateResult, Score, Sequence, TrainExample } from './types';

export interface PassContext {
  config: LlamaConfig;
  runtime: Runtime;
  sessions: SessionCache;
  parameters: DeviceTensor;
}

/** Input positions of a sequence: all tokens but the last. */
export const positionsOf = (s: Sequence): number => s.ids.length - 1;

/** Log-probs and entropies of each sequence's response, in the order given. */
export async function scoreSequences(context: PassContext, sequences: readonly Sequence[], signal?: AbortSignal): Promise<Score[]> {
  const { config, runtime, sessions, parameters } = context;
  const out: Score[] = new Array<Score>(sequences.length);
  for (const { rows, batch, length, graph } of plan(runtime, sequences.map(positionsOf))) {
    signal?.throwIfAborted();
    const session = await sessions.get(`score/${graph.batch}/${graph.length}`, () =>
      encode(scoreGraph(config, graph, graphOptions(runtime))),
    );
    const chosen = rows.map((r) => sequences[r]!);
    const at = placed(chosen, { batch, length }, graph);
    const { logProbs, entropies } = await session.run(
      { ...byParameter(runtime, config, parameters, 'parameters'), ...tokenFeeds(chosen, at, { batch, length }) },
      { logProbs: 'host', entropies: 'host' },
    );
    rows.forEach((r, i) => {
      const s = sequences[r]!;
      const [from, to] = [at.from[i]!, at.from[i]! + s.ids.length - s.from];
      out[r] = { logProbs: (logProbs as Float32Array).slice(from, to), entropies: (entropies as Float32Array).slice(from, to) };
    });
  }
  return out;
}

/** An objective as a thread without its formula knows it: its graphs come ready made. */
export interface TrainingGraphs {
  /** The objective's key. */
  key: string;
  /** Its features that are fed with the batch. */
  fed: readonly FeatureName[];
  /** The encoded graph of a shape. */
  model(bucket: Bucket): Uint8Array;
}

export function trainingGraphs({ config, runtime }: PassContext, objective: Objective, fed: readonly FeatureName[]): TrainingGraphs {
  return {
    key: objective.key,
    fed,
    model: (bucket) => encode(accumulateGraph(config, objective, bucket, graphOptions(runtime))),
  };
}

export const trainingKey = (objective: string, { batch, length }: Bucket): string => `train/${objective}/${batch}/${length}`;

/** The example's field that each fed feature is read from. */
export const FED_FROM = {
  refLogp: 'refLogProbs',
  oldLogp: 'oldLogProbs',
  behaviorLogp: 'behaviorLogProbs',
} as const;

/** The sum of gradients of micro-batches, a flat vector, with the spare that a run writes while it reads the other. */
export class GradientSum {
  private sum: DeviceTensor;
  private spare: DeviceTensor;
  private empty = true;
  /** Metrics of the micro-batches of the sum, where these stay on the device: used ones first, then spare ones. */
  private readonly metrics: DeviceTensor[] = [];
  private used = 0;

  /** `arrays`: two of [P] to make the vectors of, whatever they hold. */
  constructor(
    private readonly runtime: Runtime,
    config: LlamaConfig,
    arrays?: readonly [Float32Array, Float32Array],
  ) {
    const { size } = parameterTable(config);
    const vector = (array: Float32Array = new Float32Array(size)): DeviceTensor => runtime.upload([size], array, true);
    this.sum = vector(arrays?.[0]);
    this.spare = vector(arrays?.[1]);
  }

  /** Whether anything was added since it was made or cleared. */
  get isEmpty(): boolean {
    return this.empty;
  }
  /** Σ of what was added, [P]. */
  get value(): DeviceTensor {
    return this.sum;
  }

  /** Metrics of each micro-batch so far, [METRICS.length] each, in the order they were added. Empty where `accumulate` returns their sums. */
  get onDevice(): readonly DeviceTensor[] {
    return this.metrics.slice(0, this.used);
  }

  /** Forgets the sum; the next `accumulate` starts from zero. */
  clear(): void {
    this.empty = true;
    this.used = 0;
  }

  /** Adds (1/totalTokens) ∂ Σ m_t ℓ_t / ∂θ over the examples; returns the metrics' sums, or zeros where these stay on the device (`onDevice`). */
  async accumulate(
    context: PassContext,
    examples: readonly TrainExample[],
    graphs: TrainingGraphs,
    totalTokens: number,
  ): Promise<AccumulateResult> {
    const { config, runtime, sessions, parameters } = context;
    if (this.empty) await runtime.clear(this.sum);
    this.empty = false;
    const sums = noMetrics();
    for (const { rows, batch, length, graph } of plan(runtime, examples.map(positionsOf))) {
      const chosen = rows.map((r) => examples[r]!);
      const session = await sessions.get(trainingKey(graphs.key, graph), () => graphs.model(graph));
      const at = placed(chosen, { batch, length }, graph);
      const mask = new Float32Array(at.shape[0] * at.shape[1]);
      chosen.forEach((e, i) => mask.fill(1, at.from[i], at.from[i]! + e.ids.length - e.from));
      const feeds: Record<string, Feed> = {
        ...byParameter(runtime, config, parameters, 'parameters'),
        ...byParameter(runtime, config, this.sum, 'accumulator', 'accumulator/'),
        ...tokenFeeds(chosen, at, { batch, length }),
        mask: { shape: at.shape, data: mask },
        scale: { shape: [1], data: Float32Array.of(1 / totalTokens) },
      };
      for (const name of graphs.fed) feeds[name] = { shape: at.shape, data: fedValues(name, chosen, at, graphs.key) };
      const { metrics } = await session.run(feeds, {
        ...byParameter(runtime, config, this.spare, 'gradient', 'gradient/'),
        metrics: runtime.readAll ? this.metricsTensor() : 'host',
      });
      [this.sum, this.spare] = [this.spare, this.sum];
      if (!runtime.readAll) addMetrics(sums, metrics);
    }
    return sums;
  }

  private metricsTensor(): DeviceTensor {
    return (this.metrics[this.used++] ??= this.runtime.upload([METRICS.length], new Float32Array(METRICS.length)));
  }

  /** Adds a gradient that another thread computed. Only where `Runtime.add` is. */
  add(gradient: Float32Array): void {
    if (this.empty) this.runtime.write(this.sum, gradient);
    else this.runtime.add!(this.sum, gradient);
    this.empty = false;
  }

  /** The arrays of the sum and of its spare, for the caller to keep; this sum is then done with. Only where `Runtime.inPlace` is. */
  release(): Promise<[sum: Float32Array, spare: Float32Array]> {
    return this.runtime.inPlace!([this.sum, this.spare], (sum, spare) => [sum, spare]);
  }

  dispose(): void {
    for (const t of [this.sum, this.spare, ...this.metrics]) t.dispose();
  }
}

export const noMetrics = (): AccumulateResult => Object.fromEntries(METRICS.map((m) => [m, 0])) as unknown as AccumulateResult;

export function addMetrics(sums: AccumulateResult, metrics: ArrayLike<number | bigint>): void {
  METRICS.forEach((m, i) => (sums[m] += Number(metrics[i])));
}

/** Where each response lies in what a graph is fed, and gives, by token. */
interface Placed {
  shape: [number, number];
  from: number[];
  /** Whether prompts have no place there. */
  packed: boolean;
}

function placed(rows: readonly Sequence[], { batch, length }: Bucket, graph: Bucket): Placed {
  if (graph.responses === undefined) return { shape: [batch, length], from: rows.map((s, i) => i * length + s.from - 1), packed: false };
  let end = 0;
  const from = rows.map((s) => (end += s.ids.length - s.from) - (s.ids.length - s.from));
  return { shape: [1, end], from, packed: true };
}

function fedValues(name: FeatureName, examples: readonly TrainExample[], { shape, from }: Placed, objective: string): Float32Array {
  const data = new Float32Array(shape[0] * shape[1]);
  examples.forEach((e, i) => {
    const at = from[i]!;
    if (name === 'advantage') data.fill(e.advantage ?? 0, at, at + e.ids.length - e.from);
    else {
      const values = e[FED_FROM[name as keyof typeof FED_FROM]];
      if (!values) throw new TypeError(`The objective ${objective} needs ${name}, which an example does not have.`);
      data.set(values, at);
    }
  });
  return data;
}

function tokenFeeds(rows: readonly Sequence[], { shape, from, packed }: Placed, { batch, length }: Bucket): Record<string, Feed> {
  const ids = new Int32Array(batch * length);
  const targets = new Int32Array(shape[0] * shape[1]);
  const picked = new Int32Array(packed ? targets.length : 0);
  rows.forEach((s, i) => {
    ids.set(s.ids.subarray(0, -1), i * length);
    targets.set(s.ids.subarray(s.from), from[i]);
    if (packed) for (let t = s.from - 1, at = from[i]!; t < s.ids.length - 1; t++) picked[at++] = i * length + t;
  });
  return {
    ids: { shape: [batch, length], data: ids },
    targets: { shape, data: targets },
    ...(packed && { picked: { shape: [picked.length], data: picked } }),
  };
}
