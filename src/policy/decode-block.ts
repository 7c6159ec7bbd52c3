import { encode } from '../tensor';
import { roundUp } from './buckets';
import type { LlamaConfig } from './config';
import { byParameter, graphOptions } from './feeds';
import { blockGraph, type SamplingMode } from './graphs/decoding';
import { firstHalves, ropeTable } from './graphs/llama';
import type { GraphOptions } from './graphs/training';
import { KvCache, type CacheBlock } from './kv-cache';
import type { PromptCache } from './prompt-cache';
import type { Uniforms } from './random';
import type { Feed } from './runtime/types';
import type { SamplerContext } from './sampler';
import type { SessionCache } from './sessions';
import { SharedPromptFeeds } from './shared-prompts';
import type { SampleRequest } from './types';

/** Row counts and cache lengths that a provider is given: the CPU's take any, a GPU compiles shaders for each. */
const FEW_SHAPES = { rows: (n: number) => [1, 8, 32].find((r) => r >= n) ?? roundUp(n, 64), cacheStep: 64 };
const SHAPES = { fused: { rows: (n: number) => n, cacheStep: 16 }, gpu: FEW_SHAPES, plain: FEW_SHAPES };
/** Sizes that stand for the open ones while the graph is built: no other size in it is equal, and no context is longer. */
const OPEN = { batch: 13, cache: 1_048_583 };
const OPEN_SHARED = { prompts: 11, rows: 19, length: 1_048_589, responses: 23 };

export const blockKey = (steps: number, mode: SamplingMode, shared: boolean): string => `block/${steps}/${mode}${shared ? '/shared' : ''}`;
/** The graph of `steps` tokens for any number of rows, encoded; `shared`: whose responses share prompts. */
export const openBlock = (config: LlamaConfig, steps: number, mode: SamplingMode, shared: boolean, options: GraphOptions): Uint8Array =>
  encode(blockGraph(config, { ...OPEN, ...(shared && { shared: OPEN_SHARED }), steps }, mode, options));

/** f32 arithmetic must not round a uniform up to 1. */
const LARGEST_UNIFORM = 1 - 2 ** -20;

/** One of a prompt's responses. */
export interface PendingResponse {
  readonly candidate: number;
  /** What its token at a position is drawn with. */
  readonly uniforms: Uniforms;
}

/** Responses to a prompt that have drawn the same tokens so far: generated as one until a draw parts them. */
export interface Row {
  readonly prompt: number;
  /** The first of them leads. Without sharing there is one. */
  responses: readonly PendingResponse[];
  /** Positions of the prompt that are prefilled: all but its last token. */
  readonly prefilled: number;
  tokens: number[];
  logProbs: number[];
  behaviorLogProbs: number[];
  /** The token that the next block starts from. */
  last: number;
}

/** A row of the next block: the row of this block that it goes on from, and how many of the block's positions it has of it. */
export interface Continued {
  row: Row;
  from: number;
  positions: number;
}

/** What each response drew, those of the first row first. */
export interface BlockOutput {
  tokens: Int32Array;
  logProbs: Float32Array;
  behaviorLogProbs: Float32Array;
  /** What the block adds to the cache. */
  cache: CacheBlock;
}

/** A cache for the next request: its memory is tens of MiB, whose first use costs as much as moving it a dozen times. */
const idle = new WeakMap<SessionCache, KvCache>();

/** The block graph's session with the cache that it reads: rows come, stay and go, and the cache follows. */
export class DecodeBlock {
  private readonly mode: SamplingMode;
  private readonly table: { cos: Float32Array; sin: Float32Array };
  private readonly shapes: (typeof SHAPES)['fused'];
  private readonly cache: KvCache;
  private readonly shared: SharedPromptFeeds | null;
  private readonly parameters: Record<string, Feed>;
  /** Whether nothing but finite numbers was computed, so that none other can be in the cache. */
  private finite = true;

  constructor(
    private readonly ctx: SamplerContext,
    private readonly request: SampleRequest,
    private readonly prompts: PromptCache,
    shared: boolean,
  ) {
    const { config, maxLength, blockSteps } = ctx;
    const { temperature, topP } = request;
    this.mode = temperature === 0 ? 'greedy' : topP < 1 ? 'top-p' : temperature === 1 ? 'unit' : 'full';
    const { cos, sin } = ropeTable(config, maxLength + blockSteps);
    this.table = { cos: firstHalves(cos, config.headDim), sin: firstHalves(sin, config.headDim) };
    this.shapes = SHAPES[ctx.runtime.kernels];
    this.cache = idle.get(ctx.sessions) ?? new KvCache(config);
    idle.delete(ctx.sessions);
    this.shared = shared ? new SharedPromptFeeds(config) : null;
    this.parameters = byParameter(ctx.runtime, config, ctx.parameters, 'parameters');
  }

  /** Makes the cache fit these rows, of which it holds the first `kept` already. */
  admit(rows: readonly Row[], kept: number): void {
    this.fit(this.shapes.rows(rows.length), kept, Math.max(1, ...rows.map((r) => this.cached(r))));
    if (this.shared) this.shared.arrange(rows, this.prompts);
    else {
      rows.slice(kept).forEach((row, i) => {
        const { block, row: from } = this.prompts.get(row.prompt);
        this.cache.fill(block, [{ from, to: kept + i, at: 0, count: row.prefilled }]);
      });
    }
  }

