/** The whole paper on one policy: every piece of a plan in order, over a storage that keeps what is done. */
import type { TrainablePolicy } from '../policy/types';
import type { Task } from '../tasks/types';
import { armsOf } from './arms';
import { worksOf, type RunPlan, type WorkContext, type WorkEvent } from './plan';
import type { RunStorage } from './run-storage';

/**
 * Pieces that the storage holds are not done again; a piece in the middle goes on from its last durable point. `policy` itself is π_0 and stays as it is.
 * @throws as the pieces of work do; the signal's reason when aborted.
 */
export async function* reproduce(
  policy: TrainablePolicy,
  task: Task,
  plan: RunPlan,
  storage: RunStorage,
  options: Pick<WorkContext, 'signal' | 'checkpointSeconds'> = {},
): AsyncGenerator<WorkEvent, void, void> {
  for (const work of worksOf(armsOf(plan.arms))) yield* work.run({ policy, task, plan, storage, ...options });
}
