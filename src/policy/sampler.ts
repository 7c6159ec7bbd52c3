import { encode } from '../tensor';
import type { LlamaConfig } from './config';
import { roundUp, LENGTH_STEP } from './buckets';
import { byParameter, graphOptions } from './feeds';
import { blockGraph, prefillGraph, type SamplingMode } from './graphs/decoding';
import { firstHalves, ropeTable } from './graphs/llama';
import { KvCache, type CacheBlock } from './kv-cache';
import { uniform } from './random';
import type { DeviceTensor, Feed, Runtime } from './runtime/types';
import type { SessionCache } from './sessions';
import type { Rollout, SampleRequest } from './types';

/** Tokens per session run, unless the policy was created with another number. More amortises reading the cache; fewer wastes less after an EOS. */
export const BLOCK_STEPS = 8;
/** Rows generated side by side: enough for full-speed products, few enough that their cache stays near the processor. */
const MAX_ROWS = 128;
/** For a few samples, blocks of fewer tokens: building the session, which grows faster than its length, would take longer than sampling. */
const FEW = { rows: 8, steps: 4 };
/** Row counts and cache lengths that a provider is given: the CPU's take any, a GPU compiles shaders for each. */
const SHAPES = {
  fused: { rows: (n: number) => n, cacheStep: 16 },
  plain: { rows: (n: number) => [1, 8, 32].find((r) => r >= n) ?? roundUp(n, 64), cacheStep: 64 },
};
/** Sizes that stand for the open ones while the graph is built: no other size in it is equal, and no context is longer. */
const OPEN = { batch: 13, cache: 1_048_583 };
const PREFILL_ROWS = 8;
/** f32 arithmetic must not round a uniform up to 1. */
const LARGEST_UNIFORM = 1 - 2 ** -20;

interface Row {
  prompt: number;
  candidate: number;
  tokens: number[];
  logProbs: number[];
  samplingLogProbs: number[];
  /** Positions in the cache. */
  used: number;
  /** The token that the next block starts from. */
  last: number;
}

export interface SamplerContext {
  config: LlamaConfig;
  runtime: Runtime;
  sessions: SessionCache;
  parameters: DeviceTensor;
  eosId: number;
  maxLength: number;
  blockSteps: number;
}

/**
 * Samples n responses to each prompt, many rows at a time. A row that ends frees its slot for the next waiting one at the block's end.
 * Yields rollouts as they finish. The draw of a token depends on (seed, purpose, key, candidate, position) only.
 * Throws RangeError for a prompt that leaves no room to answer.
 */
export async function* sampleRollouts(context: SamplerContext, request: SampleRequest): AsyncGenerator<Rollout, void, void> {
  checkRequest(context, request);
  const waiting = request.prompts.flatMap((_, prompt) => Array.from({ length: request.n }, (_, candidate) => ({ prompt, candidate })));
  if (waiting.length === 0) return;
  const blockSteps = waiting.length <= FEW.rows ? Math.min(FEW.steps, context.blockSteps) : context.blockSteps;
  const ctx = { ...context, blockSteps };
  const prompts = new PromptCache(ctx, request);
  const block = new Block(ctx, request);
  let rows: Row[] = [];
  let next = 0;

  for (;;) {
    request.signal?.throwIfAborted();
    const kept = rows.length;
    while (rows.length < MAX_ROWS && next < waiting.length) {
      const { prompt, candidate } = waiting[next++]!;
      await prompts.prepare(prompt);
      const ids = request.prompts[prompt]!.tokens;
      rows.push({ prompt, candidate, tokens: [], logProbs: [], samplingLogProbs: [], used: ids.length - 1, last: ids[ids.length - 1]! });
    }
    if (rows.length === 0) return;
    block.reserve(rows, kept);
    for (let i = kept; i < rows.length; i++) block.admit(i, prompts.get(rows[i]!.prompt), rows[i]!.used);

    const out = await block.run(rows);
    const finished: Rollout[] = [];
    const staying: number[] = [];
    for (const [i, row] of rows.entries()) {
      const prompt = request.prompts[row.prompt]!;
      const finish = extend(row, out, i, ctx, Math.min(request.maxNewTokens, ctx.maxLength - prompt.tokens.length));
      if (!finish) {
        staying.push(i);
        continue;
      }
      finished.push({
        key: prompt.key,
        candidate: row.candidate,
        prompt: prompt.tokens,
        tokens: Int32Array.from(row.tokens),
        logProbs: Float32Array.from(row.logProbs),
        samplingLogProbs: Float32Array.from(row.samplingLogProbs),
        finish,
      });
    }
    rows = block.keep(rows, staying, out.cache);
    yield* finished;
  }
}

