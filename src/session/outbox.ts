/** Replies of one command, batched so that the page gets at most ~20 messages a second, in order. */
import type { ArmId, RewriteEvent, TrainMetrics } from '../method/types';
import type { Progress, Reply, Result } from '../protocol/messages';
import { packArrays } from '../protocol/pack';

export type Post = (reply: Reply, transfer?: Transferable[]) => void;
/** A reply before it gets its command's id. */
export type Body = Reply extends infer R ? (R extends Reply ? Omit<R, 'request'> : never) : never;

export class Outbox {
  readonly request: number;
  private readonly post: Post;
  private readonly interval: number;
  private rewriteEvents: RewriteEvent[] = [];
  private metrics: { arm: ArmId; metrics: TrainMetrics[] } | null = null;
  private latestProgress: Progress | null = null;
  private lastFlush = -Infinity;

  constructor(request: number, post: Post, interval = 50) {
    this.request = request;
    this.post = post;
    this.interval = interval;
  }

  /** At once, after everything batched before it. */
  send(body: Body, transfer?: Transferable[]): void {
    this.flush();
    this.post({ ...body, request: this.request } as Reply, transfer);
  }

  /** What the command answers with. */
  result(result: Result, transfer?: Transferable[]): void {
    this.send({ type: 'result', result }, transfer);
  }

  rewrite(event: RewriteEvent): void {
    this.rewriteEvents.push(event);
    this.tick();
  }

  train(arm: ArmId, metrics: TrainMetrics): void {
    if (this.metrics?.arm !== arm) {
      this.flush();
      this.metrics = { arm, metrics: [] };
    }
    this.metrics.metrics.push(metrics);
    this.tick();
  }

  progress(progress: Progress): void {
    this.latestProgress = progress;
    this.tick();
  }

  flush(): void {
    this.lastFlush = performance.now();
    const { request } = this;
    if (this.rewriteEvents.length > 0) {
      const { packed, buffer } = packArrays(this.rewriteEvents);
      this.rewriteEvents = [];
      this.post({ type: 'rewrite', request, events: packed }, [buffer]);
    }
    if (this.metrics) {
      const { arm, metrics } = this.metrics;
      this.metrics = null;
      this.post({ type: 'train', request, arm, metrics });
    }
    if (this.latestProgress) {
      const progress = this.latestProgress;
      this.latestProgress = null;
      this.post({ type: 'progress', request, progress });
    }
  }

  /** No timer: while there is something to say there are further events, and a command's end flushes. */
  private tick(): void {
    if (performance.now() - this.lastFlush >= this.interval) this.flush();
  }
}
