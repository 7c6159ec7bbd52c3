/** The two prompts: the plain problem, and the problem with the expert's solution in view. */
import type { ChatMessage } from '../../policy/types';

export const plainMessages = (question: string): ChatMessage[] => [{ role: 'user', content: question }];

/**
 * The retell prompt of guided-alignment (the paper's Figure 2), in our words and few of them: here is the problem, here is a teacher's solution, solve
 * it in your own way.
 */
export const retellMessages = (question: string, expertText: string): ChatMessage[] => [
  { role: 'user', content: `${question}\nTeacher: ${expertText}\nNow solve it in your own way.` },
];
