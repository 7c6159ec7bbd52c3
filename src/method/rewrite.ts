/** Runs a data operator over the problems of a task; by default the paper's T: π_sft → π_mix (eq. 3). */
import type { Policy } from '../policy/types';
import type { Task } from '../tasks/types';
import { byStage, type PreparedProblem } from './operators';
import { dataRewriting } from './operators/data-rewriting';
import { fits, prepare } from './operators/prepare';
import { candidateKey, type DataOperator, type OperatorRun } from './operators/types';
import type { RewriteConfig, RewriteEvent, RewriteProgress, RewrittenRow } from './types';

export interface RewriteOptions {
  /** Everything durable so far; nothing of it is made again. */
  progress?: RewriteProgress | undefined;
  signal?: AbortSignal | undefined;
  /** Default: full data rewriting. */
  operator?: DataOperator;
}

/**
 * Settles the first problems of a set with π_0 = `policy`. A 'chunk' or 'rows' event is a durable point: its candidates and rows are final.
 * Given `progress`, the result equals that of an uninterrupted run (`operators/sampling.ts`).
 *
 * @throws the signal's reason when aborted; RangeError for an unusable configuration.
 */
export async function* rewrite(
  policy: Policy,
  task: Task,
  config: RewriteConfig,
  { progress = { candidates: [], rows: [] }, signal, operator = dataRewriting }: RewriteOptions = {},
): AsyncGenerator<RewriteEvent, void, void> {
  checkConfig(config);
  const run: OperatorRun = { policy, task, config, signal, candidates: new Map(), rows: new Map() };
  for (const one of progress.candidates) run.candidates.set(candidateKey(one.stage, one.problemId, one.k), one);
  for (const row of progress.rows) run.rows.set(row.problemId, row);

  const problems: PreparedProblem[] = [];
  const overlong: string[] = [];
  for (const problem of task.problems(config.set, config.problems, config.dataSeed)) {
    const prepared = prepare(policy, task, problem);
    if (fits(policy, prepared)) problems.push(prepared);
    else overlong.push(problem.id);
  }
  if (overlong.length) yield { type: 'filtered', problemIds: overlong, reason: 'overlong' };

  for await (const event of operator.decide(run, problems)) {
    if (event.type === 'chunk' || event.type === 'rows') for (const row of event.rows) run.rows.set(row.problemId, row);
    yield event;
  }
  const counts = byStage(() => 0);
  for (const { problem } of problems) counts[run.rows.get(problem.id)!.stage]++;
  yield { type: 'done', counts, filtered: overlong.length };
}

/** Everything that a rewriting yields, when nothing needs to be shown or stored on the way. Rows are in the order of their problems' ids. */
export async function rewritten(...args: Parameters<typeof rewrite>): Promise<RewriteProgress> {
  const progress: RewriteProgress = { candidates: [], rows: [] };
  for await (const event of rewrite(...args)) {
    if (event.type === 'candidate') progress.candidates.push(event.candidate);
    else if (event.type === 'chunk' || event.type === 'rows') progress.rows.push(...event.rows);
  }
  return { ...progress, rows: byProblem(progress.rows) };
}

/** Rows in the order of their problems' ids, the order that training takes them in. */
export function byProblem(rows: Iterable<RewrittenRow>): RewrittenRow[] {
  return [...rows].sort((a, b) => (a.problemId < b.problemId ? -1 : a.problemId > b.problemId ? 1 : 0));
}

function checkConfig({ k, problems, chunk, temperature, topP, maxNewTokens }: RewriteConfig): void {
  const whole: [string, number][] = [
    ['k', k],
    ['problems', problems],
    ['chunk', chunk],
    ['maxNewTokens', maxNewTokens],
  ];
  for (const [name, value] of whole) {
    if (!Number.isInteger(value) || value < 1) throw new RangeError(`Rewriting needs a positive whole number for ${name}, not ${value}.`);
  }
  // At temperature 0 the K samples would be one and μ a point mass: no ratio exists.
  if (!(temperature > 0)) throw new RangeError(`Rewriting samples at a temperature above 0, not ${temperature}.`);
  if (!(topP > 0 && topP <= 1)) throw new RangeError(`top-p must be above 0 and at most 1, not ${topP}.`);
}
