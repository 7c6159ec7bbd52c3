/** The built-in world's texts for the page: problems with a demonstration and a solution in the policy's own voice, and the grader. */
import { DATA_SEED } from '../../method/presets';
import { DEFAULT_GAP, expertText, ownSolution, problems, type Gap } from '../../tasks/tinymath';
import type { Problem } from '../../tasks/types';

export interface WorldProblem extends Problem {
  /** The expert's demonstration. */
  expert: string;
  /** A solution in the voice that the policy was trained on. */
  own: string;
}

/** The first `count` training problems. A hundred milliseconds for 256: on the page this runs in a worker of its own. */
export function worldProblems(count: number, gap: Gap = DEFAULT_GAP): WorldProblem[] {
  return problems('train', count, DATA_SEED).map((problem) => ({
    ...problem,
    expert: expertText(problem, gap),
    own: ownSolution(problem, 0),
  }));
}
