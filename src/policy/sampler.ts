import type { LlamaConfig } from './config';
import { DecodeBlock, type BlockOutput, type Row } from './decode-block';
import { PromptCache } from './prompt-cache';
import type { DeviceTensor, Runtime } from './runtime/types';
import type { SessionCache } from './sessions';
import type { Rollout, SampleRequest } from './types';

/**
 * Tokens per session run, unless the policy was created with another number. More amortises handing the cache over, fewer waste less behind an EOS; on a GPU
 * every run also waits for what it reads back.
 */
export const BLOCK_STEPS = { fused: 4, gpu: 8, plain: 8 };
/** For a few samples, blocks of fewer tokens: building the session, which grows faster than its length, would take longer than sampling. */
const FEW = { rows: 8, steps: 4 };
/**
 * Rows generated side by side: enough for full-speed products, few enough that their cache stays near the processor. Waiting rows are let in once no more
 * than `refill` are left.
 */
const ROWS = {
  /** A prompt's keys and values are read once for all of its rows. Rows that start together have caches of one length, so a wave is let run low. */
  shared: { most: 256, refill: 32 },
  own: { most: 128, refill: 127 },
};

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
  const shared = request.n > 1 && ctx.runtime.kernels === 'fused';
  const { most, refill } = ROWS[shared ? 'shared' : 'own'];
  const prompts = new PromptCache(ctx, request);
  const block = new DecodeBlock(ctx, request, prompts, shared);
  let rows: Row[] = [];
  let next = 0;

  for (;;) {
    request.signal?.throwIfAborted();
    const kept = rows.length;
    while (kept <= refill && rows.length < most && next < waiting.length) {
      const { prompt, candidate } = waiting[next++]!;
      await prompts.prepare(prompt);
      const ids = request.prompts[prompt]!.tokens;
      const last = ids[ids.length - 1]!;
      rows.push({ prompt, candidate, prefilled: ids.length - 1, tokens: [], logProbs: [], samplingLogProbs: [], last });
    }
    if (rows.length === 0) return;
    block.admit(rows, kept);

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
