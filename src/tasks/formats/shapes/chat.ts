/** Conversations for fine-tuning: the gold answer is what the assistant's answer states, unless a column says it. */
import type { Columns } from '../columns';
import { mappingOf, rule, type Shape } from './types';

const GOLD = ['gold', 'gold_answer', 'final_answer', 'ground_truth', 'answer', 'reward_model.ground_truth'] as const;

const others = (columns: Columns) => ({
  id: rule(columns.find('id', 'uuid', 'problem_id')),
  family: rule(columns.find('family', 'source', 'subject')),
});

/** TRL: `messages` of {role, content}; ShareGPT: `conversations` of {from, value}. */
export const messages: Shape = {
  id: 'messages',
  name: 'Chat messages',
  description:
    'messages with one user’s and one assistant’s turn (TRL), also what this notebook exports; the gold is what the answer states',
  match(columns) {
    const turns = ['messages', 'conversations', 'conversation']
      .map((name) => columns.find(name))
      .find((name) => columns.kind(name ?? null) === 'turns');
    if (!turns) return null;
    const gold = columns.find(...GOLD);
    return {
      reason: `it has conversations in ${turns}`,
      mapping: mappingOf({
        question: rule(turns, 'user'),
        gold: gold === null ? rule(turns, 'stated') : rule(gold, columns.kind(gold) === 'list' ? 'list' : 'text'),
        expert: rule(turns, 'assistant'),
        ...others(columns),
      }),
    };
  },
};

/** TRL: `prompt` and `completion`, texts or conversations. */
export const promptCompletion: Shape = {
  id: 'prompt-completion',
  name: 'Prompt and completion',
  description: 'prompt and completion, as texts or conversations (TRL); the gold is what the completion states',
  match(columns) {
    if (!columns.has('prompt', 'completion')) return null;
    const gold = columns.find(...GOLD);
    return {
      reason: 'it has prompt and completion',
      mapping: mappingOf({
        question: rule(columns.find('prompt'), 'user'),
        gold: gold === null ? rule(columns.find('completion'), 'stated') : rule(gold),
        expert: rule(columns.find('completion'), 'assistant'),
        ...others(columns),
      }),
    };
  },
};
