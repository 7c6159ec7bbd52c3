/**
 * The policy worker without the worker: takes commands, posts replies, and knows neither `self` nor the page, so that tests drive it
 * in Node. It is the only writer of storage.
 */
import { HintedError } from '../base/errors';
import type { TrainablePolicy } from '../policy/types';
import { assertNever, type Command, type EvaluatedId, type NoticeId, PROTOCOL_VERSION } from '../protocol/messages';
import { RunStore } from '../storage';
import type { Task } from '../tasks/types';
import { Breather } from '../policy/runtime/web-breathing';
import type { JobContext } from './context';
import { describeFailure, StopRequested } from './errors';
import { PolicyHost } from './host';
import { type LibraryCommand, RunLibrary } from './library';
import type { SessionOptions } from './options';
import { Outbox } from './outbox';
import { JobQueue } from './queue';
import { type TaskCommand, TaskLibrary } from './tasks';
import { sampleOne, scoreText } from './try-it';
import { workJob } from './work-job';

/** Commands that take their turn in the queue. */
type Compute = Exclude<Command, LibraryCommand | TaskCommand | { type: 'stop' | 'flush' }>;
/** Longest answer of the try-it box while no run is open, in tokens. */
const TRY_IT_TOKENS = 256;

export type { SessionOptions } from './options';

export class PolicySession {
  private readonly options: SessionOptions;
  private readonly queue = new JobQueue();
  private readonly breather = new Breather();
  private readonly host: PolicyHost;
  private readonly store: Promise<RunStore>;
  private training = false;
  private readonly tasks: TaskLibrary;
  private readonly library: RunLibrary;
  private flushWaiters: (() => void)[] = [];
  private nextBackground = -1;

  constructor(options: SessionOptions) {
    this.options = options;
    this.host = new PolicyHost({
      policies: options.policies,
      threads: options.threads,
      ...(options.fetch && { fetch: options.fetch }),
      problem: async () => {
        const task = await this.tryItTask();
        const [problem] = task.problems(task.sets[0]!.id, 1, 1);
        return task.messages(problem ?? { id: '', family: '', question: task.name, gold: '' });
      },
      changed: (policy) => options.post({ type: 'policy-changed', request: 0, policy }),
      notice: (message, hint) => this.notice('webgpu', message, hint),
      setting: async (key) => (await this.store).setting(key),
      setSetting: async (key, value) => (await this.store).setSetting(key, value),
    });
    options.post({ type: 'ready', request: 0, version: PROTOCOL_VERSION });
    this.store = this.openStore();
    this.tasks = new TaskLibrary(this.store, options.tasks);
    this.library = new RunLibrary(this.store, options.locks, this.tasks);
  }

  /** Begins to load a policy that the page will ask for when it has time. */
  foresee(policyUrl: string): void {
    this.host.foresee(policyUrl);
  }

  /** Never throws: what goes wrong is posted. */
  receive(command: Command): void {
    switch (command.type) {
      case 'stop':
        this.queue.stop(command.target);
        this.options.post({ type: 'done', request: command.request });
        break;
      case 'flush':
        void this.answer(command.request, () => this.flush());
        break;
      case 'open-run':
      case 'list-runs':
      case 'usage':
      case 'get-setting':
      case 'set-setting':
        void this.answer(command.request, (out) => this.library.answer(command, this.host.policyId, out));
        break;
      case 'list-tasks':
      case 'add-task':
      case 'get-task':
      case 'delete-task':
        void this.answer(command.request, (out) => this.tasks.answer(command, out));
        break;
      case 'clear-all':
        this.queue.stopAll();
        this.enqueue(command);
        break;
      case 'delete-run':
      case 'load':
      case 'rewrite':
      case 'train':
      case 'evaluate':
      case 'sample-one':
      case 'score-text':
      case 'export-policy':
        this.enqueue(command);
        break;
      default: {
        const unknown: { request?: unknown } = command;
        const request = typeof unknown.request === 'number' ? unknown.request : 0;
        void this.answer(request, async () => assertNever(command, 'command'));
      }
    }
  }

  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void> {
    return this.queue.idle();
  }

  /** Stops what runs and lets go of the policy and the database. */
  async dispose(): Promise<void> {
    this.queue.stopAll();
    await this.queue.idle();
    await this.host.dispose();
    (await this.store).backend.close();
  }

  private async openStore(): Promise<RunStore> {
    const { backend, problem } = await this.options.openBackend((error) => this.notice('storage-closed', error.message, error.hint));
    if (problem) this.notice(problem.problem === 'blocked' ? 'storage-blocked' : 'memory-only', problem.message, problem.hint);
    return new RunStore(backend, this.options.appVersion);
  }

  private notice(id: NoticeId, message: string, hint: string): void {
    this.options.post({ type: 'notice', request: 0, id, message, hint });
  }

  /** Runs `work` and posts how it ended. */
  private async answer(request: number, work: (out: Outbox) => Promise<void>): Promise<void> {
    const out = new Outbox(request, this.options.post);
    try {
      await work(out);
      out.send({ type: 'done' });
    } catch (error) {
      if (error instanceof StopRequested) out.send({ type: 'stopped' });
      else out.send({ type: 'failed', ...describeFailure(error) });
    }
  }

