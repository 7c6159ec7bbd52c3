/** A policy's work, divided among its own thread and its replicas. What a replica fails to do the policy does itself. */
import type { GradientSum, PassContext, TrainingGraphs } from '../passes';
import type { FeatureName } from '../objective';
import { FED_FROM, positionsOf, scoreSequences, trainingKey } from '../passes';
import { plan } from '../feeds';
import type { AccumulateResult, Rollout, SampleRequest, Score, Sequence, TrainExample } from '../types';
import { merge, type Sink } from './merge';
import type { RemoteReplica } from './replicas';
import { shares, worthwhile, WORTH } from './shares';

const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);

/** Threads that sampling so many rows of so many prompts is worth. */
export const samplingThreads = ({ prompts, n }: SampleRequest, threads: number): number =>
  Math.min(prompts.length, worthwhile(prompts.length * n, WORTH.rows, threads));

/** Threads that a pass over these sequences is worth. */
export const passThreads = (sequences: readonly Sequence[], threads: number): number =>
  Math.min(Math.max(1, sequences.length), worthwhile(sum(sequences.map(positionsOf)), WORTH.positions, threads));

/** Prompts are dealt out whole, so that samples of one prompt share its keys and values. */
export function sampleInShares(
  local: (request: SampleRequest) => AsyncGenerator<Rollout, void, void>,
  replicas: readonly RemoteReplica[],
  request: SampleRequest,
): AsyncGenerator<Rollout, void, void> {
  const { signal, onPart: _, ...plain } = request;
  const parts = shares(
    request.prompts.map((p) => p.tokens.length),
    replicas.length + 1,
  ).map((share) => share.map((i) => request.prompts[i]!));
  const cancels: (() => void)[] = [];
  const cancel = (): void => cancels.forEach((c) => c());

  const here = async (sink: Sink<Rollout>, prompts: SampleRequest['prompts'], but?: ReadonlySet<string>): Promise<void> => {
    for await (const rollout of local({ ...request, prompts })) {
      if (sink.closed) return;
      if (!but?.has(rolloutKey(rollout))) sink.push(rollout);
    }
  };
  const there = async (sink: Sink<Rollout>, replica: RemoteReplica, prompts: SampleRequest['prompts']): Promise<void> => {
    const got = new Set<string>();
    const job = replica.sample({ ...plain, prompts }, (rollout) => {
      got.add(rolloutKey(rollout));
      sink.push(rollout);
    });
    cancels.push(job.cancel);
    try {
      await job.done;
    } catch {
      signal?.throwIfAborted();
      // Draws depend on the prompt and the seed alone: what is missing comes out as the replica would have drawn it.
      if (!sink.closed) await here(sink, prompts, got);
    }
  };
  signal?.addEventListener('abort', cancel, { once: true });
  const sources = [
    (sink: Sink<Rollout>) => here(sink, parts[0]!),
    ...replicas.map((replica, i) => (sink: Sink<Rollout>) => there(sink, replica, parts[i + 1]!)),
  ];
  return merge(sources, () => {
    signal?.removeEventListener('abort', cancel);
    cancel();
  });
}

const rolloutKey = (r: Rollout): string => `${r.candidate}/${r.key}`;

export async function scoreInShares(
  context: PassContext,
  replicas: readonly RemoteReplica[],
  sequences: readonly Sequence[],
  signal?: AbortSignal,
): Promise<Score[]> {
  const parts = shares(sequences.map(positionsOf), replicas.length + 1);
  const of = (part: readonly number[]): Sequence[] => part.map((i) => sequences[i]!);
  const jobs = replicas.map((replica, i) => replica.score(of(parts[i + 1]!)));
  const out = new Array<Score>(sequences.length);
  const place = (part: readonly number[], scores: readonly Score[]): void => part.forEach((i, at) => (out[i] = scores[at]!));
  try {
    place(parts[0]!, await scoreSequences(context, of(parts[0]!), signal));
    for (const [i, job] of jobs.entries()) {
      const part = parts[i + 1]!;
      signal?.throwIfAborted();
      place(part, await job.done.catch(() => scoreSequences(context, of(part), signal)));
    }
  } catch (error) {
    for (const job of jobs) job.cancel();
    throw error;
  }
  return out;
}

/** An example with the features that the objective reads and no others: every step's batch is copied to the replicas. */
function withFeatures({ ids, from, advantage, ...known }: TrainExample, fed: readonly FeatureName[]): TrainExample {
  const example: TrainExample = { ids, from };
  for (const name of fed) {
    if (name === 'advantage') {
      if (advantage !== undefined) example.advantage = advantage;
    } else if (name in FED_FROM) {
      const field = FED_FROM[name as keyof typeof FED_FROM];
      const values = known[field];
      if (values) example[field] = values;
    }
  }
  return example;
}

export async function accumulateInShares(
  context: PassContext,
  gradient: GradientSum,
  replicas: readonly RemoteReplica[],
  examples: readonly TrainExample[],
  graphs: TrainingGraphs,
  totalTokens: number,
): Promise<AccumulateResult> {
  const parts = shares(examples.map(positionsOf), replicas.length + 1).map((part) => part.map((i) => examples[i]!));
  const encoded = new Map<string, Uint8Array>();
  const { key, fed } = graphs;
  const jobs = replicas.map((replica, i) => {
    const part = parts[i + 1]!;
    const models: (readonly [string, Uint8Array])[] = [];
    for (const { graph } of plan(context.runtime, part.map(positionsOf))) {
      const name = trainingKey(key, graph);
      if (!replica.lacks(name)) continue;
      const model = encoded.get(name) ?? graphs.model(graph);
      encoded.set(name, model);
      models.push([name, model]);
    }
    return replica.accumulate({ examples: part.map((example) => withFeatures(example, fed)), totalTokens, objective: { key, fed }, models }).catch(() => null);
  });
  const own: TrainingGraphs = { ...graphs, model: (bucket) => encoded.get(trainingKey(key, bucket)) ?? graphs.model(bucket) };
  const sums = await gradient.accumulate(context, parts[0]!, own, totalTokens);
  for (const [i, job] of jobs.entries()) {
    const share = await job;
    if (share) {
      gradient.add(share.gradient);
      replicas[i]!.giveBack(share);
    }
    const add = share?.sums ?? (await gradient.accumulate(context, parts[i + 1]!, own, totalTokens));
    for (const name of Object.keys(sums) as (keyof AccumulateResult)[]) sums[name] += add[name];
  }
  return sums;
}
