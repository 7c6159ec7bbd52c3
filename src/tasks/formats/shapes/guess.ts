/** For any other table: a guess by names and contents, with its reasons, for the reader to check. */
import type { Columns } from '../columns';
import { mappingOf, rule, type Match, type Shape } from './types';

const QUESTION = ['question', 'problem', 'prompt', 'instruction', 'query', 'input', 'text', 'problem_statement', 'question_text'];
const GOLD = [
  'gold',
  'gold_answer',
  'final_answer',
  'expected_answer',
  'ground_truth',
  'reference_answer',
  'correct_answer',
  'answer',
  'target',
  'label',
  'result',
  'reward_model.ground_truth',
];
const EXPERT = [
  'expert',
  'solution',
  'rationale',
  'chain_of_thought',
  'cot',
  'explanation',
  'generated_solution',
  'response',
  'completion',
  'output',
  'generation',
  'reasoning',
];

/** A final answer, rather than a text that leads to one. */
const SHORT = 120;

export const guess: Shape = {
  id: 'guess',
  name: 'Not a known shape',
  description: 'columns are guessed by their names and contents',
  match(columns) {
    const reasons: string[] = [];
    const question = columns.find(...QUESTION) ?? longest(columns, []);
    if (question === null) return null;
    reasons.push(`${question} ${columns.find(...QUESTION) ? 'is named like a question' : 'is the longest text'}`);
    const taken = [question];
    let expert = first(columns, EXPERT, taken);
    const gold = first(columns, GOLD, taken);
    // One column for both: a worked solution under the name of an answer.
    if (gold !== null && expert === null && columns.length(gold) > SHORT) expert = gold;
    if (expert !== null) reasons.push(`${expert} ${expert === gold ? 'is a long text' : 'is named like a solution'}`);
    let goldRule: Match['mapping']['gold'];
    if (gold !== null && gold !== expert) {
      goldRule = rule(gold, columns.kind(gold) === 'list' ? 'list' : 'text');
      reasons.push(`${gold} is named like an answer`);
    } else if (expert !== null) {
      goldRule = rule(expert, columns.share(expert, /\\boxed/) >= 0.5 ? 'box' : columns.share(expert, /####/) >= 0.5 ? 'hashes' : 'stated');
      reasons.push(`the gold answer is taken from ${expert}`);
    }
    return {
      reason: reasons.join('; '),
      mapping: mappingOf({
        question: rule(question, columns.kind(question) === 'turns' ? 'user' : 'text'),
        gold: goldRule,
        expert: rule(expert, columns.kind(expert) === 'turns' ? 'assistant' : columns.kind(expert) === 'list' ? 'first' : 'text'),
        id: rule(columns.find('id', 'idx', 'unique_id', 'uuid')),
        family: rule(columns.find('family', 'subject', 'category', 'type', 'source', 'topic')),
      }),
    };
  },
};

function first(columns: Columns, names: string[], taken: string[]): string | null {
  return (
    names.map((name) => columns.find(name)).find((name) => name !== null && !taken.includes(name) && columns.kind(name) !== 'empty') ?? null
  );
}

function longest(columns: Columns, taken: string[]): string | null {
  const texts = columns.names.filter((name) => columns.kind(name) === 'text' && !taken.includes(name));
  return texts.sort((a, b) => columns.length(b) - columns.length(a))[0] ?? null;
}
