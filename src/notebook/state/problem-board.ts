/** What the rewriting has made of each problem so far: plain data with plain updates, which the store publishes once a frame. */
import { bySamplingStage, byStage, SAMPLING_STAGES, STAGE_DEFINITIONS, type SamplingStage, type Stage } from '../../method/operators';
import type { Candidate, DecidedRow, GradedCandidate, RewrittenRow } from '../../method/types';
import type { WorldProblem } from '../lib/world';

/** One problem as the overview shows it. */
export interface ProblemProgress {
  id: string;
  index: number;
  /** Samples finished and correct, per stage. */
  sampled: Record<SamplingStage, number>;
  correct: Record<SamplingStage, number>;
  /** The stage in which T settled it; null before. */
  stage: Stage | null;
  filtered: boolean;
}

/** With the problem's own data. */
export type ViewOf<P> = P & ProblemProgress;
export type ProblemView = ViewOf<WorldProblem>;

export interface StageCount {
  /** Problems that this stage had to work on, samples finished, samples correct, problems settled. */
  problems: number;
  sampled: number;
  correct: number;
  accepted: number;
}

/** Made of a run here, or of problems, candidates and rows with less data. */
export class ProblemBoard<
  P extends { id: string } = WorldProblem,
  C extends GradedCandidate = Candidate,
  R extends DecidedRow = RewrittenRow,
> {
  #views: ViewOf<P>[] = [];
  #index = new Map<string, number>();
  /** Candidates by problem and stage; candidate k is at index k. */
  #candidates = new Map<string, Record<SamplingStage, C[]>>();
  #rows = new Map<string, R>();
  /** Newest last. */
  #latest: C[] = [];
  readonly #keep: number;

  constructor(keepLatest = 4) {
    this.#keep = keepLatest;
  }

  reset(problems: readonly P[]): void {
    this.#views = [];
    this.#index.clear();
    this.#candidates.clear();
    this.#rows.clear();
    this.#latest = [];
    this.append(problems);
  }

  append(problems: readonly P[]): void {
    for (const problem of problems) {
      const index = this.#views.length;
      this.#index.set(problem.id, index);
      const nothing = { sampled: bySamplingStage(() => 0), correct: bySamplingStage(() => 0), stage: null, filtered: false };
      this.#views.push({ ...problem, index, ...nothing });
    }
  }

  /** A candidate that is drawn again after a resume replaces the earlier one. */
  addCandidate(candidate: C): void {
    const at = this.#index.get(candidate.problemId);
    if (at === undefined) return;
    let stages = this.#candidates.get(candidate.problemId);
    if (!stages) this.#candidates.set(candidate.problemId, (stages = bySamplingStage(() => [])));
    stages[candidate.stage][candidate.k] = candidate;
    const all = stages[candidate.stage].filter(Boolean);
    const view = this.#views[at]!;
    this.#views[at] = {
      ...view,
      sampled: { ...view.sampled, [candidate.stage]: all.length },
      correct: { ...view.correct, [candidate.stage]: all.filter((one) => one.correct).length },
    };
    this.#latest = [...this.#latest.slice(1 - this.#keep), candidate];
  }

  addRow(row: R): void {
    this.#rows.set(row.problemId, row);
    const at = this.#index.get(row.problemId);
    if (at !== undefined) this.#views[at] = { ...this.#views[at]!, stage: row.stage };
  }

  filter(problemIds: readonly string[]): void {
    for (const id of problemIds) {
      const at = this.#index.get(id);
      if (at !== undefined) this.#views[at] = { ...this.#views[at]!, filtered: true };
    }
  }

  views(): ViewOf<P>[] {
    return [...this.#views];
  }
  rows(): R[] {
    return [...this.#rows.values()];
  }
  row(problemId: string): R | null {
    return this.#rows.get(problemId) ?? null;
  }
  candidates(problemId: string): C[] {
    const stages = this.#candidates.get(problemId);
    return stages ? SAMPLING_STAGES.flatMap((stage) => stages[stage]).filter(Boolean) : [];
  }
  latest(): C[] {
    return [...this.#latest].reverse();
  }
  get size(): number {
    return this.#views.length;
  }
}

/**
 * Totals per stage, computed from the overview alone. A problem enters a stage when the stage before has drawn its K candidates and none
 * was right. The stage that settled a problem shows which stages it passed through.
 */
export function stageCounts(views: readonly ProblemProgress[], k: number): Record<Stage, StageCount> {
  const counts = byStage((): StageCount => ({ problems: 0, sampled: 0, correct: 0, accepted: 0 }));
  for (const view of views) {
    if (view.filtered) continue;
    const ended = STAGE_DEFINITIONS.findIndex(({ id }) => (view.stage ? id === view.stage : !failed(id, view, k)));
    for (const { id } of STAGE_DEFINITIONS.slice(0, ended + 1)) counts[id].problems++;
    for (const stage of SAMPLING_STAGES) {
      counts[stage].sampled += view.sampled[stage];
      counts[stage].correct += view.correct[stage];
    }
    if (view.stage) counts[view.stage].accepted++;
  }
  return counts;
}

/** Whether a stage has drawn its K candidates and none was right. */
function failed(stage: Stage, view: ProblemProgress, k: number): boolean {
  const sampling = SAMPLING_STAGES.find((one) => one === stage);
  return sampling !== undefined && view.sampled[sampling] >= k && view.correct[sampling] === 0;
}
