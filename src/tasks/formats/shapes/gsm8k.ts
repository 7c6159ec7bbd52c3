import { mappingOf, rule, type Shape } from './types';

/** `question`, `answer`: a worked solution with calculator notes <<3*4=12>> and the gold after ####. */
export const gsm8k: Shape = {
  id: 'gsm8k',
  name: 'GSM8K',
  description: 'question and answer; the gold answer follows ####, calculator notes <<…>> are taken out of the expert’s text',
  match(columns) {
    const answer = columns.find('answer');
    if (!columns.has('question') || columns.share(answer, /####/) < 0.5) return null;
    return {
      reason: 'it has question and answer, and the answers carry ####',
      mapping: mappingOf({
        question: rule(columns.find('question')),
        gold: rule(answer, 'hashes'),
        expert: rule(answer, 'worked'),
        id: rule(columns.find('id', 'idx')),
      }),
    };
  },
};
