import { version } from '../../../package.json';
import { datasetRecord, DATASET_COLUMNS, type DatasetProvenance } from '../../method/export/dataset';
import { rewriteRecord } from '../../method/export/rewrite-record';
import { operatorOf, STAGE, STAGES } from '../../method/operators';
import { rewrite as rewriteProblems } from '../../method/rewrite';
import type { Candidate, RewriteConfig, RewriteEvent, RewrittenRow } from '../../method/types';
import type { OptionValue } from '../../tasks/dataset/types';
import { formatOf, writeJsonl, writeTable } from '../../tasks/formats/write';
import type { Problem } from '../../tasks/types';
import { InputError } from '../errors';
import { interruptSignal } from '../interrupt';
import { duration, log, Progress, writeWhole } from '../output';
import { loadPolicy } from '../policy';
import { loadTask, sayIfFewer } from '../task';
import { setsOf } from './evaluate';

export interface RewriteOptions {
  policy: string;
  /** JSON file of a task; the built-in world without it. */
  task?: string;
  operator: string;
  set: string;
  problems: number;
  k: number;
  seed: number;
  dataSeed: number;
  temperature: number;
  topP: number;
  maxNewTokens: number;
  chunk: number;
  out?: string;
  /** What a JSONL file holds: problems with their candidates, or the data set as trainers read it. */
  layout?: 'problems' | 'dataset';
  threads: number;
  /** Candidates made elsewhere take the place of the policy's. */
  candidates?: string;
  grader: string;
  graderOption?: Record<string, OptionValue>;
}

export const APP = `mind-the-gap-notebook ${version}`;

export async function rewrite(options: RewriteOptions): Promise<void> {
  const { policy: dir, threads, out } = options;
  const { set, problems: count, dataSeed, k, temperature, topP, seed, maxNewTokens, chunk } = options;
  const config: RewriteConfig = { set, problems: count, dataSeed, k, temperature, topP, seed, maxNewTokens, chunk };
  const table = tableFormat(options);
  const policy = await loadPolicy(dir, threads);
  const task = await loadTask(policy.tokenizer, options.task);
  setsOf(task, set);
  sayIfFewer(task, set, count, dataSeed);
  const candidates: Candidate[] = [];
  const rows: RewrittenRow[] = [];
  const report = rewriteReporter();
  for await (const event of rewriteProblems(policy, task, config, { operator: operatorOf(options.operator), signal: interruptSignal() })) {
    report(event);
    if (event.type === 'candidate') candidates.push(event.candidate);
    else if (event.type === 'chunk' || event.type === 'rows') rows.push(...event.rows);
  }
  const problems = task.problems(set, count, dataSeed);
  const provenance: DatasetProvenance = { source: 'sampled here', task: task.id, policy: policy.id, seed, k, temperature, topP, app: APP };
  const content = table
    ? await writeTable(
        table,
        inOrder(rows, problems).map(([row, problem]) => ({ ...datasetRecord(row, task.messages(problem), provenance) })),
        DATASET_COLUMNS,
      )
    : exportRewritten(rows, candidates, problems);
  await deliver(content, out);
  await policy.dispose();
}

/** The table to write, or null for the lines of `gap rewrite`. @throws InputError where name and layout do not go together. */
export function tableFormat({ out, layout }: Pick<RewriteOptions, 'out' | 'layout'>): 'jsonl' | 'csv' | 'parquet' | null {
  const format = out === undefined ? 'jsonl' : (formatOf(out) ?? 'jsonl');
  if (format === 'jsonl') return layout === 'dataset' ? format : null;
  if (layout === 'problems') throw new InputError(`--layout problems is written as JSONL, not ${format}; choose another name for --out.`);
  return format;
}

export async function deliver(content: string | Uint8Array, out: string | undefined): Promise<void> {
  if (out === undefined) process.stdout.write(content);
  else await writeWhole(out, content);
}

/** Says on standard error how a rewriting goes. */
export function rewriteReporter(): (event: RewriteEvent) => void {
  let progress = new Progress('');
  let total = 0;
  let correct = 0;
  let seen = 0;
  return (event) => {
    if (event.type === 'stage-start') {
      progress = new Progress(`${STAGE[event.stage].name}, problems`);
      [total, correct, seen] = [event.problems, 0, 0];
    } else if (event.type === 'candidate') {
      seen++;
      if (event.candidate.correct) correct++;
    } else if (event.type === 'chunk')
      progress.update(event.done, total, seen ? `${Math.round((100 * correct) / seen)} % of samples correct` : '');
    else if (event.type === 'stage-end') {
      progress.end();
      const rate = event.seconds > 0 ? `, ${Math.round(event.generatedTokens / event.seconds)} tokens/s` : '';
      log(`${STAGE[event.stage].name} accepted ${event.accepted} of ${event.problems} in ${duration(event.seconds)}${rate}`);
    } else if (event.type === 'filtered') log(`${event.problemIds.length} problems filtered: they do not fit the policy's context whole`);
    else if (event.type === 'done') log(STAGES.map((stage) => `${stage} ${event.counts[stage]}`).join(', '));
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
  return writeJsonl(inOrder(rows, problems).map(([row, { id }]) => rewriteRecord(row, byProblem.get(id) ?? [], row.prompt)));
}

/** Filtered problems have no row. */
function inOrder(rows: readonly RewrittenRow[], problems: readonly Problem[]): [RewrittenRow, Problem][] {
  const rowOf = new Map(rows.map((row) => [row.problemId, row]));
  return problems.flatMap((problem): [RewrittenRow, Problem][] => {
    const row = rowOf.get(problem.id);
    return row ? [[row, problem]] : [];
  });
}