/** Appends a block's tokens to a row, up to EOS or the limit; says whether that ended it. */
function extend(row: Row, out: BlockOutput, i: number, ctx: SamplerContext, limit: number): Rollout['finish'] | null {
  const steps = ctx.blockSteps;
  for (let s = 0; s < steps; s++) {
    const token = out.tokens[i * steps + s]!;
    row.tokens.push(token);
    row.logProbs.push(out.logProbs[i * steps + s]!);
    row.samplingLogProbs.push(out.samplingLogProbs[i * steps + s]!);
    if (token === ctx.eosId) return 'eos';
    if (row.tokens.length >= limit) return 'length';
  }
  row.last = row.tokens[row.tokens.length - 1]!;
  return null;
}

/** The runtime would fail on such an id with a message about a Gather node. */
export function checkIds(ids: Int32Array, vocabSize: number): void {
  const bad = ids.find((id) => id < 0 || id >= vocabSize);
  if (bad !== undefined) throw new RangeError(`The token id ${bad} is outside the policy's vocabulary of ${vocabSize}.`);
}

/** @throws RangeError for a request that makes no sense or leaves no room to answer. */
export function checkRequest(ctx: Pick<SamplerContext, 'config' | 'maxLength'>, r: SampleRequest): void {
  if (!(r.n >= 1) || !Number.isInteger(r.n))
    throw new RangeError(`The number of samples per prompt is ${r.n}; it must be a positive integer.`);
  if (!(r.temperature >= 0)) throw new RangeError(`The temperature is ${r.temperature}; it must be 0 or more.`);
  if (!(r.topP > 0 && r.topP <= 1)) throw new RangeError(`top-p is ${r.topP}; it must be above 0 and at most 1.`);
  if (!(r.maxNewTokens >= 1)) throw new RangeError(`The limit of new tokens is ${r.maxNewTokens}; it must be at least 1.`);
  for (const p of r.prompts) {
    checkIds(p.tokens, ctx.config.vocabSize);
    if (p.tokens.length === 0) throw new RangeError(`The prompt of ${p.key} is empty.`);
    if (p.tokens.length >= ctx.maxLength) {
      throw new RangeError(
        `The prompt of ${p.key} has ${p.tokens.length} tokens; the policy's context of ${ctx.maxLength} leaves no room for an answer.`,
      );
    }
  }
}

interface BlockOutput {
  tokens: Int32Array;
  logProbs: Float32Array;
  samplingLogProbs: Float32Array;
  /** What the block adds to the cache. */
  cache: CacheBlock;
}

/** The block graph's session with the cache that it reads: rows come, stay and go, and the cache follows. */
class Block {
  private readonly mode: SamplingMode;
  private readonly table: { cos: Float32Array; sin: Float32Array };
  private readonly shapes: (typeof SHAPES)['fused'];
  private readonly cache: KvCache;

  constructor(
    private readonly ctx: SamplerContext,
    private readonly request: SampleRequest,
  ) {
    const { config, maxLength, blockSteps } = ctx;
    const { temperature, topP } = request;
    this.mode = temperature === 0 ? 'greedy' : topP < 1 ? 'top-p' : temperature === 1 ? 'unit' : 'full';
    const { cos, sin } = ropeTable(config, maxLength + blockSteps);
    this.table = { cos: firstHalves(cos, config.headDim), sin: firstHalves(sin, config.headDim) };
    this.shapes = SHAPES[ctx.runtime.kernels];
    this.cache = new KvCache(config);
  }

  /** Makes the cache fit these rows; it holds the first `kept` of them already. */
  reserve(rows: readonly Row[], kept: number): void {
    this.fit(this.shapes.rows(rows.length), kept, Math.max(1, ...rows.map((r) => r.used)));
  }

  /** Copies a prompt's keys and values into a row. */
  admit(row: number, prompt: { block: CacheBlock; row: number }, length: number): void {
    this.cache.fill(row, 0, prompt.block, prompt.row, length);
  }

  /** Generates `blockSteps` tokens for each row and keeps their keys and values. */
  async run(rows: readonly Row[]): Promise<BlockOutput> {
    const { config, sessions, runtime, blockSteps: steps } = this.ctx;
    const session = await sessions.get(`block/${steps}/${this.mode}`, () =>
      encode(blockGraph(config, { ...OPEN, steps }, this.mode, graphOptions(runtime))),
    );
    const layers = Array.from({ length: config.layers }, (_, l) => l);
    const names = ['tokens', 'logProbs', 'samplingLogProbs', ...layers.flatMap((l) => [`newK${l}`, `newV${l}`])];
    const out = (await session.run(this.feeds(rows), Object.fromEntries(names.map((n) => [n, 'host' as const])))) as Record<
      string,
      Float32Array
    >;
    const fresh = { keys: layers.map((l) => out[`newK${l}`]!), values: layers.map((l) => out[`newV${l}`]!), stride: steps };
    return { ...(out as unknown as Omit<BlockOutput, 'cache'>), cache: fresh };
  }

