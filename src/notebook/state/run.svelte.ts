/** One run as the page shows it. It is filled from a stored snapshot, then by events, and published at most once an animation frame. */
import { ARMS, armsOf, byArm, DEFAULT_ARMS, type ArmId } from '../../method/arms';
import type { SamplingStage, Stage } from '../../method/operators';
import type { Candidate, EvaluationResult, RewriteEvent, RewrittenRow, TrainMetrics } from '../../method/types';
import type { EvaluatedId, RunConfig, RunSnapshot, SetResult, StageSummary } from '../../protocol/messages';
import type { WorldProblem } from '../lib/world';
import type { SettingValues } from '../lib/settings';
import { FrameBatch } from './frame';
import { ProblemBoard, stageCounts, type ProblemView, type StageCount } from './problem-board';

export interface ArmView {
  metrics: readonly TrainMetrics[];
  /** Steps of the whole arm; 0 while unknown. */
  steps: number;
  done: boolean;
  /** Steps that a checkpoint keeps over a reload. */
  durable: number;
}
export type ArmViews = Record<ArmId, ArmView>;
type Evaluations = Partial<Record<EvaluatedId, EvaluationResult>>;
type EvaluatedSets = Partial<Record<EvaluatedId, Record<string, SetResult>>>;

const NO_ARM: ArmView = { metrics: [], steps: 0, done: false, durable: 0 };
const noArms = (): ArmViews => byArm(() => NO_ARM);

export class RunStore {
  /** Null until a run is open. */
  id = $state<string | null>(null);
  /** The task of the run. */
  task = $state<string | null>(null);
  /** The settings that the run was opened with. */
  values = $state.raw<SettingValues | null>(null);
  config = $state.raw<RunConfig | null>(null);
  /** Id of the policy that made the results; null while there are none. */
  policyId = $state<string | null>(null);
  writable = $state(true);
  devices = $state.raw<string[]>([]);
  updatedAt = $state<string | null>(null);

  problems = $state.raw<ProblemView[]>([]);
  latest = $state.raw<Candidate[]>([]);
  rows = $state.raw<RewrittenRow[]>([]);
  counts = $state.raw<Record<Stage, StageCount>>(stageCounts([], 1));
  stages = $state.raw<Partial<Record<SamplingStage, StageSummary>>>({});
  /** Final counts; null until the rewriting is complete. */
  finalCounts = $state.raw<Record<Stage, number> | null>(null);
  filtered = $state(0);
  activeStage = $state<Stage | null>(null);
  arms = $state.raw<ArmViews>(noArms());
  /** The arms that this run has. */
  armIds = $state.raw<readonly ArmId[]>(DEFAULT_ARMS);
  evaluations = $state.raw<Evaluations>({});
  evaluatedSets = $state.raw<EvaluatedSets>({});
  /** Increases whenever candidates change; read it to follow `candidatesOf`. */
  revision = $state(0);

  k = 1;
  readonly #board = new ProblemBoard();
  readonly #frame = new FrameBatch(() => this.#publish());
  /**
   * The latest samples are drawn less often than the rest: they take longest to draw, and nobody reads four of them five times a second.
   */
  readonly #latestFrame = new FrameBatch(() => (this.latest = this.#board.latest()), 1000);
  /** What has changed since the last publication. The rest of the page is not drawn again. */
  #boardChanged = false;
  readonly #armsChanged = new Set<ArmId>();
  /** Metrics as they arrive, before they are published. */
  #metrics: Record<ArmId, TrainMetrics[]> = byArm(() => []);
  #meta: Record<ArmId, { steps: number; done: boolean; durable: number }> = this.#freshMeta();

  /** Shows the problems alone, before a run is open. */
  showProblems(problems: readonly WorldProblem[], k: number): void {
    this.k = k;
    this.#board.reset(problems);
    this.#boardChanged = true;
    this.latest = this.#board.latest();
    this.#publish();
  }

  /** Shows no results: another task was chosen, whose run is not open yet. */
  close(): void {
    this.id = null;
    this.task = null;
    this.values = null;
    this.writable = true;
    this.devices = [];
    this.updatedAt = null;
    this.#board.reset([]);
    this.filtered = 0;
    this.stages = {};
    this.finalCounts = null;
    this.activeStage = null;
    this.#meta = this.#freshMeta();
    for (const arm of ARMS) this.#metrics[arm] = [];
    this.evaluations = {};
    this.evaluatedSets = {};
    this.#publishAll();
  }

