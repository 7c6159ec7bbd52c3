/** Whether a problem fits a policy's context: the same rule by which the rewriting leaves problems out. */
import type { ChatMessage, Tokenizer } from '../../policy/types';
import { fillTemplate, type PromptTemplate, type TaskRow } from '../dataset';

/** Characters that are certainly more than a context holds are not encoded: no tokenizer here has longer tokens on average. */
const CHARACTERS_PER_TOKEN = 16;

/**
 * The expert's response with its end-of-text token, after the longer of the plain prompt and the retell prompt, in the policy's tokens.
 * A row without an expert's text is measured by its plain prompt and one token.
 * @returns a check that gives null where the row fits, and a sentence otherwise
 */
export function contextCheck(
  tokenizer: Tokenizer,
  maxLength: number,
  templates: { prompt: PromptTemplate; retell: PromptTemplate },
): (row: TaskRow) => string | null {
  const render = ({ system, user }: PromptTemplate, fields: Record<string, string>): string => {
    const messages: ChatMessage[] = [{ role: 'user', content: fillTemplate(user, fields) }];
    if (system !== undefined) messages.unshift({ role: 'system', content: fillTemplate(system, fields) });
    return tokenizer.renderChat(messages);
  };
  return (row) => {
    const fields = { ...row.fields, question: row.question, family: row.family ?? '' };
    const expert = row.expert ?? '';
    if (row.question.length + expert.length > CHARACTERS_PER_TOKEN * maxLength)
      return `${row.question.length + expert.length} characters, the context holds ${maxLength} tokens`;
    const plain = tokenizer.encode(render(templates.prompt, fields)).length;
    const retold = row.expert === null ? 0 : tokenizer.encode(render(templates.retell, { ...fields, expert })).length;
    const tokens = Math.max(plain, retold) + (expert === '' ? 0 : tokenizer.encode(expert).length) + 1;
    return tokens <= maxLength ? null : `${tokens} tokens with its prompt, the context holds ${maxLength}`;
  };
}
