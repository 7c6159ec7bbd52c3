/** Quality of a rewriting: how often each stage succeeds and what its responses look like. */
import { mean } from '../statistics';
import type { Candidate, RewrittenRow, SamplingStage } from '../types';
import { meanPassAtK } from './pass-at-k';
import { copyOverlap, leakPhrases, lengthShift, type LengthShift } from './text';

export interface StageQuality {
  problems: number;
  candidates: number;
  /** Share of correct candidates: the mean of c/K. */
  accuracy: number;
  /** Share of problems with at least one correct candidate: what the stage accepts. */
  acceptance: number;
  /** pass@1, 2, 4, … up to K. */
  passAtK: Record<number, number>;
  /** Share of candidates that were cut at the token limit. */
  truncated: number;
}

/** What one stage's candidates achieved. */
export function stageQuality(candidates: readonly Candidate[], stage: SamplingStage): StageQuality {
  const own = candidates.filter((candidate) => candidate.stage === stage);
  const byProblem = new Map<string, { sampled: number; correct: number }>();
  for (const candidate of own) {
    const count = byProblem.get(candidate.problemId) ?? { sampled: 0, correct: 0 };
    count.sampled++;
    if (candidate.correct) count.correct++;
    byProblem.set(candidate.problemId, count);
  }
  const counts = [...byProblem.values()];
  const sampled = counts.length ? Math.min(...counts.map((count) => count.sampled)) : 0;
  const passes: Record<number, number> = {};
  for (let k = 1; k <= sampled; k *= 2) passes[k] = meanPassAtK(counts, k);
  return {
    problems: counts.length,
    candidates: own.length,
    accuracy: mean(own.map((candidate) => Number(candidate.correct))),
    acceptance: mean(counts.map((count) => Number(count.correct > 0))),
    passAtK: passes,
    truncated: mean(own.map((candidate) => Number(candidate.finish === 'length'))),
  };
}

export interface KeptQuality {
  problems: number;
  /** Means over kept responses of their overlap with the expert's text. */
  longestRunShare: number;
  ngramShare: number;
  /** Share of kept responses that mention the reference. */
  leaks: number;
  length: LengthShift;
}

/** What the kept responses of a stage look like beside the expert's. */
export function keptQuality(rows: readonly RewrittenRow[], stage: SamplingStage): KeptQuality {
  const own = rows.filter((row) => row.stage === stage);
  const overlaps = own.map((row) => copyOverlap(row.completion, row.expert.text));
  return {
    problems: own.length,
    longestRunShare: mean(overlaps.map((overlap) => overlap.longestRunShare)),
    ngramShare: mean(overlaps.map((overlap) => overlap.ngramShare)),
    leaks: mean(own.map((row) => Number(leakPhrases(row.completion).length > 0))),
    length: lengthShift(own),
  };
}
