/** What the client takes and gives besides results: the worker's face, requests, and the events of each kind of job. */
import type { ArmId, RewriteEvent, TrainMetrics } from '../method/types';
import type { BackendChoice, EvaluatedId, NoticeId, Progress, RunSnapshot, SetResult } from './messages';

/** What is read of a worker's events. */
export interface WorkerEvent {
  data?: unknown;
  message?: string;
}
/** The part of `Worker` that is used; tests run a session in the same thread behind it. */
export interface WorkerLike {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  addEventListener(type: 'message' | 'error' | 'messageerror', listener: (event: Event | WorkerEvent) => void): void;
  terminate(): void;
}

export interface LoadRequest {
  policyUrl: string;
  backend: BackendChoice;
  /** Default: as many as sensible. */
  threads?: number;
}
export interface LoadProgress {
  loaded: number;
  /** 0 where the server does not tell. */
  total: number;
  what: string;
}

export type ProgressEvent = { type: 'progress'; progress: Progress };
/** Another tab has changed the run: replace what is shown. */
export type RefreshEvent = { type: 'run'; run: RunSnapshot };
export type RewriteJobEvent = { type: 'rewrite'; events: RewriteEvent[] } | ProgressEvent | RefreshEvent;
export type TrainJobEvent =
  | { type: 'train'; arm: ArmId; metrics: TrainMetrics[] }
  | { type: 'checkpoint'; arm: ArmId; step: number; steps: number }
  | ProgressEvent
  | RefreshEvent;
export type EvaluateJobEvent =
  { type: 'evaluated-set'; policy: EvaluatedId; set: string; result: SetResult } | ProgressEvent | RefreshEvent;

export interface Notice {
  id: NoticeId;
  message: string;
  hint: string;
}
