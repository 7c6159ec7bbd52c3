/** The evaluation of a policy as a piece of work, set by set: a set that is stored is not sampled again. */
import { HintedError } from '../../base/errors';
import type { TrainablePolicy } from '../../policy/types';
import { averageOf, evaluate } from '../evaluate';
import { DATA_SEED } from '../presets';
import type { EvaluatedId, WorkContext, WorkEvent } from '../plan';

export async function* evaluateWork(context: WorkContext, id: EvaluatedId): AsyncGenerator<WorkEvent, void, void> {
  const { task, plan, storage, signal } = context;
  const sets = context.sets ?? task.testSets;
  const { dataSeed = DATA_SEED, problems, runs, seed } = plan.evaluation;
  // A set may have fewer problems than asked for.
  const samples = (set: string) => task.problems(set, problems, dataSeed).length * runs;
  const stored = await storage.evaluatedSets(id);
  const found = sets.map((set) => stored.find((one) => one.set === set) ?? null);

  const of = sets.reduce((sum, set) => sum + samples(set), 0);
  let done = sets.reduce((sum, set, i) => sum + (found[i] ? samples(set) : 0), 0);
  yield { type: 'sampled', policy: id, done, of };
  const missing = found.some((one) => one === null);
  const { policy, dispose } = missing ? await trained(context, id) : { policy: context.policy, dispose: async () => undefined };
  try {
    for (const [i, set] of sets.entries()) {
      if (!found[i]) {
        for await (const event of evaluate(policy, task, { ...plan.evaluation, sets: [set] }, signal)) {
          if (event.type === 'progress') yield { type: 'sampled', policy: id, done: done + event.done, of };
          else if (event.type === 'set') {
            const { result, perProblem, truncated } = event;
            found[i] = { set, result, perProblem, truncated };
            await storage.commitEvaluatedSet(id, found[i]);
          }
        }
        done += samples(set);
      }
      yield { type: 'evaluated-set', policy: id, set: found[i]! };
    }
  } finally {
    await dispose();
  }
  const result = averageOf(found.flatMap((one) => one ?? []), seed); // prettier-ignore
  if (result) yield { type: 'evaluated', policy: id, result };
}

/** π_0 itself, or a fork with an arm's parameters. */
async function trained({ policy, storage }: WorkContext, id: EvaluatedId): Promise<{ policy: TrainablePolicy; dispose(): Promise<void> }> {
  if (id === 'base') return { policy, dispose: async () => undefined };
  const arm = await storage.arm(id);
  if (!arm?.done) throw new HintedError(`The arm ${id} is not trained to its end yet.`, 'Train it first.');
  const fork = await policy.fork();
  await fork.restore(arm.checkpoint);
  return { policy: fork, dispose: () => fork.dispose() };
}
