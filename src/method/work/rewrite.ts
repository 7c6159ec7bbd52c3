/** The rewriting as a piece of work: each finished chunk is stored before it is told. */
import type { SamplingStage } from '../operators';
import type { WorkContext, WorkEvent } from '../plan';
import { rewrite } from '../rewrite';
import type { StoredRewriting } from '../run-storage';
import type { Candidate, RewriteEvent } from '../types';

/** The stage in progress, with what earlier visits did of it. */
interface StageProgress {
  stage: SamplingStage;
  samples: number;
  of: number;
  tokens: number;
  secondsBefore: number;
  started: number;
}

export async function* rewriteWork({ policy, task, plan, storage, signal }: WorkContext): AsyncGenerator<WorkEvent, void, void> {
  const stored = await storage.rewriting();
  if (stored.counts) {
    yield { type: 'rewrite', event: { type: 'done', counts: stored.counts, filtered: stored.filtered.length }, samples: null };
    return;
  }
  const { stageSeconds, stages } = { stageSeconds: { ...stored.stageSeconds }, stages: { ...stored.stages } };
  /** Candidates of the chunk in progress: not durable yet. */
  let fresh: Candidate[] = [];
  let current: StageProgress | null = null;
  for await (const event of rewrite(policy, task, plan.rewrite, { progress: stored, signal })) {
    let told: RewriteEvent = event;
    switch (event.type) {
      case 'filtered':
        await storage.commitRewriting({ filtered: event.problemIds });
        break;
      case 'stage-start':
        current = begin(event.stage, event.problems * plan.rewrite.k, stored);
        break;
      case 'candidate':
        fresh.push(event.candidate);
        if (current) {
          current.samples++;
          current.tokens += event.candidate.tokens.length;
        }
        break;
      case 'chunk':
        if (current) stageSeconds[event.stage] = current.secondsBefore + (performance.now() - current.started) / 1000;
        await storage.commitRewriting({ candidates: fresh, rows: event.rows, stageSeconds: { ...stageSeconds } });
        fresh = [];
        break;
      case 'stage-end': {
        // The method counts what this visit did; the run is the sum over all.
        const { stage, accepted, problems } = event;
        const seconds = stageSeconds[stage] ?? event.seconds;
        const summary = stages[stage] ?? { accepted, problems, generatedTokens: current?.tokens ?? event.generatedTokens, seconds };
        if (!stages[stage]) {
          stages[stage] = summary;
          await storage.commitRewriting({ stages: { ...stages } });
        }
        told = { ...event, ...summary };
        break;
      }
      case 'rows':
        await storage.commitRewriting({ rows: event.rows });
        break;
      case 'done':
        await storage.commitRewriting({ counts: event.counts });
        break;
    }
    yield { type: 'rewrite', event: told, samples: current && { done: current.samples, of: current.of } };
  }
}

function begin(stage: SamplingStage, of: number, { candidates, stageSeconds }: StoredRewriting): StageProgress {
  const before = candidates.filter((candidate) => candidate.stage === stage);
  return {
    stage,
    of,
    samples: before.length,
    tokens: before.reduce((sum, candidate) => sum + candidate.tokens.length, 0),
    secondsBefore: stageSeconds[stage] ?? 0,
    started: performance.now(),
  };
}
