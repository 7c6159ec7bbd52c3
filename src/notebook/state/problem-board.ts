/** What the rewriting has made of each problem so far. Plain data and plain updates; the store publishes it once per frame. */
import type { Candidate, RewrittenRow, SamplingStage, Stage } from '../../method/types';
import type { WorldProblem } from '../lib/world';

/** One problem as the overview shows it. */
export interface ProblemView extends WorldProblem {
  index: number;
  /** Samples finished and correct, per stage. */
  sampled: Record<SamplingStage, number>;
  correct: Record<SamplingStage, number>;
  /** Where T settled it; null so far. */
  stage: Stage | null;
  filtered: boolean;
}

export interface StageCount {
  /** Problems that this stage had to work on, samples finished, samples correct, problems settled. */
  problems: number;
  sampled: number;
  correct: number;
  accepted: number;
}

export class ProblemBoard {
  #views: ProblemView[] = [];
  #index = new Map<string, number>();
  /** Candidates by problem and stage, at their k. */
  #candidates = new Map<string, Record<SamplingStage, Candidate[]>>();
  #rows = new Map<string, RewrittenRow>();
  /** Newest last. */
  #latest: Candidate[] = [];
  readonly #keep: number;

  constructor(keepLatest = 4) {
    this.#keep = keepLatest;
  }

  reset(problems: readonly WorldProblem[]): void {
    this.#views = problems.map((problem, index) => ({
      ...problem,
      index,
      sampled: { self: 0, guided: 0 },
      correct: { self: 0, guided: 0 },
      stage: null,
      filtered: false,
    }));
    this.#index = new Map(problems.map((problem, index) => [problem.id, index]));
    this.#candidates.clear();
    this.#rows.clear();
    this.#latest = [];
  }

  /** A candidate drawn again (after a resume) replaces its earlier self. */
  addCandidate(candidate: Candidate): void {
    const at = this.#index.get(candidate.problemId);
    if (at === undefined) return;
    let stages = this.#candidates.get(candidate.problemId);
    if (!stages) this.#candidates.set(candidate.problemId, (stages = { self: [], guided: [] }));
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

  addRow(row: RewrittenRow): void {
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

  views(): ProblemView[] {
    return [...this.#views];
  }
  rows(): RewrittenRow[] {
    return [...this.#rows.values()];
  }
  row(problemId: string): RewrittenRow | null {
    return this.#rows.get(problemId) ?? null;
  }
  candidates(problemId: string): Candidate[] {
    const stages = this.#candidates.get(problemId);
    return stages ? [...stages.self, ...stages.guided].filter(Boolean) : [];
  }
  latest(): Candidate[] {
    return [...this.#latest].reverse();
  }
  get size(): number {
    return this.#views.length;
  }
}

/** Totals per stage, from the overview alone. A problem enters guided-alignment when self-alignment has drawn its K and none was right. */
export function stageCounts(views: readonly ProblemView[], k: number): Record<Stage, StageCount> {
  const zero = (): StageCount => ({ problems: 0, sampled: 0, correct: 0, accepted: 0 });
  const counts = { self: zero(), guided: zero(), fallback: zero() };
  for (const view of views) {
    if (view.filtered) continue;
    counts.self.problems++;
    const unsolvedBySelf = view.sampled.self >= k && view.correct.self === 0;
    if (unsolvedBySelf) counts.guided.problems++;
    if (unsolvedBySelf && view.sampled.guided >= k && view.correct.guided === 0) counts.fallback.problems++;
    for (const stage of ['self', 'guided'] as const) {
      counts[stage].sampled += view.sampled[stage];
      counts[stage].correct += view.correct[stage];
    }
    if (view.stage) counts[view.stage].accepted++;
  }
  return counts;
}
