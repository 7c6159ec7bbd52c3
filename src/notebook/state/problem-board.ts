/** What the rewriting has made of each problem so far. Plain data and plain updates; the store publishes it once per frame. */
import type { Candidate, DecidedRow, GradedCandidate, RewrittenRow, SamplingStage, Stage } from '../../method/types';
import type { WorldProblem } from '../lib/world';

/** One problem as the overview shows it. */
export interface ProblemProgress {
  id: string;
  index: number;
  /** Samples finished and correct, per stage. */
  sampled: Record<SamplingStage, number>;
  correct: Record<SamplingStage, number>;
  /** Where T settled it; null so far. */
  stage: Stage | null;
  filtered: boolean;
}

/** With what is known of the problem itself. */
export type ViewOf<P> = P & ProblemProgress;
export type ProblemView = ViewOf<WorldProblem>;

export interface StageCount {
  /** Problems that this stage had to work on, samples finished, samples correct, problems settled. */
  problems: number;
  sampled: number;
  correct: number;
  accepted: number;
}

/** Of a run here, or of problems, candidates and rows that know less. */
export class ProblemBoard<
  P extends { id: string } = WorldProblem,
  C extends GradedCandidate = Candidate,
  R extends DecidedRow = RewrittenRow,
> {
  #views: ViewOf<P>[] = [];
  #index = new Map<string, number>();
  /** Candidates by problem and stage, at their k. */
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
      const nothing = { sampled: { self: 0, guided: 0 }, correct: { self: 0, guided: 0 }, stage: null, filtered: false };
      this.#views.push({ ...problem, index, ...nothing });
    }
  }

  /** A candidate drawn again (after a resume) replaces its earlier self. */
  addCandidate(candidate: C): void {
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
    return stages ? [...stages.self, ...stages.guided].filter(Boolean) : [];
  }
  latest(): C[] {
    return [...this.#latest].reverse();
  }
  get size(): number {
    return this.#views.length;
  }
}

/**
 * Totals per stage, from the overview alone. A problem enters guided-alignment when self-alignment has drawn its K and none was right; once it
 * is settled, that says which stages it came through.
 */
export function stageCounts(views: readonly ProblemProgress[], k: number): Record<Stage, StageCount> {
  const zero = (): StageCount => ({ problems: 0, sampled: 0, correct: 0, accepted: 0 });
  const counts = { self: zero(), guided: zero(), fallback: zero() };
  for (const view of views) {
    if (view.filtered) continue;
    counts.self.problems++;
    const drawn = (stage: SamplingStage) => view.sampled[stage] >= k && view.correct[stage] === 0;
    const enteredGuided = view.stage ? view.stage !== 'self' : drawn('self');
    if (enteredGuided) counts.guided.problems++;
    if (view.stage ? view.stage === 'fallback' : enteredGuided && drawn('guided')) counts.fallback.problems++;
    for (const stage of ['self', 'guided'] as const) {
      counts[stage].sampled += view.sampled[stage];
      counts[stage].correct += view.correct[stage];
    }
    if (view.stage) counts[view.stage].accepted++;
  }
  return counts;
}