  open(snapshot: RunSnapshot, problems: readonly WorldProblem[], values: SettingValues): void {
    this.id = snapshot.id;
    this.task = snapshot.config.task;
    this.values = { ...values };
    this.config = snapshot.config;
    this.armIds = armsOf(snapshot.config.arms);
    this.policyId = snapshot.policyId;
    this.k = snapshot.config.rewrite.k;
    this.writable = snapshot.writable;
    this.devices = snapshot.devices;
    this.updatedAt = snapshot.updatedAt;
    this.#board.reset(problems);
    for (const candidate of snapshot.candidates) this.#board.addCandidate(candidate);
    for (const row of snapshot.rows) this.#board.addRow(row);
    this.#board.filter(snapshot.filtered);
    this.filtered = snapshot.filtered.length;
    this.stages = snapshot.stages;
    this.finalCounts = snapshot.counts;
    this.activeStage = null;
    this.#meta = this.#freshMeta();
    for (const arm of ARMS) {
      const stored = snapshot.arms[arm];
      this.#metrics[arm] = stored ? [...stored.metrics] : [];
      if (stored) this.#meta[arm] = { steps: stored.steps, done: stored.done, durable: stored.metrics.at(-1)?.step ?? 0 };
    }
    this.evaluations = snapshot.evaluations;
    this.evaluatedSets = snapshot.evaluatedSets;
    this.#publishAll();
  }

  /** True once there are results. Changed settings then make the run out of date instead of replacing it. */
  get hasResults(): boolean {
    return this.latest.length > 0 || this.rows.length > 0 || Object.keys(this.evaluatedSets).length > 0;
  }

  candidatesOf(problemId: string): Candidate[] {
    void this.revision;
    return this.#board.candidates(problemId);
  }
  rowOf(problemId: string): RewrittenRow | null {
    void this.revision;
    return this.#board.row(problemId);
  }

  applyRewrite(events: readonly RewriteEvent[]): void {
    for (const event of events) this.#applyOne(event);
    this.#boardChanged = true;
    this.#frame.request();
    this.#latestFrame.request();
  }

  #applyOne(event: RewriteEvent): void {
    switch (event.type) {
      case 'stage-start':
        this.activeStage = event.stage;
        break;
      case 'candidate':
        this.#board.addCandidate(event.candidate);
        break;
      case 'chunk':
        for (const row of event.rows) this.#board.addRow(row);
        break;
      case 'stage-end':
        this.stages = { ...this.stages, [event.stage]: event };
        break;
      case 'rows':
        this.activeStage = event.stage;
        for (const row of event.rows) this.#board.addRow(row);
        break;
      case 'filtered':
        this.#board.filter(event.problemIds);
        this.filtered = event.problemIds.length;
        break;
      case 'done':
        this.activeStage = null;
        this.finalCounts = event.counts;
        break;
    }
  }

  applyMetrics(arm: ArmId, metrics: readonly TrainMetrics[]): void {
    const series = this.#metrics[arm];
    for (const one of metrics) {
      // After a resume from a checkpoint, replayed steps replace the points that were drawn beyond it.
      while (series.length > 0 && series.at(-1)!.step >= one.step) series.pop();
      series.push(one);
      this.#meta[arm].steps = one.steps;
    }
    this.#armsChanged.add(arm);
    this.#frame.request();
  }

  applyCheckpoint(arm: ArmId, step: number, steps: number): void {
    this.#meta[arm] = { ...this.#meta[arm], steps, durable: step };
    this.#armsChanged.add(arm);
    this.#frame.request();
  }

  /** Shows at once what has arrived: a piece of work that has ended never stands beside the figures of a moment before. */
  showAll(): void {
    this.latest = this.#board.latest();
    this.#publish();
  }

  armDone(arm: ArmId): void {
    this.#meta[arm] = { ...this.#meta[arm], done: true };
    this.#armsChanged.add(arm);
    this.#publish();
  }

  applySet(policy: EvaluatedId, set: string, result: SetResult): void {
    this.evaluatedSets = { ...this.evaluatedSets, [policy]: { ...this.evaluatedSets[policy], [set]: result } };
  }
  applyEvaluation(policy: EvaluatedId, result: EvaluationResult): void {
    this.evaluations = { ...this.evaluations, [policy]: result };
  }

  #freshMeta(): Record<ArmId, { steps: number; done: boolean; durable: number }> {
    return byArm(() => ({ steps: 0, done: false, durable: 0 }));
  }

  #publishAll(): void {
    this.#boardChanged = true;
    this.latest = this.#board.latest();
    for (const arm of ARMS) this.#armsChanged.add(arm);
    this.#publish();
  }

  #publish(): void {
    if (this.#boardChanged) this.#publishBoard();
    this.#boardChanged = false;
    if (this.#armsChanged.size === 0) return;
    const arms = { ...this.arms };
    for (const arm of this.#armsChanged) arms[arm] = { ...this.#meta[arm], metrics: [...this.#metrics[arm]] };
    this.#armsChanged.clear();
    this.arms = arms;
  }

  #publishBoard(): void {
    this.problems = this.#board.views();
    const rows = this.#board.rows();
    // The figures of log-probs and weights are computed from the rows, so the array is replaced only when there are new rows.
    if (rows.length !== this.rows.length || rows[0] !== this.rows[0]) this.rows = rows;
    this.counts = stageCounts(this.problems, this.k);
    this.revision++;
  }
}