  /** Generates `blockSteps` tokens for each row. */
  async run(rows: readonly Row[]): Promise<BlockOutput> {
    const { config, sessions, runtime, blockSteps: steps } = this.ctx;
    const shared = this.shared !== null;
    const session = await sessions.get(blockKey(steps, this.mode, shared), () =>
      openBlock(config, steps, this.mode, shared, graphOptions(runtime)),
    );
    const layers = Array.from({ length: config.layers }, (_, l) => l);
    const names = ['tokens', 'logProbs', 'behaviorLogProbs', ...layers.flatMap((l) => [`newK${l}`, `newV${l}`])];
    const out = (await session.run(this.feeds(rows), Object.fromEntries(names.map((n) => [n, 'host' as const])))) as Record<
      string,
      Float32Array
    >;
    // Keys or values that are not finite spoil the log-probs of the token that they belong to.
    this.finite &&= out.logProbs!.every(Number.isFinite);
    const fresh = { keys: layers.map((l) => out[`newK${l}`]!), values: layers.map((l) => out[`newV${l}`]!), stride: steps };
    return { ...(out as unknown as Omit<BlockOutput, 'cache'>), cache: fresh };
  }

  /** Leaves the cache to the next request, where what no row uses has to be finite. */
  release(): void {
    if (this.finite) idle.set(this.ctx.sessions, this.cache);
  }

  /** Lets go of every row but those that others go on from, and adds the block's positions. Rows stay in their places where they can. */
  keep(next: readonly Continued[], added: CacheBlock): Row[] {
    const { cache } = this;
    const size = cache.shape[0]!;
    if (next.length > size) cache.resize(next.length, cache.stride, size);
    const before = ({ row, positions }: Continued): number => this.cached(row) - positions;
    const out = places(next.map((n) => n.from)).map((i) => next[i]!);
    const placed = out.map((n, to) => ({ from: n.from, to, at: before(n), count: n.positions }));
    cache.fill(
      cache,
      placed.filter(({ from, to }) => from !== to).map(({ from, to, at }) => ({ from, to, at: 0, count: at })),
    );
    this.fit(cache.shape[0]!, out.length, Math.max(cache.stride, ...out.map((n) => this.cached(n.row))));
    cache.fill(added, placed);
    return out.map((n) => n.row);
  }

  /** Positions of a row in its cache. */
  private cached(row: Row): number {
    return row.tokens.length + (this.shared ? 0 : row.prefilled);
  }

  private fit(size: number, kept: number, longest: number): void {
    this.cache.resize(size, roundUp(longest, this.shapes.cacheStep), kept);
  }

  private feeds(rows: readonly Row[]): Record<string, Feed> {
    const { request, mode, table, cache } = this;
    const { config, blockSteps: steps } = this.ctx;
    const [size, , capacity] = cache.shape as [number, number, number];
    const half = config.headDim / 2;
    const first = new Int32Array(size);
    const bias = new Float32Array(size * capacity).fill(-1e9);
    const cos = new Float32Array(steps * size * half);
    const sin = new Float32Array(steps * size * half);
    const responses = this.shared ? rows.reduce((n, row) => n + row.responses.length, 0) : size;
    const drawn = mode === 'greedy' ? null : new Float32Array(steps * responses);
    const [responseRows, leaders] = [new Int32Array(responses), new Int32Array(size)];
    let response = 0;
    for (const [i, row] of rows.entries()) {
      first[i] = row.last;
      bias.fill(0, i * capacity, i * capacity + this.cached(row));
      const begin = (row.prefilled + row.tokens.length) * half;
      for (let s = 0; s < steps; s++) {
        const to = (s * size + i) * half;
        const from = begin + s * half;
        for (let j = 0; j < half; j++) {
          cos[to + j] = table.cos[from + j]!;
          sin[to + j] = table.sin[from + j]!;
        }
      }
      leaders[i] = response;
      for (const { uniforms } of row.responses) {
        responseRows[response] = i;
        if (drawn) for (let s = 0; s < steps; s++) drawn[s * responses + response] = Math.min(uniforms(row.tokens.length + s), LARGEST_UNIFORM);
        response++;
      }
    }
    const feeds: Record<string, Feed> = {
      ...this.parameters,
      ...this.shared?.feeds(rows),
      ...(this.shared && { responseRows: { shape: [responses], data: responseRows }, leaders: { shape: [size], data: leaders } }),
      first: { shape: [size], data: first },
      cacheBias: { shape: [size, 1, 1, capacity], data: bias },
      cos: { shape: [steps, size, half], data: cos },
      sin: { shape: [steps, size, half], data: sin },
    };
    if (drawn) feeds.uniforms = { shape: [steps, responses, 1], data: drawn };
    if (mode === 'full' || mode === 'top-p') feeds.inverseTemperature = { shape: [1], data: Float32Array.of(1 / request.temperature) };
    if (mode === 'top-p') feeds.topP = { shape: [1], data: Float32Array.of(request.topP) };
    for (let l = 0; l < config.layers; l++) {
      feeds[`k${l}`] = { shape: cache.shape, data: cache.view('keys', l) };
      feeds[`v${l}`] = { shape: cache.shape, data: cache.view('values', l) };
    }
    return feeds;
  }
}

/** For each place the index of what goes there: what can stays where it is, the rest takes the places that are free. Nothing is read from a free place. */
function places(from: readonly number[]): number[] {
  const out = new Array<number>(from.length).fill(-1);
  const rest: number[] = [];
  from.forEach((place, i) => {
    if (out[place] === -1) out[place] = i;
    else rest.push(i);
  });
  return out.map((i) => (i === -1 ? rest.pop()! : i));
}
