import { encode, QUARTER, ROWS } from '../tensor';
import { LENGTH_STEP, roundUp } from './buckets';
import type { LlamaConfig } from './config';
import { byParameter, graphOptions } from './feeds';
import { prefillGraph } from './graphs/decoding';
import type { GraphOptions } from './graphs/training';
import type { CacheBlock } from './kv-cache';
import type { SamplerContext } from './sampler';
import type { SampleRequest } from './types';

const PREFILL_ROWS = 8;
/** At least the most rows that are generated side by side. */
const KEPT_PROMPTS = 512;

export const PREFILL = 'prefill';
/** The graph for any number of prompts of any length that is a multiple of four, encoded. Not for WebGPU: its axes are open. */
export const openPrefill = (config: LlamaConfig, options: GraphOptions): Uint8Array =>
  encode(prefillGraph(config, ROWS, 4 * QUARTER, options));

/** A prompt's keys and values: a row of what a prefill made. */
export interface PromptEntry {
  block: CacheBlock;
  row: number;
}

/** Keys and values of each prompt but its last token, computed once and shared by its samples. */
export class PromptCache {
  private readonly ready = new Map<number, PromptEntry>();
  constructor(
    private readonly ctx: SamplerContext,
    private readonly request: SampleRequest,
  ) {}

  get(prompt: number): PromptEntry {
    return this.ready.get(prompt)!;
  }

  /** Prefills this prompt and the ones after it, a batch at a time. */
  async prepare(prompt: number): Promise<void> {
    if (this.ready.has(prompt)) return;
    // Earlier prompts are done with: rows are admitted in order.
    for (const p of this.ready.keys()) if (p < prompt - KEPT_PROMPTS) this.ready.delete(p);
    const { config, runtime, sessions, parameters } = this.ctx;
    const group = this.request.prompts.slice(prompt, prompt + PREFILL_ROWS);
    const length = roundUp(Math.max(1, ...group.map((p) => p.tokens.length - 1)), LENGTH_STEP);
    const open = runtime.kernels === 'fused';
    const batch = open || group.length === 1 ? group.length : PREFILL_ROWS;
    const ids = new Int32Array(batch * length);
    group.forEach((p, i) => ids.set(p.tokens.subarray(0, p.tokens.length - 1), i * length));
    const session = await (open
      ? sessions.get(PREFILL, () => openPrefill(config, graphOptions(runtime)))
      : sessions.get(`prefill/${batch}/${length}`, () => encode(prefillGraph(config, batch, length, graphOptions(runtime)))));
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
