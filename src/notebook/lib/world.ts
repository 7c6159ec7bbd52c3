/** The built-in world's texts for the page: problems with a demonstration and a solution in the policy's own voice, and the grader. */
import { DATA_SEED } from '../../method/presets';
import { ownSolution, tinymath } from '../../tasks/tinymath';
import type { Problem } from '../../tasks/types';

export interface WorldProblem extends Problem {
  /** The expert's demonstration. */
  expert: string;
  /** A solution in the voice that the policy was raised on. */
  own: string;
}

/** Here only texts are wanted, so characters serve as tokens. Log-probs per token come from the worker, in the policy's own tokens. */
const CHARACTERS = {
  vocabSize: 0x110000,
  eosId: 0,
  padId: 0,
  encode: (text: string) => Int32Array.from(text, (character) => character.codePointAt(0)!),
  decode: (ids: ArrayLike<number>) => String.fromCodePoint(...Array.from(ids)),
  renderChat: (messages: { content: string }[]) => messages.map((message) => message.content).join('\n'),
};

/** The first `count` training problems. Some hundred milliseconds for 256: on the page this runs in a worker of its own. */
export function worldProblems(count: number): WorldProblem[] {
  const task = tinymath(CHARACTERS);
  return task
    .problems('train', count, DATA_SEED)
    .map((problem) => ({ ...problem, expert: task.demonstration(problem).text, own: ownSolution(problem, 0) }));
}
