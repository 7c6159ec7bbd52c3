import type { Policy } from '../../policy/types';
import type { Task } from '../../tasks/types';
import type { Candidate, RewriteConfig } from '../types';
import { encodePrompt } from './prepare';
import type { PreparedProblem, SamplingOperator } from './types';

/**
 * K graded samples for each problem of a chunk, from one call of the policy, in the order in which they finish.
 * A sample that was cut at the token limit is no response of π_0 and does not count as correct, whatever its text says.
 */
export async function* sampleChunk(
  policy: Policy,
  task: Task,
  operator: SamplingOperator,
  chunk: readonly PreparedProblem[],
  config: RewriteConfig,
  signal?: AbortSignal,
): AsyncGenerator<Candidate, void, void> {
  const byId = new Map(chunk.map((prepared) => [prepared.problem.id, prepared]));
  const prompts = chunk.map(({ problem, expertText }) => ({
    key: problem.id,
    tokens: encodePrompt(policy.tokenizer, operator.messages(task, problem, expertText)).tokens,
  }));
  const rollouts = policy.sample({
    prompts,
    n: config.k,
    temperature: config.temperature,
    topP: config.topP,
    seed: config.seed,
    purpose: operator.stage,
    maxNewTokens: config.maxNewTokens,
    ...(signal && { signal }),
  });
  for await (const rollout of rollouts) {
    const { problem, promptTokens } = byId.get(rollout.key)!;
    const text = policy.tokenizer.decode(rollout.tokens);
    const verdict = task.grade(problem, text);
    // The retell prompt is longer than the plain one in any sensible task; if it is not, the kept row must still fit.
    const trainable = rollout.finish === 'eos' && promptTokens.length + rollout.tokens.length <= policy.maxLength;
    yield {
      problemId: problem.id,
      stage: operator.stage,
      k: rollout.candidate,
      text,
      tokens: rollout.tokens,
      logProbs: rollout.logProbs,
      samplingLogProbs: rollout.samplingLogProbs,
      finish: rollout.finish,
      verdict,
      correct: verdict.correct && trainable,
    };
  }
}
