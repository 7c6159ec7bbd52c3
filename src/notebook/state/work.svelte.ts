/**
 * What the reader asked to be computed, one piece after the other: the rewriting, each training, each evaluation. The worker does the work and
 * stores it; this keeps the order, the words of each state, stop and continue.
 */
import type { ArmId } from '../../method/types';
import { StoppedError, type Job } from '../../protocol/client';
import type { EvaluatedId, Progress, RunSnapshot } from '../../protocol/messages';
import { explain } from '../lib/errors';
import { sectionName } from '../lib/sections';
import { overallFraction, remainingSeconds, type PlannedWork, type WorkState } from '../lib/status';
import { Clock } from './clock.svelte';
import { FrameBatch } from './frame';
import { loadQueue, saveQueue } from './queue-memory';
import type { RunStore } from './run.svelte';
import type { Session } from './session.svelte';
import { ALL_WORK, type WorkId } from './work-ids';

type Explicit = Extract<WorkState, { kind: 'queued' | 'running' | 'stopped' | 'failed' | 'done' }>;

export interface WorkHost {
  /** The id of the run that the present settings describe, opened first where necessary. */
  ensureRun(): Promise<string>;
  /** Another tab has changed the run. */
  replace(snapshot: RunSnapshot): void;
  /** Why results shown do not fit the settings; null where they do. */
  staleReason(id: WorkId): string | null;
  /** What the task has not got for this piece, completing "waits for …"; null where it has all. */
  lacks(id: WorkId): string | null;
}

export class Work {
  readonly clock = new Clock();
  /** What happened in this visit; everything else follows from the run. */
  #explicit = $state.raw<Partial<Record<WorkId, Explicit>>>({});
  queue = $state.raw<WorkId[]>([]);
  current = $state.raw<WorkId | null>(null);
  stoppingSince = $state<number | null>(null);
  #job: Job<unknown, unknown> | null = null;
  /** Progress as it arrives, apart from what is drawn. */
  #latest: { id: WorkId; progress: Progress } | null = null;
  readonly #frame = new FrameBatch(() => this.#showProgress(), 250);
  readonly #session: Session;
  readonly #run: RunStore;
  readonly #host: WorkHost;

  constructor(session: Session, run: RunStore, host: WorkHost) {
    this.#session = session;
    this.#run = run;
    this.#host = host;
  }

  get busy(): boolean {
    return this.current !== null || this.queue.length > 0;
  }

