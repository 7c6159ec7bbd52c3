/** What the bundled policy can do, measured: the contents of its model card. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gapSize, type GapSize } from '../../method/claims/gap-size';
import { TUNING_SEED } from '../../method/claims/settings';
import { keptQuality, stageQuality } from '../../method/diagnostics';
import { evaluate } from '../../method/evaluate';
import { encodePrompt } from '../../method/operators';
import { DATA_SEED, MAX_NEW_TOKENS } from '../../method/presets';
import { rewrite } from '../../method/rewrite';
import { estimate, mean } from '../../method/statistics';
import type { AccuracyResult, Candidate, RewrittenRow, Stage } from '../../method/types';
import type { Policy } from '../../policy/types';
import type { Gap } from '../../tasks/tinymath';
import { corruptAnswer, GAPS, tinymath } from '../../tasks/tinymath';
import type { Problem, Task } from '../../tasks/types';
import { asInput } from '../errors';
import { interruptSignal } from '../interrupt';
import { log, printJson, Progress, writeWhole } from '../output';
import { loadPolicy } from '../policy';
import { loadTask } from '../task';
import { withMeasurements } from './model-card';
import { rewriteReporter } from './rewrite';

export interface InspectOptions {
  policy: string;
  /** JSON file of a task; the built-in world without it. */
  task?: string;
  expertGap: Gap;
  problems: number;
  k: number;
  seed: number;
  threads: number;
  card: boolean;
}

export interface Inspection {
  policy: { id: string; parameters: number };
  /** The task's file; null for the built-in world. */
  task: string | null;
  config: { problems: number; k: number; seed: number; temperature: 1 };
  stages: Record<Stage, number>;
  families: Record<string, { problems: number; accuracy: number } & Record<Stage, number>>;
  /** `inExpertForm` and `corruption` are known for the built-in world alone: whose form, and how to change an answer, is its grammar's to say. */
  guided: { acceptance: number; candidateAccuracy: number; ngramShare: number; inExpertForm: number | null; leaks: number };
  /** Retellings of an expert text whose final answer was changed. */
  corruption: null | { problems: number; samples: number; followed: number; followed95: [number, number]; correctAnyway: number };
  /** log μ − log π_0 of 1,000 expert texts by setting of the gap; null for a task that has no such dial. */
  gaps: Record<string, GapSize> | null;
  test: { sets: Record<string, AccuracyResult>; average: number };
}

export async function inspect({ policy: dir, task: file, expertGap, problems, k, seed, threads, card }: InspectOptions): Promise<void> {
  const policy = await loadPolicy(dir, threads);
  const task = await loadTask(policy.tokenizer, file, expertGap);
  const signal = interruptSignal();
  const config = { set: 'train', problems, dataSeed: DATA_SEED, k, temperature: 1, topP: 1, seed, maxNewTokens: MAX_NEW_TOKENS, chunk: 32 };
  const candidates: Candidate[] = [];
  const rows: RewrittenRow[] = [];
  const report = rewriteReporter();
  for await (const event of rewrite(policy, task, config, { signal })) {
    report(event);
    if (event.type === 'candidate') candidates.push(event.candidate);
    else if (event.type === 'chunk' || event.type === 'rows') rows.push(...event.rows);
  }
  const all = task.problems('train', problems, DATA_SEED);
  const result: Inspection = {
    policy: { id: policy.id, parameters: policy.parameterCount },
    task: file ?? null,
    config: { problems, k, seed, temperature: 1 },
    stages: countStages(rows),
    families: byFamily(all, rows, candidates),
    guided: guidedQuality(rows, candidates, file === undefined),
    corruption: file === undefined ? await followCorruption(policy, task, all.slice(0, 128), seed, signal) : null,
    gaps: file === undefined ? await gapSizes(policy) : null,
    test: await testAccuracy(policy, task, seed, signal),
  };
  if (card) {
    const path = join(dir, 'README.md');
    const before = await asInput(() => readFile(path, 'utf8'));
    await writeWhole(path, withMeasurements(before, result, dir));
    log(`${path} updated`);
  }
  await printJson(result);
  await policy.dispose();
}

