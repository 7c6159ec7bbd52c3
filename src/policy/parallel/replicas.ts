/**
 * Data parallelism: replicas of a policy on threads of their own, each with a single-threaded runtime, take shares of a job. Operators of a
 * policy this small are too short to be cut over threads themselves (`lever/*-replicas` of the bench).
 */
import type { Rollout, Score, Sequence } from '../types';
import type { AccumulateShare, FromReplica, GradientShare, ReplicaLauncher, ReplicaPort, ReplicaSetup, SampleShare } from './messages';

interface Job {
  rollout?: (rollout: Rollout) => void;
  resolve(result: Score[] | GradientShare | null): void;
  reject(error: Error): void;
}

/** The policy's side of one replica. A job that fails rejects; a thread that fails rejects its jobs and is not alive any more. */
export class RemoteReplica {
  alive = true;
  /** Stands for the values of the parameters it has. */
  version: object | null = null;
  private returned: Float32Array | null = null;
  private readonly jobs = new Map<number, Job>();
  private readonly sent = new Set<string>();
  private nextId = 0;
  private started: { resolve(): void; reject(error: Error): void } | null = null;

  private constructor(private readonly port: ReplicaPort) {
    port.onMessage((message) => this.receive(message));
    port.onFailure((reason) => this.fail(reason));
  }

  /** Resolves when the thread's runtime is there. @throws Error where thread or runtime cannot be started. */
  static async start(launch: ReplicaLauncher, setup: ReplicaSetup): Promise<RemoteReplica> {
    const replica = new RemoteReplica(launch());
    const ready = new Promise<void>((resolve, reject) => (replica.started = { resolve, reject }));
    replica.port.post({ type: 'start', ...setup });
    try {
      await ready;
    } catch (error) {
      await replica.close();
      throw error;
    }
    return replica;
  }

  /** Jobs from now on run with the parameters [size] that `write` puts into the array it is given. */
  async use(version: object, size: number, write: (parameters: Float32Array) => Promise<void>): Promise<void> {
    const parameters = this.returned ?? new Float32Array(size);
    this.returned = null;
    await write(parameters);
    this.version = version;
    this.port.post({ type: 'parameters', parameters }, [parameters.buffer]);
  }

  /** Takes the array of a gradient that nobody needs any more: the next parameters go back in it, so that no array is made at each step. */
  giveBack({ gradient }: GradientShare): void {
    this.returned = gradient;
  }

  /** Whether the graph was not sent before; it counts as sent from now on. */
  lacks(model: string): boolean {
    const lacking = !this.sent.has(model);
    this.sent.add(model);
    return lacking;
  }

  sample(request: SampleShare, onRollout: (rollout: Rollout) => void): { done: Promise<void>; cancel: () => void } {
    const { id, result } = this.job(onRollout);
    this.port.post({ type: 'sample', id, request });
    return { done: result.then(() => undefined), cancel: () => this.port.post({ type: 'cancel', id }) };
  }

  score(sequences: readonly Sequence[]): { done: Promise<Score[]>; cancel: () => void } {
    const { id, result } = this.job();
    this.port.post({ type: 'score', id, sequences });
    return { done: result as Promise<Score[]>, cancel: () => this.port.post({ type: 'cancel', id }) };
  }

  accumulate(share: AccumulateShare): Promise<GradientShare> {
    const { id, result } = this.job();
    this.port.post({ type: 'accumulate', id, share });
    return result as Promise<GradientShare>;
  }

  async close(): Promise<void> {
    this.fail('The replica was closed.');
    await this.port.close();
  }

  private job(rollout?: Job['rollout']): { id: number; result: Promise<Score[] | GradientShare | null> } {
    const id = this.nextId++;
    const result = new Promise<Score[] | GradientShare | null>((resolve, reject) => {
      if (!this.alive) reject(new Error('The replica is gone.'));
      else this.jobs.set(id, { resolve, reject, ...(rollout && { rollout }) });
    });
    // Whoever waits for it hears of a failure; who has stopped waiting need not.
    result.catch(() => undefined);
    return { id, result };
  }

  private receive(message: FromReplica): void {
    if (message.type === 'ready') return this.started?.resolve();
    if (message.type === 'unready') return this.fail(message.message);
    const job = this.jobs.get(message.id);
    if (message.type === 'rollout') return job?.rollout?.(message.rollout);
    this.jobs.delete(message.id);
    if (message.type === 'done') job?.resolve(message.result);
    else job?.reject(new Error(message.message));
  }

  private fail(reason: string): void {
    this.alive = false;
    const error = new Error(reason);
    this.started?.reject(error);
    for (const job of this.jobs.values()) job.reject(error);
    this.jobs.clear();
  }
}

/** The replicas of one policy and its forks, started when first asked for. */
export class Replicas {
  private starting: Promise<RemoteReplica[]> | null = null;
  constructor(
    private readonly launch: ReplicaLauncher,
    /** Threads besides the policy's own. */
    readonly count: number,
    private readonly setup: ReplicaSetup,
  ) {}

  /** Those alive. One that does not start is left out: the work is done by the others. */
  async ready(): Promise<RemoteReplica[]> {
    this.starting ??= Promise.allSettled(Array.from({ length: this.count }, () => RemoteReplica.start(this.launch, this.setup))).then(
      (all) => all.flatMap((r) => (r.status === 'fulfilled' ? [r.value] : [])),
    );
    return (await this.starting).filter((r) => r.alive);
  }

  async dispose(): Promise<void> {
    const started = await (this.starting ?? Promise.resolve([]));
    this.starting = Promise.resolve([]);
    for (const replica of started) await replica.close();
  }
}