  /** Lets go of rows that ended and adds the block to the others, which move to the front. */
  keep(rows: readonly Row[], staying: readonly number[], added: CacheBlock): Row[] {
    const { blockSteps } = this.ctx;
    const out = staying.map((i) => rows[i]!);
    // Rows only ever move forward, so one is never overwritten before it has moved.
    staying.forEach((from, to) => {
      if (from !== to) this.cache.fill(to, 0, this.cache, from, rows[from]!.used);
    });
    this.fit(this.cache.shape[0]!, out.length, Math.max(this.cache.stride, ...out.map((row) => row.used + blockSteps)));
    out.forEach((row, i) => {
      this.cache.fill(i, row.used, added, staying[i]!, blockSteps);
      row.used += blockSteps;
    });
    return out;
  }

  private fit(size: number, kept: number, longest: number): void {
    this.cache.resize(size, roundUp(longest, this.shapes.cacheStep), kept);
  }

  private feeds(rows: readonly Row[]): Record<string, Feed> {
    const { ctx, request, mode, table, cache } = this;
    const { config, blockSteps: steps } = ctx;
    const [size, , capacity] = cache.shape as [number, number, number];
    const half = config.headDim / 2;
    const first = new Int32Array(size);
    const bias = new Float32Array(size * capacity).fill(-1e9);
    const cos = new Float32Array(steps * size * half);
    const sin = new Float32Array(steps * size * half);
    const uniforms = new Float32Array(steps * size);
    for (let s = 0; s < steps; s++) {
      rows.forEach((row, i) => {
        const at = (row.used + s) * half;
        cos.set(table.cos.subarray(at, at + half), (s * size + i) * half);
        sin.set(table.sin.subarray(at, at + half), (s * size + i) * half);
        if (mode === 'greedy') return;
        const u = uniform(request.seed, request.purpose, request.prompts[row.prompt]!.key, row.candidate, row.tokens.length + s);
        uniforms[s * size + i] = Math.min(u, LARGEST_UNIFORM);
      });
    }
    rows.forEach((row, i) => {
      first[i] = row.last;
      bias.fill(0, i * capacity, i * capacity + row.used);
    });
    const feeds: Record<string, Feed> = {
      ...byParameter(ctx.runtime, config, ctx.parameters, 'parameters'),
      first: { shape: [size], data: first },
      cacheBias: { shape: [size, 1, 1, capacity], data: bias },
      cos: { shape: [steps, size, half], data: cos },
      sin: { shape: [steps, size, half], data: sin },
    };
    if (mode !== 'greedy') feeds.uniforms = { shape: [steps, size, 1], data: uniforms };
    if (mode === 'full' || mode === 'top-p') feeds.inverseTemperature = { shape: [1], data: Float32Array.of(1 / request.temperature) };
    if (mode === 'top-p') feeds.topP = { shape: [1], data: Float32Array.of(request.topP) };
    for (let l = 0; l < config.layers; l++) {
      feeds[`k${l}`] = { shape: cache.shape, data: cache.view('keys', l) };
      feeds[`v${l}`] = { shape: cache.shape, data: cache.view('values', l) };
    }
    return feeds;
  }
}

/** Keys and values of each prompt but its last token, computed once and shared by its samples. */
class PromptCache {
  private readonly ready = new Map<number, { block: CacheBlock; row: number }>();
  constructor(
    private readonly ctx: SamplerContext,
    private readonly request: SampleRequest,
  ) {}

  get(prompt: number): { block: CacheBlock; row: number } {
    return this.ready.get(prompt)!;
  }

  /** Prefills this prompt and the ones after it, a batch at a time. */
  async prepare(prompt: number): Promise<void> {
    if (this.ready.has(prompt)) return;
    // Earlier prompts are done with: rows are admitted in order.
    for (const p of this.ready.keys()) if (p < prompt - MAX_ROWS) this.ready.delete(p);
    const { config, runtime, sessions, parameters } = this.ctx;
    const group = this.request.prompts.slice(prompt, prompt + PREFILL_ROWS);
    const length = roundUp(Math.max(1, ...group.map((p) => p.tokens.length - 1)), LENGTH_STEP);
    const batch = group.length === 1 ? 1 : PREFILL_ROWS;
    const ids = new Int32Array(batch * length);
    group.forEach((p, i) => ids.set(p.tokens.subarray(0, p.tokens.length - 1), i * length));
    const session = await sessions.get(`prefill/${batch}/${length}`, () =>
      encode(prefillGraph(config, batch, length, graphOptions(runtime))),
    );
    const layers = Array.from({ length: config.layers }, (_, l) => l);
    const out = await session.run(
      { ...byParameter(runtime, config, parameters, 'parameters'), ids: { shape: [batch, length], data: ids } },
      Object.fromEntries(layers.flatMap((l) => [[`k${l}`, 'host' as const] as const, [`v${l}`, 'host' as const] as const])),
    );
    const block: CacheBlock = {
      keys: layers.map((l) => out[`k${l}`] as Float32Array),
      values: layers.map((l) => out[`v${l}`] as Float32Array),
      stride: length,
    };
    group.forEach((_, row) => this.ready.set(prompt + row, { block, row }));
  }
}