async function gapSizes(policy: Policy): Promise<Record<string, GapSize>> {
  const sizes: Record<string, GapSize> = {};
  for (const gap of GAPS) sizes[gap] = await gapSize(policy, tinymath(policy.tokenizer, { gap }), 1000, TUNING_SEED);
  return sizes;
}

function countStages(rows: readonly RewrittenRow[]): Record<Stage, number> {
  const counts: Record<Stage, number> = { self: 0, guided: 0, fallback: 0 };
  for (const row of rows) counts[row.stage]++;
  return counts;
}

function byFamily(problems: readonly Problem[], rows: readonly RewrittenRow[], candidates: readonly Candidate[]): Inspection['families'] {
  const families = [...new Set(problems.map((p) => p.family))].sort();
  const familyOf = new Map(problems.map((p) => [p.id, p.family]));
  return Object.fromEntries(
    families.map((family) => {
      const own = rows.filter((row) => row.family === family);
      const sampled = candidates.filter((c) => c.stage === 'self' && familyOf.get(c.problemId) === family);
      return [family, { problems: own.length, accuracy: mean(sampled.map((c) => Number(c.correct))), ...countStages(own) }];
    }),
  );
}

function guidedQuality(rows: readonly RewrittenRow[], candidates: readonly Candidate[], boxes: boolean): Inspection['guided'] {
  const { acceptance, accuracy } = stageQuality(candidates, 'guided');
  const { ngramShare, leaks } = keptQuality(rows, 'guided');
  const guided = rows.filter((row) => row.stage === 'guided');
  // The expert boxes its answer, the policy's own voice never does.
  const inExpertForm = boxes ? mean(guided.map((row) => Number(row.completion.includes('\\boxed')))) : null;
  return { acceptance, candidateAccuracy: accuracy, ngramShare, inExpertForm, leaks };
}

/** How often a retelling ends in the wrong answer that was put into the expert's text. */
async function followCorruption(
  policy: Policy,
  task: Task,
  problems: readonly Problem[],
  seed: number,
  signal: AbortSignal,
): Promise<NonNullable<Inspection['corruption']>> {
  const samples = 4;
  const answers = new Map<string, string>();
  const prompts = problems.flatMap((problem) => {
    const corrupted = corruptAnswer(problem, task.demonstration(problem).text);
    answers.set(problem.id, corrupted.answer);
    const { tokens } = encodePrompt(policy.tokenizer, task.retellMessages(problem, corrupted.text));
    return tokens.length < policy.maxLength - 1 ? [{ key: problem.id, tokens }] : [];
  });
  const byId = new Map(problems.map((p) => [p.id, p]));
  const progress = new Progress('corrupted retellings');
  const followed = new Map(prompts.map(({ key }) => [key, 0]));
  let [done, correct] = [0, 0];
  const request = { prompts, n: samples, temperature: 1, topP: 1, seed, purpose: 'corruption', maxNewTokens: MAX_NEW_TOKENS, signal };
  for await (const rollout of policy.sample(request)) {
    const problem = byId.get(rollout.key)!;
    const verdict = task.grade(problem, policy.tokenizer.decode(rollout.tokens));
    if (verdict.correct) correct++;
    else if (verdict.prediction === answers.get(problem.id)) followed.set(problem.id, followed.get(problem.id)! + 1);
    progress.update(++done, prompts.length * samples);
  }
  // By problem: the samples of one are not independent.
  const share = estimate(
    [...followed.values()].map((n) => n / samples),
    seed,
    'corruption',
  );
  return {
    problems: prompts.length,
    samples: done,
    followed: share.mean,
    followed95: share.ci95,
    correctAnyway: correct / done,
  };
}

async function testAccuracy(policy: Policy, task: Task, seed: number, signal: AbortSignal): Promise<Inspection['test']> {
  const config = { problems: 64, runs: 4, seed, dataSeed: DATA_SEED, temperature: 1, maxNewTokens: MAX_NEW_TOKENS };
  const progress = new Progress('test samples');
  for await (const event of evaluate(policy, task, config, signal)) {
    if (event.type === 'progress') progress.update(event.done, event.of);
    else if (event.type === 'done') return event.result;
  }
  throw new Error('the evaluation ended without a result');
}
