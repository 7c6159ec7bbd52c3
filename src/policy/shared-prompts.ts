import type { LlamaConfig } from './config';
import { KvCache } from './kv-cache';
import type { PromptCache } from './prompt-cache';
import type { Feed } from './runtime/types';

interface PromptRow {
  readonly prompt: number;
  readonly prefilled: number;
}

/** The prompts that rows are being generated for, and which row has which: what `SharedPrompts` of the graph is fed. */
export class SharedPromptFeeds {
  private readonly cache: KvCache;
  /** The prompts in the cache, in its order, and their lengths. */
  private prompts: { prompt: number; length: number }[] = [];

  constructor(private readonly config: LlamaConfig) {
    this.cache = new KvCache(config);
  }

  /** Lets the cache hold the prompts of these rows and no others. */
  arrange(rows: readonly PromptRow[], from: PromptCache): void {
    const lengths = new Map(rows.map((r) => [r.prompt, r.prefilled]));
    if (lengths.size === this.prompts.length && this.prompts.every(({ prompt }) => lengths.has(prompt))) return;
    this.prompts = Array.from(lengths, ([prompt, length]) => ({ prompt, length }));
    this.cache.resize(lengths.size, Math.max(1, ...lengths.values()), 0);
    this.prompts.forEach(({ prompt, length }, i) => {
      const { block, row } = from.get(prompt);
      this.cache.fill(block, [{ from: row, to: i, at: 0, count: length }]);
    });
  }

  feeds(rows: readonly PromptRow[]): Record<string, Feed> {
    const { kvHeads, heads, layers } = this.config;
    const group = heads / kvHeads;
    const [prompts, , length] = this.cache.shape as [number, number, number];
    const indexOf = new Map(this.prompts.map(({ prompt }, i) => [prompt, i]));
    const counts = new Int32Array(prompts);
    // The place of each row among its prompt's.
    const places = rows.map((row) => counts[indexOf.get(row.prompt)!]!++);
    const most = Math.max(...counts) * group;
    const promptRows = new Int32Array(prompts * kvHeads * most);
    const rowPrompts = new Int32Array(rows.length * kvHeads * group);
    rows.forEach((row, i) => {
      const g = indexOf.get(row.prompt)!;
      for (let h = 0; h < kvHeads; h++) {
        for (let j = 0; j < group; j++) {
          const byPrompt = (g * kvHeads + h) * most + places[i]! * group + j;
          const byRow = (i * kvHeads + h) * group + j;
          promptRows[byPrompt] = byRow;
          rowPrompts[byRow] = byPrompt;
        }
      }
    });
    const bias = new Float32Array(prompts * length).fill(-1e9);
    this.prompts.forEach((p, i) => bias.fill(0, i * length, i * length + p.length));
    const feeds: Record<string, Feed> = {
      promptRows: { shape: [prompts, kvHeads, most], data: promptRows },
      rowPrompts: { shape: [rows.length, kvHeads, group], data: rowPrompts },
      promptBias: { shape: [prompts, 1, 1, length], data: bias },
      promptLength: { shape: [1], data: BigInt64Array.of(BigInt(length)) },
    };
    for (let l = 0; l < layers; l++) {
      feeds[`promptK${l}`] = { shape: this.cache.shape, data: this.cache.view('keys', l) };
      feeds[`promptV${l}`] = { shape: this.cache.shape, data: this.cache.view('values', l) };
    }
    return feeds;
  }
}
