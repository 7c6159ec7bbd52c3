import { describe, expect, it } from 'vitest';
import { letterPolicy, letterTask, rewriteConfig } from './testing/letter-task';
import { rewrite } from './rewrite';
import type { RewriteEvent, RewriteProgress } from './types';

async function collect(stream: AsyncIterable<RewriteEvent>): Promise<RewriteEvent[]> {
  const events: RewriteEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

/** What a consumer stores: candidates at once or with their chunk, rows with their chunk. */
function store(events: readonly RewriteEvent[], into: RewriteProgress = { candidates: [], rows: [] }): RewriteProgress {
  for (const event of events) {
    if (event.type === 'candidate') {
      const { stage, problemId, k } = event.candidate;
      into.candidates = into.candidates.filter((c) => !(c.stage === stage && c.problemId === problemId && c.k === k));
      into.candidates.push(event.candidate);
    } else if (event.type === 'chunk' || event.type === 'rows') into.rows.push(...event.rows);
  }
  into.rows.sort((a, b) => a.problemId.localeCompare(b.problemId));
  into.candidates.sort((a, b) => b.stage.localeCompare(a.stage) || a.problemId.localeCompare(b.problemId) || a.k - b.k);
  return into;
}

const run = (progress?: RewriteProgress) => rewrite(letterPolicy(), letterTask, rewriteConfig, { progress });

describe('rewrite', () => {
  it('partitions the problems into the three stages, one response each (eq. 4)', async () => {
    const events = await collect(run());
    const { rows, candidates } = store(events);
    const counts = { self: 0, guided: 0, fallback: 0 };
    for (const row of rows) counts[row.stage]++;
    expect(events.at(-1)).toEqual({ type: 'done', counts, filtered: 0 });
    expect(new Set(rows.map((row) => row.problemId)).size).toBe(40);
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(3);

    for (const row of rows) {
      const own = candidates.filter((c) => c.problemId === row.problemId && c.stage === row.stage);
      expect(row.correctCount).toBe(own.filter((c) => c.correct).length);
      if (row.stage === 'fallback') {
        expect(row).toMatchObject({ kept: -1, completion: row.expert.text, correctCount: 0, sampledCount: 4 });
        expect(row.behaviorLogProbs).toEqual(row.expert.behaviorLogProbs);
      } else {
        const kept = own.find((c) => c.k === row.kept)!;
        expect(kept.correct).toBe(true);
        expect(row).toMatchObject({ completion: kept.text, tokens: kept.tokens, sampledCount: 4 });
        expect(row.behaviorLogProbs).toEqual(kept.behaviorLogProbs);
      }
      expect(row.prompt).toBe(`${row.question}:`); // the plain prompt, guided rows too
      // 'guided' means that no self-aligned sample was correct.
      if (row.stage !== 'self')
        expect(candidates.some((c) => c.problemId === row.problemId && c.stage === 'self' && c.correct)).toBe(false);
    }
  });

  it('scores self rows under the prompt they were sampled with and guided rows under the plain one', async () => {
    const { rows, candidates } = store(await collect(run()));
    const kept = (row: (typeof rows)[number]) =>
      candidates.find((c) => c.problemId === row.problemId && c.stage === row.stage && c.k === row.kept)!;
    const self = rows.filter((row) => row.stage === 'self');
    const guided = rows.filter((row) => row.stage === 'guided');
    for (const row of self) expect(row.policyLogProbs).toEqual(kept(row).policyLogProbs);
    for (const row of guided) expect(row.policyLogProbs[0]).toBeLessThan(kept(row).policyLogProbs[0]! - 0.5);
  });

  it('chooses uniformly among the correct candidates', async () => {
    const picks = new Array<number>(4).fill(0);
    for (let seed = 0; seed < 12; seed++) {
      const { rows } = store(await collect(rewrite(letterPolicy(), letterTask, { ...rewriteConfig, seed })));
      for (const row of rows) if (row.kept >= 0) picks[row.kept]!++;
    }
    const total = picks.reduce((a, b) => a + b);
    // Four symmetric candidates: 3σ of a binomial with p = ¼.
    for (const count of picks) expect(Math.abs(count - total / 4)).toBeLessThan(3 * Math.sqrt((total * 3) / 16));
  });

  it('resumes from any point to the same candidates and rows', async () => {
    const events = await collect(run());
    const whole = store(events);
    for (let cut = 0; cut <= events.length; cut += 7) {
      const progress = store(events.slice(0, cut));
      const resumed = store(await collect(run(structuredClone(progress))), progress);
      expect(resumed.rows).toEqual(whole.rows);
      expect(resumed.candidates).toEqual(whole.candidates);
    }
  });

  it('redoes only the chunk in progress', async () => {
    const events = await collect(run());
    const secondChunk = events.findIndex((event) => event.type === 'chunk' && event.done === 24);
    const policy = letterPolicy();
    const progress = store(events.slice(0, secondChunk - 1));
    const resumed = await collect(rewrite(policy, letterTask, rewriteConfig, { progress }));
    const chunks = events.filter((event) => event.type === 'chunk').length;
    expect(policy.sampleCalls).toBe(chunks - 1);
    expect(resumed.filter((event) => event.type === 'chunk')).toEqual(events.filter((event) => event.type === 'chunk').slice(1));
    // Finished: nothing is sampled or scored again.
    const finished = letterPolicy();
    const end = await collect(rewrite(finished, letterTask, rewriteConfig, { progress: store(events) }));
    expect(finished.sampleCalls).toBe(0);
    expect(end.some((event) => event.type === 'chunk' || event.type === 'rows')).toBe(false);
    expect(end.at(-1)).toEqual(events.at(-1));
  });

  it('filters overlong problems before sampling and counts them, and never keeps a response that was cut', async () => {
    // Problems from number 10 on have a prompt one token longer.
    const events = await collect(rewrite(letterPolicy(6), letterTask, rewriteConfig));
    const filtered = events.find((event) => event.type === 'filtered');
    expect(filtered).toMatchObject({ reason: 'overlong' });
    expect(filtered?.type === 'filtered' && filtered.problemIds.length).toBe(30);
    expect(events.at(-1)).toMatchObject({ filtered: 30 });

    const cut = store(await collect(rewrite(letterPolicy(), letterTask, { ...rewriteConfig, maxNewTokens: 1 })));
    expect(cut.candidates.some((c) => c.verdict.correct)).toBe(true);
    expect(cut.candidates.some((c) => c.correct)).toBe(false);
    expect(cut.rows.every((row) => row.stage === 'fallback')).toBe(true);
  });

  it('stops with the reason of its signal', async () => {
    const controller = new AbortController();
    const stream = rewrite(letterPolicy(), letterTask, rewriteConfig, { signal: controller.signal });
    let seen = 0;
    await expect(async () => {
      for await (const event of stream) if (event.type === 'candidate' && ++seen === 5) controller.abort(new Error('stop pressed'));
    }).rejects.toThrow('stop pressed');
    expect(seen).toBe(5);
  });

  it('says what is wrong with a configuration or a foreign tokenizer', async () => {
    await expect(collect(rewrite(letterPolicy(), letterTask, { ...rewriteConfig, k: 0 }))).rejects.toThrow('positive whole number for k');
    await expect(collect(rewrite(letterPolicy(), letterTask, { ...rewriteConfig, temperature: 0 }))).rejects.toThrow('above 0');
    const foreign = { ...letterTask, demonstration: () => ({ text: '!a', logProbs: new Float64Array(2) }) };
    await expect(collect(rewrite(letterPolicy(), foreign, rewriteConfig))).rejects.toThrow(
      '3 tokens under this policy’s tokenizer'.replace('’', "'"),
    );
  });
});
