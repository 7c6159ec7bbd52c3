/**
 * `lever/*`: what each way of building the graphs gives on its own, on onnxruntime-node with one thread. Ours is the graph as it is used, the peer the
 * same graph without that one thing; a run is timed, feeds are ready.
 */
import { bindObjective } from '../../../src/method/objectives';
import { parseConfig, type LlamaConfig } from '../../../src/policy/config';
import { blockGraph } from '../../../src/policy/graphs/decoding';
import { accumulateGraph, type GraphOptions } from '../../../src/policy/graphs/training';
import { initialParameters, parameterTable } from '../../../src/policy/parameters';
import { createNodeRuntime, type NodeRuntimeOptions } from '../../../src/policy/runtime/node';
import type { Feed } from '../../../src/policy/runtime/types';
import { encode, type Sym } from '../../../src/tensor';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MODEL } from '../paths';
import { alternate, median, type Context, type Row } from '../row';

interface Variant {
  graph: Record<string, Sym>;
  feeds: Record<string, Feed>;
  runtime?: NodeRuntimeOptions;
  /** Milliseconds are divided by this: tokens of a run, say. */
  per?: number;
}

export const USED = { kernels: 'fused', layout: 'views' } as const;
const config = (): LlamaConfig => parseConfig(JSON.parse(readFileSync(join(MODEL, 'config.json'), 'utf8')));

function vector(c: LlamaConfig, flat: string, prefix: string, data: Float32Array, { layout }: GraphOptions): Record<string, Feed> {
  const { parameters, size } = parameterTable(c);
  if (layout !== 'views') return { [flat]: { shape: [size], data } };
  return Object.fromEntries(
    parameters.map((p) => [prefix + p.name, { shape: p.shape, data: data.subarray(p.offset, p.offset + p.size) }] as const),
  );
}

/** Forward and backward of `batch` rows of `length` positions; `prompts`: the share of them that only lead up to responses, and need no head. */
export function training(options: GraphOptions, batch: number, length: number, runtime?: NodeRuntimeOptions, prompts?: number): Variant {
  const c = config();
  const n = batch * length;
  const responses = prompts === undefined ? n : batch * Math.round(length * (1 - prompts));
  const byToken = prompts === undefined ? [batch, length] : [1, responses];
  const ids = Int32Array.from({ length: n }, (_, i) => (i * 7919) % c.vocabSize);
  const feeds: Record<string, Feed> = {
    ...vector(c, 'parameters', '', initialParameters(c, 1), options),
    ...vector(c, 'accumulator', 'accumulator/', new Float32Array(parameterTable(c).size), options),
    ids: { shape: [batch, length], data: ids },
    targets: { shape: byToken, data: ids.slice(0, responses) },
    mask: { shape: byToken, data: new Float32Array(responses).fill(1) },
    scale: { shape: [1], data: Float32Array.of(1 / n) },
    picked: { shape: [responses], data: Int32Array.from({ length: responses }, (_, i) => Math.floor((i * n) / responses)) },
  };
  const shape = { batch, length, ...(prompts !== undefined && { responses }) };
  const graph = accumulateGraph(c, bindObjective({ id: 'dft' }), shape, options);
  return { graph, feeds, per: n / 1000, ...(runtime && { runtime }) };
}

