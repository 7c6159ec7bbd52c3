/**
 * One arm as a piece of work, from its last checkpoint. Steps after the checkpoint are computed again from the same parameters, moments and order
 * of examples, so that on one CPU backend a resumed arm equals an uninterrupted one bit by bit.
 */
import { HintedError } from '../../base/errors';
import type { PolicyCheckpoint } from '../../policy/types';
import { ARM_DEFINITIONS, armExamples, examplesOf, type ArmId } from '../arms';
import { operatorOf } from '../operators';
import type { WorkContext, WorkEvent } from '../plan';
import { rewritten } from '../rewrite';
import type { StoredRewriting } from '../run-storage';
import { trainArm } from '../train';
import type { TrainMetrics } from '../types';

export async function* trainWork(context: WorkContext, arm: ArmId): AsyncGenerator<WorkEvent, void, void> {
  const { policy, plan, storage, signal, checkpointSeconds = 15, checkpointWanted } = context;
  const config = plan.arms[arm];
  if (!config) throw new HintedError(`This run has no arm “${arm}”.`, 'Choose it in the settings of the training.');
  const stored = await storage.arm(arm);
  if (stored?.done) {
    yield { type: 'checkpoint', arm, step: stored.step, steps: stored.steps };
    return;
  }
  const rewriting = await storage.rewriting();
  if (!rewriting.counts) {
    throw new HintedError('There is no complete data set to train on yet.', 'Run the rewriting to its end first.');
  }
  const examples = await dataOf(context, arm, rewriting);

  const trainee = await policy.fork();
  let { step, steps } = stored ?? { step: 0, steps: 0 };
  let fresh: TrainMetrics[] = [];
  let saved = performance.now();
  const save = async (done: boolean): Promise<void> => {
    const metrics = fresh;
    fresh = [];
    await storage.commitArm(arm, { step, steps, done, metrics, checkpoint: await checkpointOf(trainee, done) });
    saved = performance.now();
  };
  try {
    for await (const event of trainArm(trainee, examples, config, stored ?? undefined, signal)) {
      if (event.type === 'start') {
        steps = event.steps;
        yield { type: 'training', arm, from: event.from, steps };
        continue;
      }
      step = event.metrics.step;
      fresh.push(event.metrics);
      yield { type: 'train', arm, metrics: event.metrics };
      if (!event.latest || step === steps) continue;
      if (checkpointWanted?.() || performance.now() - saved >= checkpointSeconds * 1000) {
        await save(false);
        yield { type: 'checkpoint', arm, step, steps };
      }
    }
    await save(true);
    yield { type: 'checkpoint', arm, step, steps };
  } catch (error) {
    // Stopped, or a step that could not be applied: what came before it is good. A commit that failed has taken its metrics along.
    if (fresh.length > 0) await save(false);
    throw error;
  } finally {
    await trainee.dispose();
  }
}

/** Nothing follows a finished arm: its moments, two thirds of its size, are left out. */
async function checkpointOf(trainee: { checkpoint(): Promise<PolicyCheckpoint> }, done: boolean): Promise<PolicyCheckpoint> {
  const { policyId, step, parameters, m, v } = await trainee.checkpoint();
  return { policyId, step, parameters, ...(!done && m && { m }), ...(!done && v && { v }) };
}

/** What the arm is trained on. Its operator is run where its data do not follow from the rewriting; candidates that are stored are used again. */
async function dataOf({ policy, task, plan, signal }: WorkContext, arm: ArmId, { candidates, rows }: StoredRewriting) {
  const operator = operatorOf(ARM_DEFINITIONS[arm].operator);
  if (operator.fromRewriting) return armExamples(arm, rows);
  const own = await rewritten(policy, task, plan.rewrite, { operator, progress: { candidates, rows: [] }, signal });
  return examplesOf(own.rows);
}
