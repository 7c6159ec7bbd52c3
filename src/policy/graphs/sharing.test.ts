// @vitest-environment node
/** A block whose rows share prompts, against the plain graph in which every row's cache holds its prompt. */
import * as ort from 'onnxruntime-web/wasm';
import { describe, expect, it } from 'vitest';
import { encode, type TypedArray } from '../../tensor';
import { testValues } from '../../tensor/testing/gradcheck';
import { KvCache, type CacheBlock } from '../kv-cache';
import { initialParameters, parameterTable } from '../parameters';
import type { PromptCache } from '../prompt-cache';
import { createNodeRuntime } from '../runtime/node';
import { ArrayRuntime } from '../runtime/ort';
import type { Feed, Runtime } from '../runtime/types';
import { SharedPromptFeeds } from '../shared-prompts';
import { MICRO as config } from '../testing/micro';
import { blockGraph, type SamplingMode } from './decoding';

ort.env.wasm.numThreads = 1;
const wasm = new ArrayRuntime(ort, { name: 'wasm', threads: 1, detail: 'in Node' }, { executionProviders: ['wasm'] }, false);
const native = createNodeRuntime(1);
const values = initialParameters(config, 3).map((x) => (x === 1 ? 1 : x * 12));
const layers = Array.from({ length: config.layers }, (_, l) => l);
const steps = 3;

/** Random keys and values of `rows` rows. */
function cacheBlock(rows: number, stride: number, seed: number): CacheBlock {
  const make = (s: number) => layers.map((l) => Float32Array.from(testValues(rows * config.kvHeads * stride * config.headDim, s + l)));
  return { keys: make(seed), values: make(seed + 50), stride };
}
const kv = (cache: KvCache): Record<string, Feed> =>
  Object.fromEntries(
    layers.flatMap((l) => [
      [`k${l}`, { shape: cache.shape, data: cache.view('keys', l).slice() }] as const,
      [`v${l}`, { shape: cache.shape, data: cache.view('values', l).slice() }] as const,
    ]),
  );
/** 0 where a row has a position, −1e9 elsewhere. */
const bias = (lengths: readonly number[], stride: number): Feed => ({
  shape: [lengths.length, 1, 1, stride],
  data: Float32Array.from(lengths.flatMap((n) => Array.from({ length: stride }, (_, t) => (t < n ? 0 : -1e9)))),
});

const oneAnswerEach = (rows: number): Record<string, Feed> => {
  const feed: Feed = { shape: [rows], data: Int32Array.from({ length: rows }, (_, i) => i) };
  return { responseRows: feed, leaders: feed };
};

/** Rows of prompts of different lengths (one of none at all), each with a number of its own of generated positions. */
async function outputs(
  mode: SamplingMode,
  runtime: Runtime,
  rows: readonly { prompt: number; generated: number }[],
): Promise<[shared: Record<string, TypedArray>, own: Record<string, TypedArray>]> {
  const prefilled = [9, 1, 0, 17];
  const prompts = cacheBlock(prefilled.length, 17, 100);
  const responses = cacheBlock(rows.length, 8, 300);
  const batch = rows.length;
  const half = config.headDim / 2;
  const feeds: Record<string, Feed> = {
    first: { shape: [batch], data: Int32Array.from(rows, (_, i) => (i * 7) % config.vocabSize) },
    cos: { shape: [steps, batch, half], data: Float32Array.from(testValues(steps * batch * half, 5)) },
    sin: { shape: [steps, batch, half], data: Float32Array.from(testValues(steps * batch * half, 6)) },
    ...(mode === 'unit' && { uniforms: { shape: [steps, batch, 1], data: Float32Array.from(testValues(steps * batch, 7, 0, 1)) } }),
  };
  const run = async (on: Runtime, graph: ReturnType<typeof blockGraph>, all: Record<string, Feed>) => {
    const session = await on.createSession(encode(graph));
    const out = await session.run(all, Object.fromEntries(Object.keys(graph).map((n) => [n, 'host' as const])));
    await session.release();
    return out;
  };

  const cache = new KvCache(config);
  cache.resize(batch, 8, 0);
  rows.forEach((r, i) => cache.fill(responses, [{ from: i, to: i, at: 0, count: r.generated }]));
  const shared = new SharedPromptFeeds(config);
  const given = rows.map((r) => ({ prompt: r.prompt, prefilled: prefilled[r.prompt]! }));
  shared.arrange(given, { get: (row: number) => ({ block: prompts, row }) } as PromptCache);
  const open = { batch: 13, cache: 4099, steps, shared: { prompts: 11, rows: 19, length: 4111, responses: 23 } };
  const byName = parameterTable(config).parameters.map(
    (p) => [p.name, { shape: p.shape, data: values.subarray(p.offset, p.offset + p.size) }] as const,
  );
  const ours = await run(runtime, blockGraph(config, open, mode, { kernels: 'fused', layout: 'views' }), {
    ...Object.fromEntries(byName),
    ...feeds,
    ...kv(cache),
    ...shared.feeds(given),
    ...oneAnswerEach(batch),
    cacheBias: bias(
      rows.map((r) => r.generated),
      8,
    ),
  });

  cache.resize(batch, 25, 0);
  rows.forEach((r, i) => {
    cache.fill(prompts, [{ from: r.prompt, to: i, at: 0, count: prefilled[r.prompt]! }]);
    cache.fill(responses, [{ from: i, to: i, at: prefilled[r.prompt]!, count: r.generated }]);
  });
  const plain = await run(native, blockGraph(config, { batch, cache: 25, steps }, mode), {
    parameters: { shape: [values.length], data: values },
    ...feeds,
    ...kv(cache),
    cacheBias: bias(
      rows.map((r) => prefilled[r.prompt]! + r.generated),
      25,
    ),
  });
  return [ours, plain];
}

