/** The built-in world's texts for the page: problems with a demonstration and a solution in the policy's own voice, and the grader. */
import { DATA_SEED } from '../../method/presets';
import { expertText, ownSolution, problems } from '../../tasks/tinymath';
import type { Problem } from '../../tasks/types';

export interface WorldProblem extends Problem {
  /** The expert's demonstration. */
  expert: string;
  /** A solution in the voice that the policy was trained on. */
  own: string;
}

/** The first `count` training problems. 256 take a tenth of a second, so the page draws them in a worker. */
export function worldProblems(count: number): WorldProblem[] {
  return problems('train', count, DATA_SEED).map((problem) => ({ ...problem, expert: expertText(problem), own: ownSolution(problem, 0) }));
}
