/** A piece of a run's plan, as the worker does it: what the plan tells goes to the page, with the time left. */
import { armsOf } from '../method/arms';
import { STAGE, type SamplingStage } from '../method/operators';
import { workOf, type WorkEvent, type WorkId } from '../method/plan';
import { assertNever } from '../protocol/messages';
import type { JobContext } from './context';
import { Eta } from './eta';
import type { OpenRun } from './run';

/** @throws as `Work.run` does. */
export async function workJob(context: JobContext, run: OpenRun, id: WorkId, sets?: readonly string[]): Promise<void> {
  const { policy, out, signal, breather, checkpointSeconds, flushWanted, flushed } = context;
  const { config } = run.record;
  const task = await context.task(config.task);
  const work = workOf(id, armsOf(config.arms));
  const tell = teller(context);
  const events = work.run({ policy, task, plan: config, storage: run, signal, checkpointSeconds, checkpointWanted: flushWanted, sets });
  for await (const event of events) {
    tell(event);
    if (event.type === 'checkpoint') flushed();
    await breather.breathe();
  }
  out.flush();
}

/** Sends events on, and how far the piece is. */
function teller({ out }: JobContext): (event: WorkEvent) => void {
  let eta: Eta | null = null;
  const progress = (label: string, done: number, of: number): void => {
    eta ??= new Eta(label, done, of);
    out.progress(eta.at(done));
  };
  const stageLabel = (stage: SamplingStage): string => `${STAGE[stage].name}: samples`;
  return (event) => {
    switch (event.type) {
      case 'rewrite':
        // Each stage is counted by itself.
        if (event.event.type === 'stage-start') eta = null;
        out.rewrite(event.event);
        if (event.samples && (event.event.type === 'stage-start' || event.event.type === 'candidate')) {
          const stage = event.event.type === 'candidate' ? event.event.candidate.stage : event.event.stage;
          progress(stageLabel(stage), event.samples.done, event.samples.of);
        }
        break;
      case 'training':
        progress('Training: steps', event.from, event.steps);
        break;
      case 'train':
        out.train(event.arm, event.metrics);
        progress('Training: steps', event.metrics.step, event.metrics.steps);
        break;
      case 'checkpoint':
        out.send(event);
        break;
      case 'sampled':
        progress('Evaluation: samples', event.done, event.of);
        break;
      case 'evaluated-set': {
        const { set, result, perProblem } = event.set;
        out.send({ type: 'evaluated-set', policy: event.policy, set, result: { ...result, perProblem } });
        break;
      }
      case 'evaluated':
        out.result(event.result);
        break;
      default:
        assertNever(event, 'event of a piece of work');
    }
  };
}
