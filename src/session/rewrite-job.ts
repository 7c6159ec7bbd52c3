/** The three stages, from where storage says they stand. Each chunk is durable before the page hears that it is done. */
import { rewrite } from '../method/rewrite';
import type { Candidate, SamplingStage } from '../method/types';
import { assertNever } from '../protocol/messages';
import { Eta } from './eta';
import type { JobContext } from './context';
import type { OpenRun } from './run';

const LABEL: Record<SamplingStage, string> = { self: 'Self-alignment: samples', guided: 'Guided-alignment: samples' };

interface StageProgress {
  stage: SamplingStage;
  eta: Eta;
  /** Samples of this stage so far, those of earlier sessions included. */
  samples: number;
  tokens: number;
  /** Seconds of earlier sessions. */
  secondsBefore: number;
  started: number;
}

export async function rewriteJob({ policy, task, out, signal, breather }: JobContext, run: OpenRun): Promise<void> {
  const { config } = run.record;
  if (run.record.counts) {
    out.rewrite({ type: 'done', counts: run.record.counts, filtered: run.record.filtered.length });
    return;
  }
  const progress = await run.store.rewriteProgress(run.id);
  /** Candidates of the chunk in progress: not durable yet. */
  let fresh: Candidate[] = [];
  let current: StageProgress | null = null;
  const seconds = (now: StageProgress) => now.secondsBefore + (performance.now() - now.started) / 1000;

  for await (const event of rewrite(policy, await task(config.task), config.rewrite, { progress, signal })) {
    switch (event.type) {
      case 'filtered':
        await run.commitRewrite([], [], { filtered: event.problemIds });
        out.rewrite(event);
        break;
      case 'stage-start': {
        const stored = progress.candidates.filter((candidate) => candidate.stage === event.stage);
        current = {
          stage: event.stage,
          eta: new Eta(LABEL[event.stage], stored.length, event.problems * config.rewrite.k),
          samples: stored.length,
          tokens: stored.reduce((sum, candidate) => sum + candidate.tokens.length, 0),
          secondsBefore: run.record.stageSeconds[event.stage] ?? 0,
          started: performance.now(),
        };
        out.rewrite(event);
        out.progress(current.eta.at(current.samples));
        break;
      }
      case 'candidate':
        fresh.push(event.candidate);
        out.rewrite(event);
        if (current) {
          current.tokens += event.candidate.tokens.length;
          out.progress(current.eta.at(++current.samples));
        }
        break;
      case 'chunk': {
        const time = current ? { stageSeconds: { ...run.record.stageSeconds, [event.stage]: seconds(current) } } : {};
        await run.commitRewrite(fresh, event.rows, time);
        fresh = [];
        out.rewrite(event);
        break;
      }
      case 'stage-end': {
        // The method counts what this session did; the run is the sum over all.
        const { accepted, problems } = event;
        const again = run.record.stages[event.stage];
        const summary = again ?? {
          accepted,
          problems,
          generatedTokens: current?.tokens ?? event.generatedTokens,
          seconds: run.record.stageSeconds[event.stage] ?? event.seconds,
        };
        if (!again) await run.commitRewrite([], [], { stages: { ...run.record.stages, [event.stage]: summary } });
        out.rewrite({ ...event, ...summary });
        break;
      }
      case 'rows':
        await run.commitRewrite([], event.rows);
        out.rewrite(event);
        break;
      case 'done':
        await run.commitRewrite([], [], { counts: event.counts });
        out.rewrite(event);
        break;
      default:
        assertNever(event, 'rewrite event');
    }
    await breather.breathe();
  }
}
