import type { ChatMessage, Policy, Tokenizer } from '../../policy/types';
import type { Problem, Task } from '../../tasks/types';
import type { PreparedProblem } from './types';

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

/** Encodes a problem and its demonstration. @throws Error when the demonstration's log-probs do not align with its tokens. */
export function prepare(policy: Policy, task: Task, problem: Problem): PreparedProblem {
  const { text, tokens } = encodePrompt(policy.tokenizer, task.messages(problem));
  const { text: expertText, logProbs } = task.demonstration(problem);
  const expertTokens = encodeResponse(policy.tokenizer, expertText);
  if (logProbs && logProbs.length !== expertTokens.length) {
    throw new Error(
      `Problem ${problem.id}: the expert's text has ${expertTokens.length} tokens under this policy's tokenizer but ${logProbs.length} known log-probs. ` +
        'The task and the policy do not share a tokenizer.',
    );
  }
  const prepared: PreparedProblem = { problem, prompt: text, promptTokens: tokens, expertText, expertTokens };
  if (logProbs) prepared.expertLogProbs = logProbs;
  return prepared;
}

/**
 * Whether a problem fits the context whole: the expert's response after the plain prompt, and a response as long as the expert's after
 * the retell prompt. Decided before sampling, so that which problems are used does not depend on what was sampled.
 */
export function fits(policy: Policy, task: Task, { problem, promptTokens, expertText, expertTokens }: PreparedProblem): boolean {
  const retell = encodePrompt(policy.tokenizer, task.retellMessages(problem, expertText)).tokens;
  return Math.max(promptTokens.length, retell.length) + expertTokens.length <= policy.maxLength;
}
