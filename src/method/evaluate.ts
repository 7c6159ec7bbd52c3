/** Accuracy as the paper measures it: avg@n, the mean over n sampled runs at temperature 1, here with intervals. */
import type { Policy } from '../policy/types';
import type { Problem, Task } from '../tasks/types';
import { encodePrompt } from './operators/prepare';
import { DATA_SEED } from './presets';
import { bootstrap, mean } from './statistics';
import type { AccuracyResult, EvaluationResult } from './types';

export interface EvaluationConfig {
  /** Problems per set. */
  problems: number;
  /** n of avg@n: samples per problem. */
  runs: number;
  /** Of the samples and of the bootstrap. Equal seeds give equal random numbers to every policy, so that differences are paired. */
  seed: number;
  /** Seed of the problem choice; default `DATA_SEED`. */
  dataSeed?: number;
  /** 1.0 in the paper. 0 is greedy, where one run says it all. */
  temperature: number;
  /** Default 1: no truncation. */
  topP?: number;
  maxNewTokens: number;
  /** Default: the task's test sets. */
  sets?: readonly string[];
}

/** One test set's result. */
export interface EvaluatedSet {
  set: string;
  result: AccuracyResult;
  /** Mean over the runs of each problem, in the set's order: for intervals over several sets and paired differences. */
  perProblem: Record<string, number>;
  /** Responses cut at the token limit. */
  truncated: number;
}

export type EvaluationEvent =
  /** `done` of `of` samples over all sets. */
  | { type: 'progress'; done: number; of: number }
  | ({ type: 'set' } & EvaluatedSet)
  | { type: 'done'; result: EvaluationResult; seconds: number; generatedTokens: number };

/**
 * Evaluates a policy set by set. A response that was cut at the token limit is graded as it stands, and counted in `truncated`.
 * @throws RangeError for an unusable configuration; the signal's reason when aborted.
 */
export async function* evaluate(
  policy: Policy,
  task: Task,
  config: EvaluationConfig,
  signal?: AbortSignal,
): AsyncGenerator<EvaluationEvent, void, void> {
  checkConfig(config);
  const started = Date.now();
  const sets = (config.sets ?? task.testSets).map((id) => ({
    id,
    problems: task.problems(id, config.problems, config.dataSeed ?? DATA_SEED),
  }));
  const of = sets.reduce((total, { problems }) => total + problems.length * config.runs, 0);
  let done = 0;
  let generatedTokens = 0;
  const evaluated: EvaluatedSet[] = [];
  for (const { id, problems } of sets) {
    const byId = new Map(problems.map((problem) => [problem.id, problem]));
    const correct = new Map(problems.map((problem) => [problem.id, 0]));
    let truncated = 0;
    for await (const rollout of sampleSet(policy, task, id, problems, config, signal)) {
      const verdict = task.grade(byId.get(rollout.key)!, policy.tokenizer.decode(rollout.tokens));
      if (verdict.correct) correct.set(rollout.key, correct.get(rollout.key)! + 1);
      if (rollout.finish === 'length') truncated++;
      generatedTokens += rollout.tokens.length;
      yield { type: 'progress', done: ++done, of };
    }
    const perProblem = [...correct].map(([key, count]) => [key, count / config.runs] as const);
    const means = perProblem.map(([, accuracy]) => accuracy);
    const result: AccuracyResult = {
      accuracy: mean(means),
      ci95: bootstrap([means], config.seed, `evaluate/${id}`),
      problems: problems.length,
      runs: config.runs,
    };
    evaluated.push({ set: id, result, perProblem: Object.fromEntries(perProblem), truncated });
    yield { type: 'set', ...evaluated.at(-1)! };
  }
  const result = averageOf(evaluated, config.seed)!;
  yield { type: 'done', result, seconds: (Date.now() - started) / 1000, generatedTokens };
}

/** The whole from its sets; null where there is none. */
export function averageOf(sets: readonly EvaluatedSet[], seed: number): EvaluationResult | null {
  if (sets.length === 0) return null;
  return {
    sets: Object.fromEntries(sets.map(({ set, result }) => [set, result])),
    average: mean(sets.map(({ result }) => result.accuracy)),
    averageCi95: bootstrap(
      sets.map(({ perProblem }) => Object.values(perProblem)),
      seed,
      'evaluate/average',
    ),
  };
}

function sampleSet(policy: Policy, task: Task, set: string, problems: readonly Problem[], config: EvaluationConfig, signal?: AbortSignal) {
  return policy.sample({
    prompts: problems.map((problem) => ({ key: problem.id, tokens: encodePrompt(policy.tokenizer, task.messages(problem)).tokens })),
    n: config.runs,
    temperature: config.temperature,
    topP: config.topP ?? 1,
    seed: config.seed,
    purpose: `evaluate/${set}`,
    maxNewTokens: config.maxNewTokens,
    ...(signal && { signal }),
  });
}

function checkConfig({ problems, runs, temperature, sets }: EvaluationConfig): void {
  for (const [name, value] of [
    ['problems', problems],
    ['runs', runs],
  ] as const) {
    if (!Number.isInteger(value) || value < 1) throw new RangeError(`Evaluation needs a positive whole number for ${name}, not ${value}.`);
  }
  if (!(temperature >= 0)) throw new RangeError(`The temperature must be at least 0, not ${temperature}.`);
  if (sets && sets.length === 0) throw new RangeError('Evaluation needs at least one problem set.');
}
