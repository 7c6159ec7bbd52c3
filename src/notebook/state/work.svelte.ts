/**
 * What the reader asked to compute: pieces of the plan (`method/plan.ts`), one after the other. The worker computes and stores them; this
 * class keeps their order and the state of each, and stops and continues them.
 */
import { HintedError } from '../../base/errors';
import type { ArmId } from '../../method/arms';
import { worksOf, type EvaluatedId, type Work as Piece, type WorkKind } from '../../method/plan';
import { StoppedError, type Job } from '../../protocol/client';
import type { Progress, RunSnapshot } from '../../protocol/messages';
import { explain } from '../lib/errors';
import { sectionName } from '../lib/sections';
import { overallFraction, remainingSeconds, type WorkState } from '../lib/status';
import { Clock } from './clock.svelte';
import { FrameBatch } from './frame';
import { loadQueue, saveQueue } from './queue-memory';
import type { RunStore } from './run.svelte';
import type { Session } from './session.svelte';
import { costOf, plannedWork } from './work-estimate';
import { pieceOf, type WorkId } from './work-ids';

/** What a piece waits for, by the kind of what it needs. */
const NEEDED: Readonly<Record<WorkKind, string>> = { rewrite: 'the rewriting', train: 'the training', evaluate: 'the evaluation' };

type Explicit = Extract<WorkState, { kind: 'queued' | 'running' | 'stopped' | 'failed' | 'done' }>;

export interface WorkHost {
  /** The arms that the present settings have. */
  readonly arms: readonly ArmId[];
  /** The id of the run that the present settings describe. It opens that run first if necessary. */
  ensureRun(): Promise<string>;
  /** Shows the run as another tab has changed it. */
  replace(snapshot: RunSnapshot): void;
  /** Why results shown do not fit the settings; null where they do. */
  staleReason(id: WorkId): string | null;
  /** What the task lacks for this piece, to complete "waits for …"; null if nothing. */
  lacks(id: WorkId): string | null;
}

