/** Prompts to begin with, in our own words, and an empty task. */
import type { PromptTemplate, TaskSpec } from './types';

/** The plain prompt x for mathematics. */
export const MATH_PROMPT: PromptTemplate = {
  user: '{question}\n\nWork it out step by step. Give the final answer in \\boxed{{}}.',
};

/** The retell prompt for mathematics, after the description of the paper's Figure 2. */
export const MATH_RETELL: PromptTemplate = {
  user:
    'Problem:\n{question}\n\n' +
    'In case you cannot find the way by yourself, here is how a teacher solved it:\n{expert}\n\n' +
    'First make sure that you understand what is asked. Then solve the problem again, in your own way and from the beginning: lean on the ' +
    'teacher’s solution only where you are stuck, do not copy it, and explain each step in your own words. Give the final answer in \\boxed{{}}.',
};

/** The plain prompt for any other task. */
export const PLAIN_PROMPT: PromptTemplate = { user: '{question}' };

/** The retell prompt for any other task. */
export const PLAIN_RETELL: PromptTemplate = {
  user:
    '{question}\n\n' +
    'Here is an answer that somebody else gave, should you need it:\n{expert}\n\n' +
    'Understand the question first. Then answer it again in your own way and in your own words, without copying, and end with the final answer.',
};

/** A task with one row, to be changed. */
export function newTask(): TaskSpec {
  return {
    format: 'mind-the-gap/task',
    version: 1,
    id: 'own-task',
    name: 'My task',
    description: '',
    prompt: { ...MATH_PROMPT },
    retell: { ...MATH_RETELL },
    grader: { id: 'mathematics' },
    sets: [
      {
        id: 'train',
        name: 'Training',
        description: 'Rewritten and trained on.',
        rows: [{ id: 'train-1', question: 'What is 2 + 3?', gold: '5', expert: 'Adding 2 and 3 gives \\boxed{5}.' }],
      },
      {
        id: 'test',
        name: 'Test',
        description: 'Held out for the evaluation.',
        rows: [{ id: 'test-1', question: 'What is 4 + 3?', gold: '7', expert: null }],
      },
    ],
    testSets: ['test'],
  };
}
