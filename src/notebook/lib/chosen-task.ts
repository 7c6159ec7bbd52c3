/** The task that the notebook works on, as the page needs it: the built-in world, or one that is data. */
import type { ProblemSet, Problem, Verdict } from '../../tasks/types';
import type { TaskSpec } from '../../tasks/dataset/types';
import { SETS, TEST_SETS } from '../../tasks/tinymath/families';
import { worldTask, type Gap } from '../../tasks/tinymath/gap';
import { grade } from '../../tasks/tinymath/grade';
import { DATA_SEED } from '../../method/presets';
import type { WorldProblem } from './world';

export interface ChosenTask {
  /** The task's key in a run's configuration. */
  key: string;
  name: string;
  description: string;
  /** Null for the built-in world. */
  spec: TaskSpec | null;
  testSets: readonly ProblemSet[];
  /** How many problems can be rewritten and trained on; null: no limit. */
  trainable: number | null;
  /** The first `count` training problems, or all there are. */
  problems(count: number): Promise<WorldProblem[]>;
  grade(problem: Problem, response: string): Verdict;
}

/** The built-in world with the expert's gap as it is by default. */
export const BUILT_IN = worldTask();
const TRAIN = 'train';

export function builtInTask(gap: Gap, problems: (count: number) => Promise<WorldProblem[]>): ChosenTask {
  return {
    key: worldTask(gap),
    name: 'Built-in world',
    description: 'Arithmetic in words, made for the policy that comes with this page.',
    spec: null,
    testSets: TEST_SETS.map((id) => SETS.find((set) => set.id === id)!),
    trainable: null,
    problems,
    grade: (problem, response) => grade(problem.gold, response),
  };
}

/** Loads the code of own tasks with the first one. @throws RangeError for a task that cannot run. */
export async function ownTask(key: string, spec: TaskSpec): Promise<ChosenTask> {
  const { datasetTask, setSize } = await import('../../tasks/dataset');
  const task = datasetTask(spec);
  const trainable = task.sets.some((set) => set.id === TRAIN) ? setSize(spec, TRAIN) : 0;
  return {
    key,
    name: spec.name,
    description: spec.description,
    spec,
    testSets: task.testSets.map((id) => task.sets.find((set) => set.id === id)!),
    trainable,
    problems: async (count) => {
      if (trainable === 0) return [];
      // A task that is data has no grammar of the policy's own voice.
      return task.problems(TRAIN, count, DATA_SEED).map((problem) => ({ ...problem, expert: task.demonstration(problem).text, own: '' }));
    },
    grade: (problem, response) => task.grade(problem, response),
  };
}