/** A block of `steps` tokens for `rows` rows that have generated 24, after prompts of 40 positions: one for every 16 rows, or one in each row's cache. */
function block(options: GraphOptions, rows: number, steps: number, sharing = true): Variant {
  const c = config();
  const [generated, prompt, prompts] = [24, 40, rows / 16];
  const cache = sharing ? generated : generated + prompt;
  const group = c.heads / c.kvHeads;
  const filled = (shape: number[], value = 0): Feed => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value) });
  const indices = (shape: number[]): Feed => ({ shape, data: Int32Array.from({ length: rows * c.heads }, (_, i) => i) });
  const feeds: Record<string, Feed> = {
    ...vector(c, 'parameters', '', initialParameters(c, 1), options),
    first: { shape: [rows], data: new Int32Array(rows).fill(9) },
    cacheBias: filled([rows, 1, 1, cache]),
    cos: filled([steps, rows, c.headDim / 2], 0.7),
    sin: filled([steps, rows, c.headDim / 2], 0.7),
    uniforms: filled([steps, rows, 1], 0.4),
    // As many indices either way: which row has which prompt does not matter to the time.
    responseRows: { shape: [rows], data: Int32Array.from({ length: rows }, (_, i) => i) },
    leaders: { shape: [rows], data: Int32Array.from({ length: rows }, (_, i) => i) },
    promptRows: indices([prompts, c.kvHeads, 16 * group]),
    rowPrompts: indices([rows, c.kvHeads, group]),
    promptBias: filled([prompts, 1, 1, prompt]),
    promptLength: { shape: [1], data: BigInt64Array.of(BigInt(prompt)) },
  };
  for (let l = 0; l < c.layers; l++) {
    for (const x of ['k', 'v']) feeds[x + l] = filled([rows, c.kvHeads, cache, c.headDim], 0.1);
    for (const x of ['promptK', 'promptV']) feeds[x + l] = filled([prompts, c.kvHeads, prompt, c.headDim], 0.1);
  }
  const open = { batch: 13, cache: 4099, steps, ...(sharing && { shared: { prompts: 11, rows: 19, length: 4111, responses: 23 } }) };
  return { graph: blockGraph(c, open, 'unit', options), feeds, per: (rows * steps) / 1000 };
}

/** Median milliseconds of a run, by `per`. */
async function timer(variant: Variant, quick: boolean): Promise<{ time(): Promise<number>; release(): Promise<void> }> {
  const session = await createNodeRuntime(1, variant.runtime).createSession(encode(variant.graph));
  const fetches = Object.fromEntries(Object.keys(variant.graph).map((name) => [name, 'host' as const]));
  const once = async (): Promise<number> => {
    const began = performance.now();
    await session.run(variant.feeds, fetches);
    return (performance.now() - began) / (variant.per ?? 1);
  };
  await once();
  return {
    async time() {
      const times: number[] = [];
      for (let i = 0; i < (quick ? 1 : 15); i++) times.push(await once());
      return median(times);
    },
    release: () => session.release(),
  };
}

const row = (name: string, unit: string, peer: string, sides: () => { ours: Variant; peer: Variant }): Row => ({
  name: `lever/${name}`,
  backend: 'node',
  threads: 1,
  unit,
  better: 'less',
  peer,
  async measure(context: Context) {
    const variants = sides();
    const [ours, other] = [await timer(variants.ours, context.quick), await timer(variants.peer, context.quick)];
    try {
      return await alternate(context, { ours: () => ours.time(), peer: () => other.time() });
    } finally {
      await ours.release();
      await other.release();
    }
  },
});

const POSITIONS = 'ms / 1,000 positions';
const TOKENS = 'ms / 1,000 tokens';
export const LEVER: Row[] = [
  row('train-fused', POSITIONS, 'plain operators', () => ({
    ours: training(USED, 8, 128),
    peer: training({ ...USED, kernels: 'plain' }, 8, 128),
  })),
  row('train-views', POSITIONS, 'one flat vector', () => ({
    ours: training(USED, 8, 128),
    peer: training({ ...USED, layout: 'flat' }, 8, 128),
  })),
  row('train-denormals', POSITIONS, 'denormals kept', () => ({
    ours: training(USED, 8, 128),
    peer: training(USED, 8, 128, { denormals: true }),
  })),
  row('train-positions', POSITIONS, '512 positions a run', () => ({ ours: training(USED, 8, 128), peer: training(USED, 4, 128) })),
  row('train-responses', POSITIONS, 'head for prompts too', () => ({
    ours: training(USED, 8, 128, undefined, 0.4),
    peer: training(USED, 8, 128),
  })),
  row('sample-fused', TOKENS, 'plain operators', () => ({ ours: block(USED, 256, 4), peer: block({ ...USED, kernels: 'plain' }, 256, 4) })),
  row('sample-shared', TOKENS, 'a prompt in each row', () => ({ ours: block(USED, 256, 4), peer: block(USED, 256, 4, false) })),
  row('sample-rows', TOKENS, '32 rows', () => ({ ours: block(USED, 256, 4), peer: block(USED, 32, 4) })),
  row('sample-steps', TOKENS, '1 token a run', () => ({ ours: block(USED, 256, 4), peer: block(USED, 256, 1) })),
];