  private enqueue(command: Compute): void {
    const { request } = command;
    this.queue.add({
      request,
      dropped: () => this.options.post({ type: 'stopped', request }),
      run: (signal) =>
        this.answer(request, async (out) => {
          out.send({ type: 'started' });
          await this.compute(command, out, signal);
        }).finally(() => {
          this.resolveFlushes();
          if (this.host.unsettled) this.settleLater();
        }),
    });
  }

  private settleLater(): void {
    this.queue.addBackground({
      request: this.nextBackground--,
      dropped: () => undefined,
      run: async (signal) => {
        try {
          await this.host.settle(signal);
        } catch (error) {
          // WASM goes on as it is; a comparison that gave way is begun again by the queue.
          if (!signal.aborted) this.notice('webgpu', describeFailure(error).message, 'The policy runs on WASM.');
        }
      },
    });
  }

  private async compute(command: Compute, out: Outbox, signal: AbortSignal): Promise<void> {
    try {
      await this.dispatch(command, out, signal);
    } catch (error) {
      // Not the backend's doing: another backend would say the same.
      const name = error instanceof Error ? error.name : '';
      const ours = error instanceof HintedError ? name !== 'DeviceLostError' : name === 'TrainingStopped' || name === 'RangeError';
      if (signal.aborted || ours || command.type === 'load' || !(await this.host.fellBack(error))) throw error;
      await this.dispatch(command, out, signal);
    }
  }

  private async dispatch(command: Compute, out: Outbox, signal: AbortSignal): Promise<void> {
    switch (command.type) {
      case 'load': {
        const policy = await this.host.load(command, signal, (progress) => out.send({ type: 'load-progress', ...progress }));
        out.result(policy);
        break;
      }
      case 'rewrite':
        await this.library.withRun(command.runId, this.host.policy, out, (run) => workJob(this.context(out, signal), run, 'rewrite'));
        break;
      case 'train':
        this.training = true;
        try {
          await this.library.withRun(command.runId, this.host.policy, out, (run) =>
            workJob(this.context(out, signal), run, `train:${command.arm}`),
          );
        } finally {
          this.training = false;
        }
        break;
      case 'evaluate':
        await this.library.withRun(command.runId, this.host.policy, out, (run) =>
          workJob(this.context(out, signal), run, `evaluate:${command.policy}`, command.sets),
        );
        break;
      case 'sample-one':
        await this.withPolicy(command.policy, command.runId, async (policy) => {
          const maxNewTokens = this.library.current?.config.evaluation.maxNewTokens ?? TRY_IT_TOKENS;
          const sample = await sampleOne(policy, await this.tryItTask(), { ...command, maxNewTokens, signal }, (pieces) =>
            out.send({ type: 'sample-part', pieces }),
          );
          out.result(sample);
        });
        break;
      case 'score-text':
        await this.withPolicy(command.policy, command.runId, async (policy) => {
          out.result(await scoreText(policy, await this.tryItTask(), command.question, command.response, signal));
        });
        break;
      case 'export-policy':
        await this.withPolicy(command.policy, command.runId, async (policy) => {
          // Copies over buffers of their own: they are transferred, and the policy may keep its.
          const files = new Map([...(await policy.exportFolder())].map(([name, bytes]) => [name, new Uint8Array(bytes)]));
          out.result(
            files,
            [...files.values()].map((bytes) => bytes.buffer),
          );
        });
        break;
      case 'delete-run':
        await this.library.delete(command.runId);
        break;
      case 'clear-all':
        await this.library.clear();
        break;
      default:
        assertNever(command, 'command');
    }
  }

  /** The base policy itself, or a fork with an arm's parameters, disposed of afterwards. */
  private async withPolicy(
    id: EvaluatedId | undefined,
    runId: string | undefined,
    work: (policy: TrainablePolicy) => Promise<void>,
  ): Promise<void> {
    const base = this.host.policy;
    if (id === undefined || id === 'base') return work(base);
    const trained = await this.library.trained(id, runId, base);
    const policy = await base.fork();
    try {
      await policy.restore(trained);
      await work(policy);
    } finally {
      await policy.dispose();
    }
  }

  private context(out: Outbox, signal: AbortSignal): JobContext {
    return {
      policy: this.host.policy,
      task: (id) => this.task(id),
      out,
      signal,
      breather: this.breather,
      checkpointSeconds: this.options.checkpointSeconds ?? 15,
      flushWanted: () => this.flushWaiters.length > 0,
      flushed: () => this.resolveFlushes(),
    };
  }

  private tryItTask(): Promise<Task> {
    return this.task(this.library.current?.config.task ?? this.tasks.first);
  }

  private async task(id: string): Promise<Task> {
    return (await this.tasks.entry(id)).create(this.host.policy.tokenizer);
  }

  /** A training job answers after its next step; everything else that is worth keeping is already stored. */
  private flush(): Promise<void> {
    if (!this.training) return Promise.resolve();
    return new Promise((resolve) => this.flushWaiters.push(resolve));
  }

  private resolveFlushes(): void {
    for (const resolve of this.flushWaiters.splice(0)) resolve();
  }
}
