/** A stage in which the policy answers: K samples with some prompt, one of the correct ones kept. */
import type { Candidate, RewriteEvent, SamplingStage } from '../types';
import type { PreparedProblem } from './prepare';
import { decideStage, keptRows, type KeptDecision } from './rows';
import { candidateKey, type Decides, type OperatorRun } from './types';

/** The prompt's ids that a stage puts before π_0. */
export type StagePrompt = (problem: PreparedProblem, run: OperatorRun) => Int32Array;

/**
 * Samples in fixed chunks of problems. A `chunk` event ends each: its candidates and rows are then final and worth storing. A chunk whose
 * candidates are all durable is not drawn again (missing rows are made); the chunk that was in progress is drawn again whole. Random numbers
 * depend on (seed, stage, problem, candidate, position) only, so a resumed run equals an uninterrupted one.
 */
export function sampleAndKeep(stage: SamplingStage, prompt: StagePrompt): Decides {
  return async function* decide(run, problems) {
    const started = Date.now();
    const undecided: PreparedProblem[] = [];
    let generatedTokens = 0;
    let done = 0;
    yield { type: 'stage-start', stage, problems: problems.length };
    for (const chunk of chunksOf(problems, run.config.chunk)) {
      run.signal?.throwIfAborted();
      let candidates = durableCandidates(run, stage, chunk);
      if (candidates && hasRows(run, stage, chunk, candidates)) {
        undecided.push(...unsolved(chunk, candidates));
        done += chunk.length;
        continue;
      }
      if (!candidates) {
        candidates = [];
        for await (const candidate of sampleChunk(run, stage, prompt, chunk)) {
          candidates.push(candidate);
          generatedTokens += candidate.tokens.length;
          yield { type: 'candidate', candidate };
        }
      }
      const rows = await keptRows(run, decisions(run, stage, chunk, candidates));
      undecided.push(...unsolved(chunk, candidates));
      done += chunk.length;
      yield { type: 'chunk', stage, problemIds: chunk.map(({ problem }) => problem.id), rows, done, of: problems.length };
    }
    yield {
      type: 'stage-end',
      stage,
      accepted: problems.length - undecided.length,
      problems: problems.length,
      generatedTokens,
      seconds: (Date.now() - started) / 1000,
    } satisfies RewriteEvent;
    return undecided;
  };
}

/**
 * K graded samples for each problem of a chunk, from one call of the policy, in the order in which they finish.
 * A sample that was cut at the token limit is no response of π_0 and does not count as correct, whatever its text says.
 */
async function* sampleChunk(
  run: OperatorRun,
  stage: SamplingStage,
  prompt: StagePrompt,
  chunk: readonly PreparedProblem[],
): AsyncGenerator<Candidate, void, void> {
  const { policy, task, config, signal } = run;
  const byId = new Map(chunk.map((prepared) => [prepared.problem.id, prepared]));
  const rollouts = policy.sample({
    prompts: chunk.map((prepared) => ({ key: prepared.problem.id, tokens: prompt(prepared, run) })),
    n: config.k,
    temperature: config.temperature,
    topP: config.topP,
    seed: config.seed,
    purpose: stage,
    maxNewTokens: config.maxNewTokens,
    ...(signal && { signal }),
  });
  for await (const { key, candidate: k, tokens, logProbs, behaviorLogProbs, finish } of rollouts) {
    const { problem, promptTokens } = byId.get(key)!;
    const text = policy.tokenizer.decode(tokens);
    const verdict = task.grade(problem, text);
    // The retell prompt is longer than the plain one in any sensible task; if it is not, the kept row must still fit.
    const trainable = finish === 'eos' && promptTokens.length + tokens.length <= policy.maxLength;
    const correct = verdict.correct && trainable;
    yield { problemId: problem.id, stage, k, text, tokens, policyLogProbs: logProbs, behaviorLogProbs, finish, verdict, correct };
  }
}

/** The problems of a chunk that the stage settles, each with the candidate it keeps. */
function decisions(
  { config }: OperatorRun,
  stage: SamplingStage,
  chunk: readonly PreparedProblem[],
  candidates: readonly Candidate[],
): (KeptDecision & { prepared: PreparedProblem })[] {
  return chunk.flatMap((prepared) => {
    const decision = decideStage(candidates, stage, config.seed, prepared.problem.id);
    return decision ? [{ ...decision, prepared }] : [];
  });
}

/** All candidates of a chunk if every one of them is durable, else null. */
function durableCandidates(run: OperatorRun, stage: SamplingStage, chunk: readonly PreparedProblem[]): Candidate[] | null {
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

const unsolved = (chunk: readonly PreparedProblem[], candidates: readonly Candidate[]): PreparedProblem[] => {
  const solved = new Set(candidates.filter(({ correct }) => correct).map(({ problemId }) => problemId));
  return chunk.filter(({ problem }) => !solved.has(problem.id));
};

/** Whether each problem that these candidates solve has its row of this stage. */
function hasRows(run: OperatorRun, stage: SamplingStage, chunk: readonly PreparedProblem[], candidates: readonly Candidate[]): boolean {
  const open = new Set(unsolved(chunk, candidates));
  return chunk.every((prepared) => open.has(prepared) || run.rows.get(prepared.problem.id)?.stage === stage);
}

function* chunksOf<T>(list: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < list.length; at += size) yield list.slice(at, at + size);
}
