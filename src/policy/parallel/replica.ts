/** A replica's own thread: a runtime of one thread and the policy's parameters, which does the shares of work that it is sent. */
import { messageOf } from '../../base/errors';
import { GradientSum, scoreSequences, trainingKey, type PassContext, type TrainingGraphs } from '../passes';
import { parameterTable } from '../parameters';
import type { Runtime } from '../runtime/types';
import { sampleRollouts } from '../sampler';
import { SessionCache } from '../sessions';
import type { AccumulateShare, FromReplica, GradientShare, Port, ReplicaSetup, ToReplica } from './messages';

type Work = (
  state: Replica,
  signal: AbortSignal,
) => Promise<{ result: GradientShare | Awaited<ReturnType<typeof scoreSequences>> | null; transfer?: ArrayBufferLike[] }>;

/** Answers the port's messages for as long as the thread lives, one job after the other. */
export function serveReplica(port: Port<FromReplica, ToReplica>, createRuntime: () => Promise<Runtime>): void {
  const state = deferred<Replica>();
  const jobs = new Map<number, AbortController>();
  // In their order, so that a job runs with the parameters that were sent before it.
  let tail: Promise<unknown> = Promise.resolve();
  const inOrder = (job: () => Promise<void>): void => void (tail = tail.then(job, job));

  const answer = (id: number, work: Work): void => {
    const controller = new AbortController();
    jobs.set(id, controller);
    inOrder(async () => {
      try {
        controller.signal.throwIfAborted();
        const { result, transfer } = await work(await state.promise, controller.signal);
        port.post({ type: 'done', id, result }, transfer);
      } catch (error) {
        port.post({ type: 'failed', id, message: messageOf(error) });
      } finally {
        jobs.delete(id);
      }
    });
  };

  port.onMessage((message) => {
    switch (message.type) {
      case 'start':
        return void createRuntime().then(
          (runtime) => {
            state.resolve(new Replica(runtime, message));
            port.post({ type: 'ready' });
          },
          (error: unknown) => {
            state.reject(error);
            port.post({ type: 'unready', message: messageOf(error) });
          },
        );
      case 'parameters':
        return inOrder(async () => (await state.promise).take(message.parameters));
      case 'sample':
        return answer(message.id, async (replica, signal) => {
          for await (const rollout of sampleRollouts(replica.sampler(), { ...message.request, signal })) {
            port.post({ type: 'rollout', id: message.id, rollout });
          }
          return { result: null };
        });
      case 'score':
        return answer(message.id, async (replica, signal) => ({
          result: await scoreSequences(replica.context(), message.sequences, signal),
        }));
      case 'accumulate':
        return answer(message.id, async (replica) => {
          const result = await replica.accumulate(message.share);
          return { result, transfer: [result.gradient.buffer] };
        });
      case 'cancel':
        return jobs.get(message.id)?.abort(new Error('The job was cancelled.'));
    }
  });
}

class Replica {
  private readonly sessions: SessionCache;
  private readonly models = new Map<string, Uint8Array>();
  private parameters: Float32Array | null = null;
  /** Arrays of [P] that go round: parameters come in the array of a gradient that was sent, and the array of the last ones serves the next gradient. */
  private readonly idle: Float32Array[] = [];

  constructor(
    private readonly runtime: Runtime,
    private readonly setup: ReplicaSetup,
  ) {
    this.sessions = new SessionCache(runtime, setup.config);
  }

  take(parameters: Float32Array): void {
    // Two are what a gradient takes.
    if (this.parameters && this.idle.length < 2) this.idle.push(this.parameters);
    this.parameters = parameters;
  }

  context(): PassContext {
    if (!this.parameters) throw new Error('The replica was sent no parameters.');
    const parameters = this.runtime.upload([this.parameters.length], this.parameters, true);
    return { config: this.setup.config, runtime: this.runtime, sessions: this.sessions, parameters };
  }

  sampler(): Parameters<typeof sampleRollouts>[0] {
    const { config, eosId, blockSteps } = this.setup;
    return { ...this.context(), eosId, maxLength: config.maxPositions, blockSteps };
  }

  async accumulate({ examples, totalTokens, objective, models }: AccumulateShare): Promise<GradientShare> {
    for (const [key, model] of models) this.models.set(key, model);
    const graphs: TrainingGraphs = {
      ...objective,
      model: (bucket) => {
        const model = this.models.get(trainingKey(objective.key, bucket));
        if (!model) throw new Error(`The replica was not sent the graph ${trainingKey(objective.key, bucket)}.`);
        return model;
      },
    };
    const { size } = parameterTable(this.setup.config);
    const array = (): Float32Array => this.idle.pop() ?? new Float32Array(size);
    const sum = new GradientSum(this.runtime, this.setup.config, [array(), array()]);
    const sums = await sum.accumulate(this.context(), examples, graphs, totalTokens);
    const [gradient, spare] = await sum.release();
    this.idle.push(spare);
    return { sums, gradient };
  }
}

interface Deferred<T> {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}
function deferred<T>(): Deferred<T> {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => ([resolve, reject] = [yes, no]));
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
