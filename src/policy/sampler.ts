import type { LlamaConfig } from './config';
import { roundUp, LENGTH_STEP } from './buckets';
import { blockGraph, cacheWidth, prefillGraph, type SamplingMode } from './graphs/decoding';
import { ropeTable } from './graphs/llama';
import { uniform } from './random';
import type { DeviceTensor, Feed, Runtime } from './runtime/types';
import type { SessionCache } from './sessions';
import type { Rollout, SampleRequest } from './types';

/** Tokens per session run, unless the policy was created with another number. More amortises reading the cache; fewer wastes less after an EOS. */
export const BLOCK_STEPS = 16;
/** Cache lengths are multiples of this, so that few graphs are built. */
const CACHE_STEP = 64;
const BATCHES = [1, 8, 32, 64];
const PREFILL_BATCH = 8;
/** f32 arithmetic must not round a uniform up to 1. */
const LARGEST_UNIFORM = 1 - 2 ** -20;

interface Row {
  prompt: number;
  candidate: number;
  tokens: number[];
  logProbs: number[];
  samplingLogProbs: number[];
  /** Positions in the cache. */
  cached: number;
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
export async function* sampleRollouts(ctx: SamplerContext, request: SampleRequest): AsyncGenerator<Rollout, void, void> {
  const { config, blockSteps: steps } = ctx;
  checkRequest(ctx, request);
  const waiting = request.prompts.flatMap((_, prompt) => Array.from({ length: request.n }, (_, candidate) => ({ prompt, candidate })));
  if (waiting.length === 0) return;
  const prompts = new PromptCache(ctx, request);
  const mode: SamplingMode = request.temperature === 0 ? 'greedy' : request.topP < 1 ? 'top-p' : 'full';
  const table = ropeTable(config, ctx.maxLength + steps);
  const width = cacheWidth(config);

  let batch = BATCHES.find((b) => b >= waiting.length) ?? BATCHES[BATCHES.length - 1]!;
  let slots: (Row | null)[] = new Array<Row | null>(batch).fill(null);
  let cache = new KvCache(config, batch);
  let next = 0;

  for (;;) {
    request.signal?.throwIfAborted();
    for (let b = 0; b < batch && next < waiting.length; b++) {
      if (slots[b]) continue;
      const { prompt, candidate } = waiting[next]!;
      await prompts.prepare(prompt);
      const ids = request.prompts[prompt]!.tokens;
      cache.admit(b, prompts.get(prompt), ids.length - 1);
      slots[b] = { prompt, candidate, tokens: [], logProbs: [], samplingLogProbs: [], cached: ids.length - 1, last: ids[ids.length - 1]! };
      next++;
    }
    const active = slots.filter((s) => s !== null).length;
    if (active === 0) return;
    const smaller = BATCHES.find((b) => b >= active)!;
    if (smaller < batch && next >= waiting.length) {
      // The queue is empty: a smaller batch does not compute empty rows.
      const keep = slots.flatMap((s, b) => (s ? [b] : []));
      cache = cache.compact(keep, smaller);
      slots = Array.from({ length: smaller }, (_, i) => (i < keep.length ? slots[keep[i]!]! : null));
      batch = smaller;
    }

    const longest = Math.max(...slots.map((s) => s?.cached ?? 0), 1);
    const length = Math.min(roundUp(longest, CACHE_STEP), roundUp(ctx.maxLength, CACHE_STEP));
    cache.reserve(length);
    const session = await ctx.sessions.get(`block/${batch}/${length}/${steps}/${mode}`, () =>
      blockGraph(config, { batch, cache: length, steps }, mode),
    );
    const feeds = blockFeeds(ctx, request, slots, cache, length, table, mode);
    const names = ['tokens', 'logProbs', 'samplingLogProbs', ...cache.layers.map((_, l) => `kv${l}`)];
    const out = await session.run(feeds, Object.fromEntries(names.map((n) => [n, 'host' as const])));
    const tokens = out.tokens as Int32Array;

    for (let b = 0; b < batch; b++) {
      const row = slots[b];
      if (!row) continue;
      const limit = Math.min(request.maxNewTokens, ctx.maxLength - request.prompts[row.prompt]!.tokens.length);
      let finish: Rollout['finish'] | null = null;
      for (let s = 0; s < steps && !finish; s++) {
        const token = tokens[b * steps + s]!;
        row.tokens.push(token);
        row.logProbs.push(out.logProbs![b * steps + s] as number);
        row.samplingLogProbs.push(out.samplingLogProbs![b * steps + s] as number);
        if (token === ctx.eosId) finish = 'eos';
        else if (row.tokens.length >= limit) finish = 'length';
      }
      if (finish) {
        const prompt = request.prompts[row.prompt]!;
        slots[b] = null;
        yield {
          key: prompt.key,
          candidate: row.candidate,
          prompt: prompt.tokens,
          tokens: Int32Array.from(row.tokens),
          logProbs: Float32Array.from(row.logProbs),
          samplingLogProbs: Float32Array.from(row.samplingLogProbs),
          finish,
        };
        continue;
      }
      cache.append(b, row.cached, steps, out as Record<string, Float32Array>, width);
      row.cached += steps;
      row.last = row.tokens[row.tokens.length - 1]!;
    }
  }
}

/** The runtime would fail on such an id with a message about a Gather node. */
export function checkIds(ids: Int32Array, vocabSize: number): void {
  const bad = ids.find((id) => id < 0 || id >= vocabSize);
  if (bad !== undefined) throw new RangeError(`The token id ${bad} is outside the policy's vocabulary of ${vocabSize}.`);
}

function checkRequest(ctx: SamplerContext, r: SampleRequest): void {
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

function blockFeeds(
  ctx: SamplerContext,
  request: SampleRequest,
  slots: readonly (Row | null)[],
  cache: KvCache,
  length: number,
  table: { cos: Float32Array; sin: Float32Array },
  mode: SamplingMode,
): Record<string, Feed> {
  const batch = slots.length;
  const hd = ctx.config.headDim;
  const steps = ctx.blockSteps;
  const first = new Int32Array(batch);
  const bias = new Float32Array(batch * length).fill(-1e9);
  const cos = new Float32Array(batch * steps * hd);
  const sin = new Float32Array(batch * steps * hd);
  const uniforms = new Float32Array(batch * steps);
  slots.forEach((row, b) => {
    const from = row?.cached ?? 0;
    cos.set(table.cos.subarray(from * hd, (from + steps) * hd), b * steps * hd);
    sin.set(table.sin.subarray(from * hd, (from + steps) * hd), b * steps * hd);
    if (!row) return;
    first[b] = row.last;
    bias.fill(0, b * length, b * length + row.cached);
    if (mode === 'greedy') return;
    for (let s = 0; s < steps; s++) {
      const u = uniform(request.seed, request.purpose, request.prompts[row.prompt]!.key, row.candidate, row.tokens.length + s);
      uniforms[b * steps + s] = Math.min(u, LARGEST_UNIFORM);
    }
  });
  const feeds: Record<string, Feed> = {
    parameters: ctx.parameters,
    first: { shape: [batch], data: first },
    cacheBias: { shape: [batch, length], data: bias },
    cos: { shape: [batch, steps, hd], data: cos },
    sin: { shape: [batch, steps, hd], data: sin },
  };
  if (mode !== 'greedy') {
    feeds.uniforms = { shape: [batch, steps], data: uniforms };
    feeds.inverseTemperature = { shape: [1], data: Float32Array.of(1 / request.temperature) };
  }
  if (mode === 'top-p') feeds.topP = { shape: [1], data: Float32Array.of(request.topP) };
  cache.layers.forEach((data, l) => {
    feeds[`cache${l}`] = { shape: [length, batch, cache.width], data: data.subarray(0, length * batch * cache.width) };
  });
  return feeds;
}

/** Keys and values by layer, [position, row, width]: positions first, so that a shorter cache is a view. */
class KvCache {
  readonly width: number;
  layers: Float32Array[];
  private capacity = 0;
  constructor(
    private readonly config: LlamaConfig,
    private readonly batch: number,
  ) {
    this.width = cacheWidth(config);
    this.layers = Array.from({ length: config.layers }, () => new Float32Array(0));
  }

  reserve(length: number): void {
    if (length <= this.capacity) return;
    this.layers = this.layers.map((old) => {
      const grown = new Float32Array(length * this.batch * this.width);
      grown.set(old);
      return grown;
    });
    this.capacity = length;
  }

  /** Copies a prompt's keys and values into a row. */
  admit(row: number, prompt: Float32Array[], length: number): void {
    this.reserve(roundUp(Math.max(1, length), CACHE_STEP));
    for (const [l, source] of prompt.entries()) {
      const target = this.layers[l]!;
      for (let t = 0; t < length; t++) {
        target.set(source.subarray(t * this.width, (t + 1) * this.width), (t * this.batch + row) * this.width);
      }
    }
  }

  append(row: number, from: number, steps: number, out: Record<string, Float32Array>, width: number): void {
    this.reserve(roundUp(from + steps, CACHE_STEP));
    for (const [l, target] of this.layers.entries()) {
      const source = out[`kv${l}`]!;
      for (let s = 0; s < steps; s++) {
        const at = (s * this.batch + row) * width;
        target.set(source.subarray(at, at + width), ((from + s) * this.batch + row) * width);
      }
    }
  }

  /** The given rows as a cache of another batch size. */
  compact(rows: readonly number[], batch: number): KvCache {
    const out = new KvCache(this.config, batch);
    out.reserve(this.capacity);
    for (const [l, source] of this.layers.entries()) {
      for (let t = 0; t < this.capacity; t++) {
        rows.forEach((row, i) => {
          const at = (t * this.batch + row) * this.width;
          out.layers[l]!.set(source.subarray(at, at + this.width), (t * batch + i) * this.width);
        });
      }
    }
    return out;
  }
}

/** Keys and values of each prompt but its last token, computed once and shared by its samples. */
class PromptCache {
  private readonly ready = new Map<number, Float32Array[]>();
  constructor(
    private readonly ctx: SamplerContext,
    private readonly request: SampleRequest,
  ) {}

  get(prompt: number): Float32Array[] {
    return this.ready.get(prompt)!;
  }

  /** Prefills this prompt and the ones after it, a batch at a time. */
  async prepare(prompt: number): Promise<void> {
    if (this.ready.has(prompt)) return;
    // Earlier prompts are done with: rows are admitted in order.
    for (const p of this.ready.keys()) if (p < prompt - 1) this.ready.delete(p);
    const { config, sessions, parameters } = this.ctx;
    const group = this.request.prompts.slice(prompt, prompt + PREFILL_BATCH);
    const length = roundUp(Math.max(1, ...group.map((p) => p.tokens.length - 1)), LENGTH_STEP);
    const batch = BATCHES.find((b) => b >= group.length)!;
    const ids = new Int32Array(batch * length);
    group.forEach((p, i) => ids.set(p.tokens.subarray(0, p.tokens.length - 1), i * length));
    const session = await sessions.get(`prefill/${batch}/${length}`, () => prefillGraph(config, batch, length));
    const names = Array.from({ length: config.layers }, (_, l) => `kv${l}`);
    const out = await session.run(
      { parameters, ids: { shape: [batch * length], data: ids } },
      Object.fromEntries(names.map((n) => [n, 'host' as const])),
    );
    const width = cacheWidth(config);
    group.forEach((_, i) => {
      this.ready.set(
        prompt + i,
        names.map((n) => (out[n] as Float32Array).subarray(i * length * width, (i + 1) * length * width)),
      );
    });
  }
}
