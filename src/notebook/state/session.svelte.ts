/** The policy worker as the page sees it: its client, the loaded policy, its notices. */
import { PolicyClient, StoppedError, type ClientStatus, type LoadProgress, type Notice, type WorkerLike } from '../../protocol/client';
import type { BackendChoice, PolicyInfo } from '../../protocol/messages';
import { explain, type Explained } from '../lib/errors';
import { readEnvironment, type Environment } from './environment';
import { Pieces } from './pieces.svelte';

export class Session {
  readonly environment: Environment = readEnvironment();
  readonly pieces = new Pieces();
  status = $state<ClientStatus>('starting');
  policy = $state.raw<PolicyInfo | null>(null);
  /** While loading. */
  progress = $state.raw<LoadProgress | null>(null);
  loading = $state(false);
  failure = $state.raw<Explained | null>(null);
  notices = $state.raw<Notice[]>([]);
  client: PolicyClient | null = null;
  readonly #spawn: () => WorkerLike;

  constructor(spawn: () => WorkerLike) {
    this.#spawn = spawn;
  }

  /** Starts the worker. A failure is a state, not an exception, and the page works without a worker. */
  start(): void {
    try {
      const client = new PolicyClient(this.#spawn);
      this.client = client;
      this.status = client.status;
      client.on('status', (status) => {
        this.status = status;
        if (status !== 'crashed') return;
        this.policy = null;
        this.loading = false;
        this.failure = {
          message: 'The worker that runs the model stopped unexpectedly.',
          hint: 'Restart it: everything up to the last stored point is kept, and the run continues from there.',
        };
      });
      client.on('policy', (policy) => {
        this.policy = policy;
      });
      client.on('notice', (notice) => {
        this.notices = [...this.notices.filter((one) => one.id !== notice.id), notice];
      });
    } catch (error) {
      this.failure = explain(error, 'The worker that runs the model could not be started.');
    }
  }

  /** @returns whether a policy is loaded now. */
  async load(policyUrl: string, backend: BackendChoice, threads: number | null): Promise<boolean> {
    if (!this.client) return false;
    this.failure = null;
    this.loading = true;
    this.progress = null;
    const job = this.client.load({ policyUrl, backend, ...(threads !== null && { threads }) });
    try {
      for await (const progress of job) this.progress = progress;
      await job.result;
      // The page decodes token ids itself to colour texts; the worker has a copy of the tokenizer too.
      void this.pieces.load(policyUrl);
      return true;
    } catch (error) {
      if (error instanceof StoppedError) return false;
      this.failure = explain(error, 'The policy could not be loaded.');
      return false;
    } finally {
      this.loading = false;
      this.progress = null;
    }
  }

  /** Restarts the worker after a crash or when a stop takes too long. */
  async restart(): Promise<boolean> {
    if (!this.client) {
      this.start();
      return this.client !== null;
    }
    this.failure = null;
    this.loading = true;
    try {
      return (await this.client.restart()) !== null;
    } catch (error) {
      this.failure = explain(error, 'The worker could not be restarted.');
      return false;
    } finally {
      this.loading = false;
    }
  }

  dismiss(id: string): void {
    this.notices = this.notices.filter((notice) => notice.id !== id);
  }
}
