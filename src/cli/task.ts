import type { Tokenizer } from '../policy/types';
import { tinymath } from '../tasks/tinymath';
import type { Task } from '../tasks/types';

/** The task that commands run: the built-in world, read by the policy's tokenizer. */
export function loadTask(tokenizer: Tokenizer): Task {
  return tinymath(tokenizer);
}