describe('rows that share prompts', () => {
  const cases = {
    'as many rows for each': [0, 0, 1, 1, 2, 2, 3, 3],
    'ragged and out of order': [3, 0, 3, 2, 3, 1, 3],
    'a single row': [1],
  };
  for (const [name, prompts] of Object.entries(cases)) {
    it(`${name}: the tokens and log-probs of rows with prompts of their own`, async () => {
      const rows = prompts.map((prompt, i) => ({ prompt, generated: (i * 3) % 9 }));
      for (const [mode, runtime] of [
        ['unit', native],
        ['greedy', native],
        ['unit', wasm],
      ] as const) {
        const [ours, plain] = await outputs(mode, runtime, rows);
        expect(ours.tokens).toEqual(plain.tokens);
        for (const [output, expected] of Object.entries(plain)) {
          const difference = Math.max(...Array.from(expected as Float32Array, (x, i) => Math.abs(x - (ours[output]![i] as number))));
          expect([output, difference < 1e-5]).toEqual([output, true]);
        }
      }
    });
  }
});

describe('responses that share a row', () => {
  it('draw what they would draw alone, as long as their leader draws the same', async () => {
    // Row r stands for responses of its own; each response has its own uniforms, some of them its leader's.
    const responseRows = [0, 0, 0, 1, 2, 2];
    const leaders = [0, 3, 4];
    const responses = responseRows.length;
    const uniforms = Float32Array.from(testValues(steps * responses, 7, 0, 1));
    for (let s = 0; s < steps; s++) uniforms[s * responses + 1] = uniforms[s * responses]!;
    uniforms[5] = uniforms[4]!;
    const half = config.headDim / 2;
    const tables = { cos: Float32Array.from(testValues(steps * half, 5)), sin: Float32Array.from(testValues(steps * half, 6)) };
    const parameters = Object.fromEntries(
      parameterTable(config).parameters.map(
        (p) => [p.name, { shape: p.shape, data: values.subarray(p.offset, p.offset + p.size) }] as const,
      ),
    );
    const prompts = cacheBlock(1, 9, 100);
    const run = async (runtime: Runtime, mode: SamplingMode, rows: number, fed: Record<string, Feed>, all: number) => {
      const cache = new KvCache(config);
      cache.resize(rows, 4, 0);
      for (let i = 0; i < rows; i++) cache.fill(cacheBlock(1, 4, 300), [{ from: 0, to: i, at: 0, count: 4 }]);
      const shared = new SharedPromptFeeds(config);
      const given = Array.from({ length: rows }, () => ({ prompt: 0, prefilled: 9 }));
      shared.arrange(given, { get: () => ({ block: prompts, row: 0 }) } as unknown as PromptCache);
      const open = { batch: 13, cache: 4099, steps, shared: { prompts: 11, rows: 19, length: 4111, responses: 23 } };
      const graph = blockGraph(config, open, mode, { kernels: 'fused', layout: 'views' });
      const session = await runtime.createSession(encode(graph));
      const repeat = (table: Float32Array): Feed => ({
        shape: [steps, rows, half],
        data: Float32Array.from({ length: steps * rows * half }, (_, i) => table[Math.floor(i / (rows * half)) * half + (i % half)]!),
      });
      const out = await session.run(
        {
          ...parameters,
          ...kv(cache),
          ...shared.feeds(given),
          cacheBias: bias(
            given.map(() => 4),
            4,
          ),
          cos: repeat(tables.cos),
          sin: repeat(tables.sin),
          ...(mode !== 'greedy' && { uniforms: { shape: [steps, all, 1], data: uniforms } }),
          ...((mode === 'full' || mode === 'top-p') && { inverseTemperature: { shape: [1], data: Float32Array.of(0.7) } }),
          ...(mode === 'top-p' && { topP: { shape: [1], data: Float32Array.of(0.8) } }),
          ...fed,
        },
        Object.fromEntries(['tokens', 'logProbs', 'behaviorLogProbs'].map((n) => [n, 'host' as const])),
      );
      await session.release();
      return out as Record<'tokens' | 'logProbs' | 'behaviorLogProbs', Float32Array>;
    };
    const ints = (data: number[]): Feed => ({ shape: [data.length], data: Int32Array.from(data) });
    for (const runtime of [native, wasm]) {
      for (const mode of ['unit', 'full', 'top-p', 'greedy'] as const) {
        const firsts = [3, 8, 21];
        const together = await run(
          runtime,
          mode,
          leaders.length,
          { first: ints(firsts), responseRows: ints(responseRows), leaders: ints(leaders) },
          responses,
        );
        const alone = await run(
          runtime,
          mode,
          responses,
          { first: ints(responseRows.map((r) => firsts[r]!)), ...oneAnswerEach(responses) },
          responses,
        );
        let compared = 0;
        responseRows.forEach((row, a) => {
          for (let s = 0; s < steps; s++) {
            const at = a * steps + s;
            expect([mode, a, s, together.tokens[at]]).toEqual([mode, a, s, alone.tokens[at]]);
            expect(Math.abs(together.logProbs[at]! - alone.logProbs[at]!)).toBeLessThan(1e-5);
            expect(Math.abs(together.behaviorLogProbs[at]! - alone.behaviorLogProbs[at]!)).toBeLessThan(1e-5);
            compared++;
            if (together.tokens[at] !== together.tokens[leaders[row]! * steps + s]) break;
          }
        });
        // Response 1 has its leader's uniforms and stays with it; the leaders are compared whole.
        expect(compared).toBeGreaterThanOrEqual(4 * steps + 2);
      }
    }
  });
});