export class Work {
  readonly clock = new Clock();
  /** What happened in this visit. Everything else follows from the run. */
  #explicit = $state.raw<Partial<Record<WorkId, Explicit>>>({});
  queue = $state.raw<WorkId[]>([]);
  current = $state.raw<WorkId | null>(null);
  stoppingSince = $state<number | null>(null);
  #job: Job<unknown, unknown> | null = null;
  /** Progress as it arrives, before it is shown. */
  #latest: { id: WorkId; progress: Progress } | null = null;
  readonly #frame = new FrameBatch(() => this.#showProgress(), 250);
  readonly #session: Session;
  readonly #run: RunStore;
  readonly #host: WorkHost;
  /** All pieces of a run with the present settings, in order. */
  readonly pieces: readonly Piece[] = $derived.by(() => worksOf(this.#host.arms));

  constructor(session: Session, run: RunStore, host: WorkHost) {
    this.#session = session;
    this.#run = run;
    this.#host = host;
  }

  get busy(): boolean {
    return this.current !== null || this.queue.length > 0;
  }

  idsOf(kind: WorkKind): WorkId[] {
    return this.pieces.filter((piece) => piece.kind === kind).map(({ id }) => id);
  }

  /** What is evaluated, in order. */
  get policies(): EvaluatedId[] {
    return this.pieces.flatMap(({ kind, of }) => (kind === 'evaluate' && of ? [of] : []));
  }

  isDone(id: WorkId): boolean {
    const { kind, of } = pieceOf(id);
    if (kind === 'rewrite') return this.#run.finalCounts !== null;
    if (kind === 'train') return this.#run.arms[of as ArmId].done;
    return this.#run.evaluations[of!] !== undefined;
  }

  state(id: WorkId): WorkState {
    const explicit = this.#explicit[id];
    if (explicit?.kind === 'running' || explicit?.kind === 'queued') return explicit;
    const stale = this.#host.staleReason(id);
    if (stale && (this.isDone(id) || this.#partial(id))) return { kind: 'stale', reason: stale };
    if (explicit?.kind === 'failed') return explicit;
    if (this.isDone(id)) return explicit?.kind === 'done' ? explicit : { kind: 'done', seconds: null };
    const missing = this.missing(id);
    if (missing) return { kind: 'waiting', reason: missing };
    const partial = this.#partial(id);
    return partial || explicit?.kind === 'stopped' ? { kind: 'stopped', note: partial ?? '' } : { kind: 'ready' };
  }

  /** What the piece waits for, to complete "waits for …"; null when it can start. */
  missing(id: WorkId): string | null {
    if (!this.#session.policy) return this.#session.failure ? `a policy (see ${sectionName('policy')})` : 'the policy to load';
    if (!this.#run.writable) return 'the other tab that works on this run';
    const lacking = this.#host.lacks(id);
    if (lacking) return lacking;
    const need = pieceOf(id).needs.find((one) => !this.isDone(one));
    return need ? NEEDED[pieceOf(need).kind] : null;
  }

  #partial(id: WorkId): string | null {
    const { kind, of } = pieceOf(id);
    if (kind === 'rewrite') {
      const settled = this.#run.rows.length;
      return settled > 0 && !this.isDone(id) ? `${settled} of ${this.#run.problems.length - this.#run.filtered} problems settled` : null;
    }
    if (kind === 'train') {
      const { metrics, steps, done } = this.#run.arms[of as ArmId];
      return metrics.length > 0 && !done ? `step ${metrics.at(-1)!.step} of ${steps}` : null;
    }
    const sets = Object.keys(this.#run.evaluatedSets[of!] ?? {}).length;
    return sets > 0 && !this.isDone(id) ? `${sets} test ${sets === 1 ? 'set' : 'sets'} done` : null;
  }

  /** Queues the pieces that are not done, in order, and starts. Pieces that a queued piece needs are queued before it. */
  start(ids: readonly WorkId[]): void {
    const wanted = new Set<WorkId>([...this.queue]);
    const stale = ids.some((id) => this.#host.staleReason(id) !== null);
    const want = (id: WorkId): void => {
      // A task without test sets can still be rewritten and trained on.
      if (id === this.current || (!stale && this.isDone(id)) || (ids.length > 1 && this.#host.lacks(id))) return;
      pieceOf(id).needs.forEach(want);
      wanted.add(id);
    };
    ids.forEach(want);
    this.queue = this.pieces.map(({ id }) => id).filter((id) => wanted.has(id));
    for (const id of this.queue) this.#set(id, { kind: 'queued' });
    saveQueue(this.#pending());
    if (this.current === null) void this.#pump();
  }

  /** Goes on after a reload with the work of this tab. While another tab holds the run, the work would fail; it is remembered. */
  resume(): void {
    if (this.busy || !this.#run.writable) return;
    const ids = loadQueue().filter((id) => !this.isDone(id));
    if (ids.length > 0) this.start(ids);
  }

  /** Stops after the present model call and keeps what is finished. */
  async stop(): Promise<void> {
    for (const id of this.queue) this.#clear(id);
    this.queue = [];
    saveQueue([]);
    if (!this.#job || this.current === null) return;
    const running = this.#explicit[this.current];
    if (running?.kind === 'running') this.#set(this.current, { ...running, stopping: true });
    this.stoppingSince = Date.now();
    await this.#job.stop();
  }

  /** Ends the worker and starts a new one, for a stop that takes too long. */
  async stopAtOnce(): Promise<void> {
    this.queue = [];
    saveQueue([]);
    await this.#session.restart();
  }

  /** Forgets what happened to the former run when another one is shown. */
  forget(): void {
    const { current, queue } = this;
    this.#explicit = Object.fromEntries(Object.entries(this.#explicit).filter(([id]) => id === current || queue.includes(id as WorkId)));
  }

  /** For the bar at the top: the share that is done and the seconds left, over all pieces. */
  get overall(): { fraction: number; seconds: number | null; done: number; of: number } {
    const problems = this.#run.problems.length;
    const values = this.#run.values ?? {};
    const plan = this.pieces.map(({ id, kind }) =>
      plannedWork(kind, this.state(id), costOf(kind, values, problems), this.#run.activeStage),
    );
    return {
      fraction: overallFraction(plan),
      seconds: remainingSeconds(plan),
      done: plan.filter((work) => work.done).length,
      of: plan.length,
    };
  }

  #set(id: WorkId, state: Explicit): void {
    this.#explicit = { ...this.#explicit, [id]: state };
  }
  #clear(id: WorkId): void {
    const rest = { ...this.#explicit };
    delete rest[id];
    this.#explicit = rest;
  }
  #pending(): WorkId[] {
    return this.current ? [this.current, ...this.queue] : this.queue;
  }

  async #pump(): Promise<void> {
    this.clock.run(true);
    while (this.queue.length > 0) {
      const [id, ...rest] = this.queue as [WorkId, ...WorkId[]];
      this.queue = rest;
      this.current = id;
      saveQueue(this.#pending());
      const goOn = await this.#perform(id);
      this.current = null;
      this.stoppingSince = null;
      this.#job = null;
      if (!goOn) {
        for (const waiting of this.queue) this.#clear(waiting);
        this.queue = [];
      }
      saveQueue(this.#pending());
    }
    this.clock.run(false);
  }

  /** @returns whether the queue should go on. */
  async #perform(id: WorkId): Promise<boolean> {
    const since = Date.now();
    this.#set(id, { kind: 'running', since, progress: null, stopping: false });
    try {
      const runId = await this.#host.ensureRun();
      if (this.isDone(id)) {
        this.#clear(id);
        return true;
      }
      const missing = this.missing(id);
      if (missing) throw new HintedError(`This needs ${missing}.`, 'Do that first, or use “Run everything”.');
      const state = await this.#follow(id, runId);
      this.#run.showAll();
      if (state === 'stopped') {
        this.#set(id, { kind: 'stopped', note: '' });
        return false;
      }
      this.#set(id, { kind: 'done', seconds: (Date.now() - since) / 1000 });
      return true;
    } catch (error) {
      this.#run.showAll();
      if (error instanceof StoppedError) this.#set(id, { kind: 'stopped', note: '' });
      else this.#set(id, { kind: 'failed', ...explain(error, 'This step did not finish.') });
      return false;
    }
  }

  async #follow(id: WorkId, runId: string): Promise<'done' | 'stopped'> {
    const { kind, of } = pieceOf(id);
    if (kind === 'rewrite') return this.#followRewriting(id, runId);
    return kind === 'train' ? this.#followTraining(id, runId, of as ArmId) : this.#followEvaluation(id, runId, of!);
  }

  async #followRewriting(id: WorkId, runId: string): Promise<'done' | 'stopped'> {
    const job = this.#session.client!.rewrite(runId);
    this.#job = job;
    for await (const event of job) {
      if (event.type === 'rewrite') this.#run.applyRewrite(event.events);
      else this.#other(id, event);
    }
    return job.state === 'done' ? 'done' : 'stopped';
  }

  async #followTraining(id: WorkId, runId: string, arm: ArmId): Promise<'done' | 'stopped'> {
    const job = this.#session.client!.train(runId, arm);
    this.#job = job;
    for await (const event of job) {
      if (event.type === 'train') this.#run.applyMetrics(arm, event.metrics);
      else if (event.type === 'checkpoint') this.#run.applyCheckpoint(arm, event.step, event.steps);
      else this.#other(id, event);
    }
    if (job.state !== 'done') return 'stopped';
    this.#run.armDone(arm);
    return 'done';
  }

  async #followEvaluation(id: WorkId, runId: string, policy: EvaluatedId): Promise<'done' | 'stopped'> {
    const job = this.#session.client!.evaluate(runId, policy);
    this.#job = job;
    for await (const event of job) {
      if (event.type === 'evaluated-set') this.#run.applySet(policy, event.set, event.result);
      else this.#other(id, event);
    }
    if (job.state !== 'done') return 'stopped';
    this.#run.applyEvaluation(policy, await job.result);
    return 'done';
  }

  #other(id: WorkId, event: { type: 'progress'; progress: Progress } | { type: 'run'; run: RunSnapshot }): void {
    if (event.type === 'run') {
      this.#host.replace(event.run);
      return;
    }
    this.#latest = { id, progress: event.progress };
    this.#frame.request();
  }

  #showProgress(): void {
    if (!this.#latest) return;
    const { id, progress } = this.#latest;
    this.#latest = null;
    const running = this.#explicit[id];
    if (running?.kind === 'running') this.#set(id, { ...running, progress });
  }
}
