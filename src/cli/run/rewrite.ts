import { rewrite as rewriteProblems } from '../../method/rewrite';
import type { Candidate, RewriteEvent, RewrittenRow } from '../../method/types';
import type { Problem } from '../../tasks/types';
import type { RewriteOptions } from '../commands/rewrite';
import { interruptSignal } from '../interrupt';
import { float32List } from '../jsonl';
import { duration, log, Progress, writeWhole } from '../output';
import { loadPolicy } from '../policy';
import { loadTask } from '../task';
import { setsOf } from './evaluate';

export async function rewrite({ policy: dir, threads, out, ...config }: RewriteOptions): Promise<void> {
  const policy = await loadPolicy(dir, threads);
  const task = loadTask(policy.tokenizer);
  setsOf(task, config.set);
  const candidates: Candidate[] = [];
  const rows: RewrittenRow[] = [];
  const report = rewriteReporter();
  for await (const event of rewriteProblems(policy, task, config, undefined, interruptSignal())) {
    report(event);
    if (event.type === 'candidate') candidates.push(event.candidate);
    else if (event.type === 'chunk' || event.type === 'fallback') rows.push(...event.rows);
  }
  const text = exportRewritten(rows, candidates, task.problems(config.set, config.problems, config.dataSeed));
  if (out === undefined) process.stdout.write(text);
  else await writeWhole(out, text);
  await policy.dispose();
}

/** Says on standard error how a rewriting goes. */
export function rewriteReporter(): (event: RewriteEvent) => void {
  let progress = new Progress('');
  let total = 0;
  let correct = 0;
  let seen = 0;
  return (event) => {
    if (event.type === 'stage-start') {
      progress = new Progress(`${event.stage}-alignment, problems`);
      [total, correct, seen] = [event.problems, 0, 0];
    } else if (event.type === 'candidate') {
      seen++;
      if (event.candidate.correct) correct++;
    } else if (event.type === 'chunk')
      progress.update(event.done, total, seen ? `${Math.round((100 * correct) / seen)} % of samples correct` : '');
    else if (event.type === 'stage-end') {
      progress.end();
      const rate = event.seconds > 0 ? `, ${Math.round(event.generatedTokens / event.seconds)} tokens/s` : '';
      log(`${event.stage}-alignment accepted ${event.accepted} of ${event.problems} in ${duration(event.seconds)}${rate}`);
    } else if (event.type === 'filtered') log(`${event.problemIds.length} problems filtered: they do not fit the policy's context whole`);
    else if (event.type === 'done') log(`self ${event.counts.self}, guided ${event.counts.guided}, fallback ${event.counts.fallback}`);
  };
}

/** The rewritten data set, one JSON line a problem, in the order of `problems`. */
export function exportRewritten(rows: readonly RewrittenRow[], candidates: readonly Candidate[], problems: readonly Problem[]): string {
  const byProblem = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const own = byProblem.get(candidate.problemId);
    if (own) own.push(candidate);
    else byProblem.set(candidate.problemId, [candidate]);
  }
  const rowOf = new Map(rows.map((row) => [row.problemId, row]));
  const inOrder = problems.flatMap(({ id }) => rowOf.get(id) ?? []); // filtered problems have no row
  return inOrder.map((row) => `${JSON.stringify(exportRow(row, byProblem.get(row.problemId) ?? []))}\n`).join('');
}

function exportRow(row: RewrittenRow, candidates: readonly Candidate[]) {
  const inOrder = [...candidates].sort((a, b) => (a.stage === b.stage ? a.k - b.k : a.stage === 'self' ? -1 : 1));
  return {
    id: row.problemId,
    problem: row.question,
    gold: row.gold,
    stage: row.stage,
    prompt: row.prompt,
    completion: row.completion,
    expert: row.expert.text,
    candidates: inOrder.map(({ stage, text, correct, logProbs, samplingLogProbs }) => ({
      stage,
      text,
      correct,
      logProbs: float32List(logProbs),
      samplingLogProbs: float32List(samplingLogProbs),
    })),
  };
}
