/**
 * One arm, from its last checkpoint. Steps after the checkpoint are computed again from the same parameters, moments and order of
 * examples, so that on one CPU backend a resumed arm equals an uninterrupted one bit by bit.
 */
import { armExamples } from '../method/arms';
import { trainArm } from '../method/train';
import type { ArmId, TrainMetrics } from '../method/types';
import { assertNever } from '../protocol/messages';
import { StorageError } from '../storage';
import type { JobContext } from './context';
import { SessionError } from './errors';
import { Eta } from './eta';
import type { OpenRun } from './run';

export async function trainJob(context: JobContext, run: OpenRun, arm: ArmId): Promise<void> {
  const { policy, out, signal, breather } = context;
  const pointer = run.record.arms[arm];
  if (pointer?.done) {
    out.send({ type: 'checkpoint', arm, step: pointer.step, steps: pointer.steps });
    return;
  }
  if (!run.record.counts) {
    throw new SessionError('There is no complete data set to train on yet.', 'Run the three rewriting stages to their end first.');
  }
  const config = run.record.config.arms[arm];
  if (!config) throw new SessionError(`This run has no arm “${arm}”.`, 'Choose it in the settings of the training.');
  const examples = armExamples(arm, await run.store.rows(run.id));
  const stored = await run.store.checkpoint(run.id, arm);
  const resume = pointer && stored ? { checkpoint: stored, step: pointer.step } : undefined;

  const trainee = await policy.fork();
  let steps = pointer?.steps ?? 0;
  let step = pointer?.step ?? 0;
  let fresh: TrainMetrics[] = [];
  let lastSave = performance.now();
  const save = async (done: boolean): Promise<void> => {
    const { policyId, step: policyStep, parameters, m, v } = await trainee.checkpoint();
    // Nothing follows a finished arm: its moments are two thirds of its size.
    const moments = done ? {} : { ...(m && { m }), ...(v && { v }) };
    const checkpoint = { policyId, step: policyStep, seed: config.seed, parameters, ...moments };
    await run.commitTraining({ arm, step, metrics: fresh, checkpoint, pointer: { steps, done, device: run.device } });
    fresh = [];
    lastSave = performance.now();
    out.send({ type: 'checkpoint', arm, step, steps });
    context.flushed();
  };

  try {
    let eta: Eta | null = null;
    for await (const event of trainArm(trainee, examples, config, resume, signal)) {
      switch (event.type) {
        case 'start':
          steps = event.steps;
          eta = new Eta('Training: steps', event.from, event.steps);
          out.progress(eta.at(event.from));
          break;
        case 'step':
          step = event.metrics.step;
          fresh.push(event.metrics);
          out.train(arm, event.metrics);
          if (eta) out.progress(eta.at(step));
          if (!event.latest || step === steps) break;
          if (context.flushWanted() || performance.now() - lastSave >= context.checkpointSeconds * 1000) await save(false);
          break;
        default:
          assertNever(event, 'training event');
      }
      await breather.breathe();
    }
    await save(true);
  } catch (error) {
    // Stopped, or a step that could not be applied: what came before it is good. A full disk would only fail again.
    if (fresh.length > 0 && !(error instanceof StorageError)) await save(false);
    throw error;
  } finally {
    await trainee.dispose();
  }
}
