/** The two prompts: the plain problem, and the problem with the expert's solution in view. */
import type { ChatMessage } from '../../policy/types';

export const plainMessages = (question: string): ChatMessage[] => [{ role: 'user', content: question }];

/** METHOD.md section 1's retell prompt, in few words for a small model. */
export const retellMessages = (question: string, expertText: string): ChatMessage[] => [
  { role: 'user', content: `${question}\nTeacher: ${expertText}\nNow solve it in your own way.` },
];