  isDone(id: WorkId): boolean {
    const [kind, which] = split(id);
    if (kind === 'rewrite') return this.#run.finalCounts !== null;
    if (kind === 'train') return this.#run.arms[which as ArmId].done;
    return this.#run.evaluations[which as EvaluatedId] !== undefined;
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

  /** What must be there first, completing "waits for …"; null when it can start. */
  missing(id: WorkId): string | null {
    if (!this.#session.policy) return this.#session.failure ? `a policy (see ${sectionName('policy')})` : 'the policy to load';
    if (!this.#run.writable) return 'the other tab that works on this run';
    const lacking = this.#host.lacks(id);
    if (lacking) return lacking;
    const [kind, which] = split(id);
    if (kind === 'train' && !this.isDone('rewrite')) return 'the rewriting';
    if (kind === 'evaluate' && which !== 'base' && !this.isDone(`train:${which as ArmId}`)) return 'the training';
    return null;
  }

  #partial(id: WorkId): string | null {
    const [kind, which] = split(id);
    if (kind === 'rewrite') {
      const settled = this.#run.rows.length;
      return settled > 0 && !this.isDone(id) ? `${settled} of ${this.#run.problems.length - this.#run.filtered} problems settled` : null;
    }
    if (kind === 'train') {
      const { metrics, steps, done } = this.#run.arms[which as ArmId];
      return metrics.length > 0 && !done ? `step ${metrics.at(-1)!.step} of ${steps}` : null;
    }
    const sets = Object.keys(this.#run.evaluatedSets[which as EvaluatedId] ?? {}).length;
    return sets > 0 && !this.isDone(id) ? `${sets} test ${sets === 1 ? 'set' : 'sets'} done` : null;
  }

  /** Queues what is not done yet, in order, and starts. Pieces that a queued piece needs are queued before it. */
  start(ids: readonly WorkId[]): void {
    const wanted = new Set<WorkId>([...this.queue]);
    const stale = ids.some((id) => this.#host.staleReason(id) !== null);
    for (const id of ids) {
      // A task without test sets is rewritten and trained on all the same.
      if (id === this.current || (!stale && this.isDone(id)) || (ids.length > 1 && this.#host.lacks(id))) continue;
      wanted.add(id);
    }
    this.queue = ALL_WORK.filter((id) => wanted.has(id));
    for (const id of this.queue) this.#set(id, { kind: 'queued' });
    saveQueue(this.#pending());
    if (this.current === null) void this.#pump();
  }

  /** After a reload: what this tab was working on. Not while the run is held elsewhere, which would fail; it is remembered. */
  resume(): void {
    if (this.busy || !this.#run.writable) return;
    const ids = loadQueue().filter((id) => !this.isDone(id));
    if (ids.length > 0) this.start(ids);
  }

  /** Ends after the model call in progress; what is finished is kept. */
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

  /** When the cooperative stop takes too long: ends the worker and starts a new one. */
  async stopAtOnce(): Promise<void> {
    this.queue = [];
    saveQueue([]);
    await this.#session.restart();
  }

  /** A new run is shown: what happened to the old one no longer counts. */
  forget(): void {
    const { current, queue } = this;
    this.#explicit = Object.fromEntries(Object.entries(this.#explicit).filter(([id]) => id === current || queue.includes(id as WorkId)));
  }

  /** For the bar at the top: share done and seconds left of all pieces. */
  get overall(): { fraction: number; seconds: number | null; done: number; of: number } {
    const plan = this.#plan();
    return {
      fraction: overallFraction(plan),
      seconds: remainingSeconds(plan),
      done: plan.filter((work) => work.done).length,
      of: plan.length,
    };
  }

  #plan(): PlannedWork[] {
    const values = this.#run.values ?? {};
    const problems = this.#run.problems.length;
    // Tokens sampled per problem against tokens trained on: rough, and corrected by what each finished piece took here.
    const cost = (id: WorkId) => {
      const [kind] = split(id);
      if (kind === 'rewrite') return problems * (values.k ?? 8) * 1.4;
      if (kind === 'train') return problems * (values.epochs ?? 2) * 1.5;
      return 5 * (values.testProblems ?? 16) * (values.runs ?? 4);
    };
    return ALL_WORK.map((id) => {
      const state = this.state(id);
      const progress = state.kind === 'running' ? state.progress : null;
      return {
        cost: cost(id),
        seconds: state.kind === 'done' ? state.seconds : null,
        done: state.kind === 'done',
        ...(progress && progress.of > 0 && (id === 'rewrite' ? this.#rewriting(progress) : within(progress))),
      };
    });
  }

  /** The worker reports one stage at a time; self-alignment is usually the larger part. */
  #rewriting(progress: Progress): { fraction: number; etaSeconds: number | null } {
    const { fraction, etaSeconds } = within(progress);
    const share = 0.65;
    if (this.#run.activeStage !== 'self') return { fraction: share + (1 - share) * fraction, etaSeconds };
    const whole = etaSeconds === null || fraction >= 1 ? null : etaSeconds / (1 - fraction);
    return { fraction: share * fraction, etaSeconds: whole === null ? null : etaSeconds! + (whole * (1 - share)) / share };
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
      if (missing) throw Object.assign(new Error(`This needs ${missing}.`), { hint: 'Do that first, or use “Run everything”.' });
      const state = await this.#follow(id, runId);
      if (state === 'stopped') {
        this.#set(id, { kind: 'stopped', note: '' });
        return false;
      }
      this.#set(id, { kind: 'done', seconds: (Date.now() - since) / 1000 });
      return true;
    } catch (error) {
      if (error instanceof StoppedError) this.#set(id, { kind: 'stopped', note: '' });
      else this.#set(id, { kind: 'failed', ...explain(error, 'This step did not finish.') });
      return false;
    }
  }

  async #follow(id: WorkId, runId: string): Promise<'done' | 'stopped'> {
    const client = this.#session.client!;
    const [kind, which] = split(id);
    if (kind === 'rewrite') {
      const job = client.rewrite(runId);
      this.#job = job;
      for await (const event of job) {
        if (event.type === 'rewrite') this.#run.applyRewrite(event.events);
        else this.#other(id, event);
      }
      if (job.state !== 'done') return 'stopped';
    } else if (kind === 'train') {
      const arm = which as ArmId;
      const job = client.train(runId, arm);
      this.#job = job;
      for await (const event of job) {
        if (event.type === 'train') this.#run.applyMetrics(arm, event.metrics);
        else if (event.type === 'checkpoint') this.#run.applyCheckpoint(arm, event.step, event.steps);
        else this.#other(id, event);
      }
      if (job.state !== 'done') return 'stopped';
      this.#run.armDone(arm);
    } else {
      const policy = which as EvaluatedId;
      const job = client.evaluate(runId, policy);
      this.#job = job;
      for await (const event of job) {
        if (event.type === 'evaluated-set') this.#run.applySet(policy, event.set, event.result);
        else this.#other(id, event);
      }
      if (job.state !== 'done') return 'stopped';
      this.#run.applyEvaluation(policy, await job.result);
    }
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

function within({ done, of, etaSeconds }: Progress): { fraction: number; etaSeconds: number | null } {
  return { fraction: done / of, etaSeconds };
}

function split(id: WorkId): ['rewrite' | 'train' | 'evaluate', string] {
  const [kind, which = ''] = id.split(':');
  return [kind as 'rewrite' | 'train' | 'evaluate', which];
}
