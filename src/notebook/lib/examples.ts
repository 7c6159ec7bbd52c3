/** Tasks that ship with the page, each with the policy that was trained for it. */
import { HintedError } from '../../base/errors';
import type { TaskSpec } from '../../tasks/dataset/types';

export interface Example {
  /** The task's id, which its key begins with. */
  id: string;
  name: string;
  description: string;
  /** Relative to the page. */
  url: string;
  /** Folder under static-models. */
  policy: string;
}

export const EXAMPLES: readonly Example[] = [
  {
    id: 'letters',
    name: 'Letters',
    description: 'Made-up words written backwards, sorted or shifted along the alphabet, with a small policy of their own.',
    url: 'tasks/letters.json',
    policy: 'letters',
  },
];

/** @throws Error with a hint where the file cannot be had. */
export async function fetchExample({ url, name }: Example): Promise<TaskSpec> {
  const failed = (why: string) =>
    new HintedError(`The example “${name}” could not be loaded: ${why}.`, 'Check the connection and try again.');
  const response = await fetch(new URL(url, document.baseURI)).catch(() => null);
  if (!response) throw failed('the network failed');
  if (!response.ok) throw failed(`the server answered ${response.status}`);
  const { parseTask } = await import('../../tasks/dataset');
  return parseTask(await response.text());
}
