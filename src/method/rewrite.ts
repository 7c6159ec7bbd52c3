/**
 * The rewriting operator T: π_sft → π_mix (eq. 3). For each problem: one of the policy's own correct samples; otherwise one of its correct
 * retellings of the expert's solution; otherwise the expert's text. The three parts are disjoint in x and together are D_mix (eq. 4).
 */
import type { Policy } from '../policy/types';
import type { Task } from '../tasks/types';
import { SAMPLING_OPERATORS } from './operators';
import { decideStage } from './operators/decide';
import { fits, prepare } from './operators/prepare';
import { fallbackRows, keptRows, type KeptDecision } from './operators/rows';
import { sampleChunk } from './operators/sample';
import type { PreparedProblem, SamplingOperator } from './operators/types';
import type { Candidate, RewriteConfig, RewriteEvent, RewriteProgress, RewrittenRow, Stage } from './types';

/**
 * Runs T over the first problems of a set with π_0 = `policy`, one stage after the other.
 *
 * Problems go through a stage in fixed chunks. A 'chunk' event ends each: its candidates and rows are then final and worth storing. Given
 * `progress`, chunks whose candidates are all there are skipped (their missing rows are made); the chunk that was in progress is drawn again
 * whole and its candidates are yielded again with the same (problem, stage, k). The random numbers depend on (seed, stage, problem,
 * candidate, position) only, so the data set equals that of an uninterrupted run.
 *
 * @throws the signal's reason when aborted; RangeError for an unusable configuration.
 */
export async function* rewrite(
  policy: Policy,
  task: Task,
  config: RewriteConfig,
  progress: RewriteProgress = { candidates: [], rows: [] },
  signal?: AbortSignal,
): AsyncGenerator<RewriteEvent, void, void> {
  checkConfig(config);
  const run: Run = { policy, task, config, signal, candidates: indexCandidates(progress.candidates), rows: new Map() };
  for (const row of progress.rows) run.rows.set(row.problemId, row);

  const prepared = task.problems(config.set, config.problems, config.dataSeed).map((problem) => prepare(policy, task, problem));
  let unsolved: PreparedProblem[] = [];
  const overlong: string[] = [];
  for (const problem of prepared) {
    if (fits(policy, task, problem)) unsolved.push(problem);
    else overlong.push(problem.problem.id);
  }
  if (overlong.length) yield { type: 'filtered', problemIds: overlong, reason: 'overlong' };

  const counts: Record<Stage, number> = { self: 0, guided: 0, fallback: 0 };
  for (const operator of SAMPLING_OPERATORS) {
    const before = unsolved.length;
    unsolved = yield* runStage(run, operator, unsolved);
    counts[operator.stage] = before - unsolved.length;
  }
  counts.fallback = unsolved.length;
  if (unsolved.some(({ problem }) => !run.rows.has(problem.id))) {
    yield { type: 'fallback', rows: await fallbackRows(policy, unsolved, config.k, signal) };
  }
  yield { type: 'done', counts, filtered: overlong.length };
}

interface Run {
  policy: Policy;
  task: Task;
  config: RewriteConfig;
  signal: AbortSignal | undefined;
  /** Durable candidates by `candidateKey`. */
  candidates: Map<string, Candidate>;
  /** Durable rows by problem. */
  rows: Map<string, RewrittenRow>;
}

/** One sampling stage over the problems that are still unsolved; returns those it leaves unsolved. */
async function* runStage(
  run: Run,
  operator: SamplingOperator,
  problems: PreparedProblem[],
): AsyncGenerator<RewriteEvent, PreparedProblem[], void> {
  const { policy, task, config, signal } = run;
  const { stage } = operator;
  const started = Date.now();
  const unsolved: PreparedProblem[] = [];
  let generatedTokens = 0;
  let done = 0;
  yield { type: 'stage-start', stage, problems: problems.length };
  for (const chunk of chunksOf(problems, config.chunk)) {
    signal?.throwIfAborted();
    let candidates = durableCandidates(run, operator, chunk);
    if (!candidates) {
      candidates = [];
      for await (const candidate of sampleChunk(policy, task, operator, chunk, config, signal)) {
        candidates.push(candidate);
        generatedTokens += candidate.tokens.length;
        yield { type: 'candidate', candidate };
      }
    } else if (hasRows(run, chunk, candidates)) {
      unsolved.push(...chunk.filter(({ problem }) => !candidates!.some((c) => c.correct && c.problemId === problem.id)));
      done += chunk.length;
      continue;
    }
    const decisions = decide(chunk, candidates, operator, config);
    const rows = await keptRows(policy, decisions, signal);
    const decided = new Set(rows.map((row) => row.problemId));
    unsolved.push(...chunk.filter(({ problem }) => !decided.has(problem.id)));
    done += chunk.length;
    yield { type: 'chunk', stage, problemIds: chunk.map(({ problem }) => problem.id), rows, done, of: problems.length };
  }
  const seconds = (Date.now() - started) / 1000;
  yield { type: 'stage-end', stage, accepted: problems.length - unsolved.length, problems: problems.length, generatedTokens, seconds };
  return unsolved;
}

/** The problems of a chunk that this stage solves, each with the candidate it keeps. */
function decide(
  chunk: readonly PreparedProblem[],
  candidates: readonly Candidate[],
  { stage }: SamplingOperator,
  { seed }: RewriteConfig,
): KeptDecision[] {
  return chunk.flatMap((prepared) => {
    const decision = decideStage(candidates, stage, seed, prepared.problem.id);
    return decision ? [{ ...decision, prepared }] : [];
  });
}

function indexCandidates(candidates: readonly Candidate[]): Map<string, Candidate> {
  return new Map(candidates.map((candidate) => [candidateKey(candidate.stage, candidate.problemId, candidate.k), candidate]));
}

function candidateKey(stage: string, problemId: string, k: number): string {
  return `${stage}/${k}/${problemId}`;
}

/** All candidates of a chunk if every one of them is durable, else null. */
function durableCandidates(run: Run, { stage }: SamplingOperator, chunk: readonly PreparedProblem[]): Candidate[] | null {
  const found: Candidate[] = [];
  for (const { problem } of chunk) {
    for (let k = 0; k < run.config.k; k++) {
      const candidate = run.candidates.get(candidateKey(stage, problem.id, k));
      if (!candidate) return null;
      found.push(candidate);
    }
  }
  return found;
}

/** Whether each problem that these candidates solve has its row. */
function hasRows(run: Run, chunk: readonly PreparedProblem[], candidates: readonly Candidate[]): boolean {
  const solved = new Set(candidates.filter((candidate) => candidate.correct).map((candidate) => candidate.problemId));
  return chunk.every(({ problem }) => !solved.has(problem.id) || run.rows.has(problem.id));
}

function* chunksOf<T>(list: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < list.length; at += size) yield list.slice(at, at + size);
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
