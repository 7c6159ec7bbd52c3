/**
 * The page's side of the protocol: a worker as promises and streams.
 *
 *   const client = new PolicyClient(() => new Worker(new URL('../../workers/policy.worker.ts', import.meta.url), { type: 'module' }));
 *   const run = await client.openRun(config).result;          // what is stored, before any policy is there
 *   const load = client.load({ policyUrl, backend: 'auto' });  // for await (const p of load) …  p.loaded / p.total
 *   const job = client.rewrite(run.id);
 *   for await (const event of job) …                           // RewriteEvent batches, progress, a fresh snapshot
 *   await job.stop();
 */
import type { ArmId, EvaluationResult } from '../method/types';
import { type Job, JobStream, PolicyError, StoppedError, SupersededError } from './job';
import {
  assertNever,
  type Command,
  type EvaluatedId,
  type OneSample,
  type PolicyInfo,
  PROTOCOL_VERSION,
  type Reply,
  type ResultOf,
  type RunConfig,
  type RunSnapshot,
  type SamplePiece,
  type ScoredText,
} from './messages';

import type {
  EvaluateJobEvent,
  LoadProgress,
  LoadRequest,
  Notice,
  RewriteJobEvent,
  TrainJobEvent,
  WorkerEvent,
  WorkerLike,
} from './events';

export { type Job, type JobState, PolicyError, StoppedError, SupersededError } from './job';

export type * from './events';

/** 'starting': the worker's script loads; 'crashed': `restart()` brings it back, stored work is kept. */
export type ClientStatus = 'starting' | 'ready' | 'crashed' | 'closed';

interface ClientEvents {
  status: ClientStatus;
  /** Loaded, measured, or fallen back. */
  policy: PolicyInfo;
  notice: Notice;
}
type Listeners = { [K in keyof ClientEvents]: Set<(value: ClientEvents[K]) => void> };

type CommandOf<C extends Command['type']> = Extract<Command, { type: C }>;
type AnyStream = JobStream<unknown, unknown>;
interface Pending {
  command: Command;
  stream: AnyStream;
}

const RESTART_HINT = 'Restart it: everything up to the last stored point is kept and the run continues from there.';

export class PolicyClient {
  status: ClientStatus = 'starting';
  /** Of the last `loaded` or `policy-changed`; null before, and while the worker restarts. */
  policy: PolicyInfo | null = null;

  private readonly spawn: () => WorkerLike;
  private worker: WorkerLike;
  private next = 1;
  private pending = new Map<number, Pending>();
  private lastLoad: LoadRequest | null = null;
  private readonly listeners: Listeners = { status: new Set(), policy: new Set(), notice: new Set() };

  constructor(spawn: () => WorkerLike) {
    this.spawn = spawn;
    this.worker = this.start();
  }

  /** Returns the function that ends the subscription. */
  on<K extends keyof ClientEvents>(event: K, listener: (value: ClientEvents[K]) => void): () => void {
    this.listeners[event].add(listener);
    return () => this.listeners[event].delete(listener);
  }

  /** A later load supersedes an earlier one. */
  load(request: LoadRequest): Job<LoadProgress, PolicyInfo> {
    this.supersede('load');
    this.lastLoad = request;
    return this.send({ type: 'load', ...request });
  }

  /** Finds the run of this configuration or creates it. A later call supersedes an earlier one. */
  openRun(config: RunConfig): Job<never, RunSnapshot> {
    this.supersede('open-run');
    return this.send({ type: 'open-run', config });
  }

  /** Runs the stages, or what is left of them. */
  rewrite(runId: string): Job<RewriteJobEvent, void> {
    return this.send({ type: 'rewrite', runId });
  }

  /** Trains one arm, from its last checkpoint. */
  train(runId: string, arm: ArmId): Job<TrainJobEvent, void> {
    return this.send({ type: 'train', runId, arm });
  }

  evaluate(runId: string, policy: EvaluatedId, sets?: string[]): Job<EvaluateJobEvent, EvaluationResult> {
    return this.send({ type: 'evaluate', runId, policy, sets });
  }

  /** A later call supersedes an earlier one. */
  sampleOne(options: Omit<CommandOf<'sample-one'>, 'type' | 'request'>): Job<SamplePiece[], OneSample> {
    this.supersede('sample-one');
    return this.send({ type: 'sample-one', ...options });
  }

  /** Log-probs of a given response under the plain prompt, e.g. the expert's text. */
  scoreText(options: Omit<CommandOf<'score-text'>, 'type' | 'request'>): Job<never, ScoredText> {
    return this.send({ type: 'score-text', ...options });
  }

  exportPolicy(policy: EvaluatedId, runId?: string): Job<never, Map<string, Uint8Array<ArrayBuffer>>> {
    return this.send({ type: 'export-policy', policy, ...(runId !== undefined && { runId }) });
  }

  /**
   * Any command without events: `ask({ type: 'list-runs' })`, `ask({ type: 'get-setting', key })`. Among them: `add-task` stores a task of the
   * reader's own, whose record's `task` is what a run configuration names; `delete-task` rejects while runs of it are stored; `clear-all` deletes
   * everything stored by this project on this device (open the run again afterwards); `flush` makes everything so far durable.
   */
  ask<C extends Command['type']>(command: { type: C } & Omit<CommandOf<C>, 'request'>): Promise<ResultOf<C>> {
    return this.send<never, C>(command).result;
  }

