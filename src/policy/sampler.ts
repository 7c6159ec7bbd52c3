import type { LlamaConfig } from './config';
import { DecodeBlock, type PendingResponse, type BlockOutput, type Continued, type Row } from './decode-block';
import { PromptCache } from './prompt-cache';
import { uniforms } from './random';
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
 * Responses generated side by side: enough for full-speed products, few enough that their cache stays near the processor. Waiting ones are let in once no
 * more than `refill` rows are left.
 */
const ANSWERS = {
  /**
   * A prompt's keys and values are read once for all of its rows. Rows that start together have caches of one length, so a wave is let run low; the next one
   * begins with few rows, which its responses share at first.
   */
  shared: { most: 512, refill: 96 },
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
 * Samples n responses to each prompt, many rows at a time. Responses to a prompt are one row until they draw different tokens. A row that ends frees its slot
 * for the next waiting one at the block's end.
 * Yields rollouts as they finish. The draw of a token depends on (seed, purpose, key, candidate, position) only.
 * Throws RangeError for a prompt that leaves no room to response.
 */
export async function* sampleRollouts(context: SamplerContext, request: SampleRequest): AsyncGenerator<Rollout, void, void> {
  checkRequest(context, request);
  const shared = request.n > 1 && context.runtime.kernels === 'fused';
  const { most, refill } = ANSWERS[shared ? 'shared' : 'own'];
  const waiting = request.prompts.flatMap((_, prompt) =>
    inGroups(request.n, shared ? most : 1).map((candidates) => ({ prompt, candidates })),
  );
  if (waiting.length === 0) return;
  const few = request.prompts.length * request.n <= FEW.rows;
  const ctx = { ...context, blockSteps: few ? Math.min(FEW.steps, context.blockSteps) : context.blockSteps };
  const prompts = new PromptCache(ctx, request);
  const block = new DecodeBlock(ctx, request, prompts, shared);
  let rows: Row[] = [];
  let next = 0;

  for (;;) {
    request.signal?.throwIfAborted();
    const kept = rows.length;
    let responses = rows.reduce((n, row) => n + row.responses.length, 0);
    while (kept <= refill && next < waiting.length && (rows.length === 0 || responses + waiting[next]!.candidates.length <= most)) {
      const { prompt, candidates } = waiting[next++]!;
      await prompts.prepare(prompt);
      const { tokens: ids, key } = request.prompts[prompt]!;
      const last = ids[ids.length - 1]!;
      const drawing = candidates.map((candidate) => ({ candidate, uniforms: uniforms(request.seed, request.purpose, key, candidate) }));
      rows.push({ prompt, responses: drawing, prefilled: ids.length - 1, tokens: [], logProbs: [], behaviorLogProbs: [], last });
      responses += candidates.length;
    }
    if (rows.length === 0) return block.release();
    block.admit(rows, kept);

    const out = await block.run(rows);
    const finished: Rollout[] = [];
    const going: Continued[] = [];
    let response = 0;
    for (const [from, row] of rows.entries()) {
      const prompt = request.prompts[row.prompt]!;
      const limit = Math.min(request.maxNewTokens, ctx.maxLength - prompt.tokens.length);
      const count = row.responses.length;
      for (const { finish, positions, row: branch } of branches(row, out, response, ctx, limit)) {
        if (!finish) {
          going.push({ row: branch, positions, from });
          request.onPart?.(branch.tokens, branch.logProbs);
          continue;
        }
        for (const { candidate } of branch.responses) {
          finished.push({
            key: prompt.key,
            candidate,
            prompt: prompt.tokens,
            tokens: Int32Array.from(branch.tokens),
            logProbs: Float32Array.from(branch.logProbs),
            behaviorLogProbs: Float32Array.from(branch.behaviorLogProbs),
            finish,
          });
        }
      }
      response += count;
    }
    rows = block.keep(going, out.cache);
    yield* finished;
  }
}

/** 0 … n − 1 in groups of at most `most`. */
function inGroups(n: number, most: number): number[][] {
  return Array.from({ length: Math.ceil(n / most) }, (_, g) =>
    Array.from({ length: Math.min(most, n - g * most) }, (_, i) => g * most + i),
  );
}

interface Branch {
  row: Row;
  /** How many of the block's tokens it has. */
  positions: number;
  /** Why it ends here, if it does. */
  finish: Rollout['finish'] | null;
}

/**
 * What a block makes of a row, whose responses are `at` and those after it among the block's: the responses that drew what the first one drew, up to EOS or the
 * limit, go on as the row. The others part from it, and know no token behind the one with which they did; those that parted alike stay together.
 */
function branches(row: Row, out: BlockOutput, at: number, ctx: SamplerContext, limit: number): Branch[] {
  const { blockSteps: steps, eosId } = ctx;
  const { tokens } = out;
  const { responses } = row;
  const most = Math.min(steps, limit - row.tokens.length);
  const lead = at * steps;
  let end = 1;
  while (end < most && tokens[lead + end - 1] !== eosId) end++;
  if (responses.length === 1) return [continued(row, out, lead, end, eosId, limit)];
  const parted = new Map<number, { responses: PendingResponse[]; begin: number; positions: number }>();
  for (const [i, response] of responses.entries()) {
    const begin = lead + i * steps;
    let same = 0;
    while (same < end && tokens[begin + same] === tokens[lead + same]) same++;
    const key = same === end ? -1 : same + steps * tokens[begin + same]!;
    const group = parted.get(key);
    if (group) group.responses.push(response);
    else parted.set(key, { responses: [response], begin, positions: Math.min(same + 1, end) });
  }
  const groups = [...parted.values()];
  return groups.map((group, i) => {
    // The last of them takes the row over.
    const own =
      i === groups.length - 1
        ? row
        : { ...row, tokens: [...row.tokens], logProbs: [...row.logProbs], behaviorLogProbs: [...row.behaviorLogProbs] };
    own.responses = group.responses;
    return continued(own, out, group.begin, group.positions, eosId, limit);
  });
}

/** The row with so many tokens more, which begin at `begin` among the block's. */
function continued(row: Row, out: BlockOutput, begin: number, positions: number, eosId: number, limit: number): Branch {
  for (let i = begin; i < begin + positions; i++) {
    row.tokens.push(out.tokens[i]!);
    row.logProbs.push(out.logProbs[i]!);
    row.behaviorLogProbs.push(out.behaviorLogProbs[i]!);
  }
  row.last = row.tokens[row.tokens.length - 1]!;
  return { row, positions, finish: row.last === eosId ? 'eos' : row.tokens.length >= limit ? 'length' : null };
}

/** The runtime would fail on such an id with a message about a Gather node. */
export function checkIds(ids: Int32Array, vocabSize: number): void {
  const bad = ids.find((id) => id < 0 || id >= vocabSize);
  if (bad !== undefined) throw new RangeError(`The token id ${bad} is outside the policy's vocabulary of ${vocabSize}.`);
}

/** @throws RangeError for a request that makes no sense or leaves no room to response. */
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
        `The prompt of ${p.key} has ${p.tokens.length} tokens; the policy's context of ${ctx.maxLength} leaves no room for a response.`,
      );
    }
  }
}
