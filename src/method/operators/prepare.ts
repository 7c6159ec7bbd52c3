import type { ChatMessage, Policy, Sequence, Tokenizer } from '../../policy/types';
import type { Problem, Task } from '../../tasks/types';

/** A problem with everything that operators need of it, encoded once. */
export interface PreparedProblem {
  problem: Problem;
  /** Plain prompt x, rendered and encoded: what every response is scored and trained with. */
  prompt: string;
  promptTokens: Int32Array;
  /** Retell prompt: problem and expert's text in view. */
  retellTokens: Int32Array;
  expert: {
    text: string;
    /** EOS included. */
    tokens: Int32Array;
    /** log μ per token under the expert's grammar, where known. */
    behaviorLogProbs?: Float32Array;
  };
}

/** Chat messages as the policy reads them: the rendered template and its ids. */
export function encodePrompt(tokenizer: Tokenizer, messages: ChatMessage[]): { text: string; tokens: Int32Array } {
  const text = tokenizer.renderChat(messages);
  return { text, tokens: tokenizer.encode(text) };
}

/** A response's ids, EOS appended. */
export function encodeResponse(tokenizer: Tokenizer, text: string): Int32Array {
  const ids = tokenizer.encode(text);
  const response = new Int32Array(ids.length + 1);
  response.set(ids);
  response[ids.length] = tokenizer.eosId;
  return response;
}

/** prompt ++ response. */
export function join(prompt: Int32Array, response: Int32Array): Int32Array {
  const ids = new Int32Array(prompt.length + response.length);
  ids.set(prompt);
  ids.set(response, prompt.length);
  return ids;
}

/** A response after the plain prompt. */
export function plainSequence({ promptTokens }: Pick<PreparedProblem, 'promptTokens'>, response: Int32Array): Sequence {
  return { ids: join(promptTokens, response), from: promptTokens.length };
}

/** Encodes a problem and its demonstration. @throws Error when the demonstration's log-probs do not align with its tokens. */
export function prepare({ tokenizer }: Pick<Policy, 'tokenizer'>, task: Task, problem: Problem): PreparedProblem {
  const { text: prompt, tokens: promptTokens } = encodePrompt(tokenizer, task.messages(problem));
  const { text, logProbs } = task.demonstration(problem);
  const tokens = encodeResponse(tokenizer, text);
  if (logProbs && logProbs.length !== tokens.length) {
    throw new Error(
      `Problem ${problem.id}: the expert's text has ${tokens.length} tokens under this policy's tokenizer but ${logProbs.length} known log-probs. ` +
        'The task and the policy do not share a tokenizer.',
    );
  }
  const retellTokens = encodePrompt(tokenizer, task.retellMessages(problem, text)).tokens;
  const expert: PreparedProblem['expert'] = { text, tokens };
  if (logProbs) expert.behaviorLogProbs = Float32Array.from(logProbs);
  return { problem, prompt, promptTokens, retellTokens, expert };
}

/**
 * Whether a problem fits the context whole: the expert's response after the plain prompt, and a response as long as the expert's after
 * the retell prompt. Decided before sampling, so that which problems are used does not depend on what was sampled.
 */
export function fits({ maxLength }: Pick<Policy, 'maxLength'>, { promptTokens, retellTokens, expert }: PreparedProblem): boolean {
  return Math.max(promptTokens.length, retellTokens.length) + expert.tokens.length <= maxLength;
}