  /**
   * Hard stop, or recovery from a crash: ends the worker at once, starts a new one and loads the last policy again.
   * Running commands reject with StoppedError; their work since the last durable point is computed again when the run continues.
   * Resolves with the policy, or null if none had been loaded.
   */
  async restart(): Promise<PolicyInfo | null> {
    this.endWorker(new StoppedError('The worker was restarted.'));
    this.policy = null;
    this.worker = this.start();
    return this.lastLoad ? await this.load(this.lastLoad).result : null;
  }

  close(): void {
    this.endWorker(new StoppedError('The worker was closed.'));
    this.setStatus('closed');
  }

  private start(): WorkerLike {
    this.setStatus('starting');
    const worker = this.spawn();
    // A dead worker's late messages must not reach its successor's requests.
    const current = () => worker === this.worker;
    worker.addEventListener('message', (event) => {
      if (current()) this.receive((event as WorkerEvent).data as Reply);
    });
    const crashed = (event: Event | WorkerEvent) => {
      if (!current()) return;
      const { message } = event as WorkerEvent;
      const cause = message ? ` (${message})` : '';
      this.endWorker(new PolicyError(`The worker that runs the model stopped unexpectedly${cause}.`, RESTART_HINT));
      this.policy = null;
      this.setStatus('crashed');
    };
    worker.addEventListener('error', crashed);
    worker.addEventListener('messageerror', crashed);
    return worker;
  }

  private endWorker(reason: Error): void {
    this.worker.terminate();
    const streams = [...this.pending.values()].map((pending) => pending.stream);
    this.pending.clear();
    for (const stream of streams) stream.fail(reason);
  }

  private setStatus(status: ClientStatus): void {
    this.status = status;
    this.emit('status', status);
  }

  private emit<K extends keyof ClientEvents>(event: K, value: ClientEvents[K]): void {
    for (const listener of this.listeners[event]) listener(value);
  }

  private supersede(type: Command['type']): void {
    for (const [request, { command, stream }] of this.pending) {
      if (command.type !== type) continue;
      // Whatever still comes for it finds no pending request and is dropped.
      this.pending.delete(request);
      this.worker.postMessage({ type: 'stop', request: this.next++, target: request } satisfies Command);
      stream.fail(new SupersededError('A later request took its place.'));
    }
  }

  private send<E, C extends Command['type']>(partial: { type: C } & Omit<CommandOf<C>, 'request'>): JobStream<E, ResultOf<C>> {
    const request = this.next++;
    const stream = new JobStream<E, ResultOf<C>>(request, (target) => {
      this.worker.postMessage({ type: 'stop', request: this.next++, target } satisfies Command);
    });
    if (this.status === 'crashed' || this.status === 'closed') {
      const message = this.status === 'closed' ? 'The worker was closed.' : 'The worker that runs the model is not running.';
      stream.fail(new PolicyError(message, RESTART_HINT));
      return stream;
    }
    const command = { ...partial, request } as unknown as Command;
    this.pending.set(request, { command, stream: stream as unknown as AnyStream });
    try {
      this.worker.postMessage(command);
    } catch (error) {
      this.pending.delete(request);
      stream.fail(error instanceof Error ? error : new Error(String(error)));
    }
    return stream;
  }

  private receive(reply: Reply): void {
    if (reply.request === 0) this.receiveUnprompted(reply as Extract<Reply, { request: 0 }>);
    else {
      const pending = this.pending.get(reply.request);
      if (pending) this.receiveFor(pending, reply);
    }
  }

  private receiveUnprompted(reply: Extract<Reply, { request: 0 }>): void {
    switch (reply.type) {
      case 'ready':
        if (reply.version === PROTOCOL_VERSION) this.setStatus('ready');
        else {
          this.endWorker(new PolicyError('The page and its worker are of different versions.', 'Reload the page to finish the update.'));
          this.setStatus('crashed');
        }
        break;
      case 'policy-changed':
        this.policy = reply.policy;
        this.emit('policy', reply.policy);
        break;
      case 'notice':
        this.emit('notice', { id: reply.id, message: reply.message, hint: reply.hint });
        break;
      default:
        assertNever(reply, 'reply');
    }
  }

  private receiveFor({ command, stream }: Pending, reply: Reply): void {
    switch (reply.type) {
      case 'started':
        stream.started();
        break;
      case 'load-progress':
        stream.push({ loaded: reply.loaded, total: reply.total, what: reply.what });
        break;
      case 'result':
        stream.value = reply.result;
        if (command.type === 'load') {
          this.policy = reply.result as PolicyInfo;
          this.emit('policy', this.policy);
        }
        break;
      case 'run':
        stream.push({ type: 'run', run: reply.run });
        break;
      case 'rewrite':
      case 'train':
      case 'checkpoint':
      case 'evaluated-set':
      case 'progress':
        stream.push(reply);
        break;
      case 'sample-part':
        stream.push(reply.pieces);
        break;
      case 'done':
        this.pending.delete(reply.request);
        stream.done();
        break;
      case 'stopped':
        this.pending.delete(reply.request);
        stream.fail(new StoppedError('Stopped.'));
        break;
      case 'failed':
        this.pending.delete(reply.request);
        stream.fail(new PolicyError(reply.message, reply.hint));
        break;
      case 'ready':
      case 'policy-changed':
      case 'notice':
        break;
      default:
        assertNever(reply, 'reply');
    }
  }
}
