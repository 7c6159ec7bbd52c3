/** A cell's state and the words for it. */
import { duration, timeLeft } from './format';

export type WorkState =
  /** Waits for something; `reason` completes "waits for …". */
  | { kind: 'waiting'; reason: string }
  | { kind: 'ready' }
  | { kind: 'queued' }
  | { kind: 'running'; since: number; progress: WorkProgress | null; stopping: boolean }
  | { kind: 'stopped'; note: string }
  /** `seconds` null: finished in an earlier visit. */
  | { kind: 'done'; seconds: number | null }
  | { kind: 'stale'; reason: string }
  | { kind: 'failed'; message: string; hint: string };

export interface WorkProgress {
  label: string;
  done: number;
  of: number;
  etaSeconds: number | null;
}

/** The words of a status. @param now milliseconds, on the clock of `since`. */
export function statusText(state: WorkState, now: number): string {
  switch (state.kind) {
    case 'waiting':
      return `waits for ${state.reason}`;
    case 'ready':
      return 'ready';
    case 'queued':
      return 'queued';
    case 'running':
      return state.stopping ? 'stopping' : `running ${duration(Math.max(0, Math.floor((now - state.since) / 1000)))}`;
    case 'stopped':
      return state.note ? `stopped, ${state.note}` : 'stopped';
    case 'done':
      return state.seconds === null ? 'done' : `done in ${duration(state.seconds)}`;
    case 'stale':
      return `out of date: ${state.reason}`;
    case 'failed':
      return 'failed';
  }
}

/** '34 of 256, about 2 min left'. */
export function progressText(progress: WorkProgress): string {
  return `${progress.done} of ${progress.of}, ${timeLeft(progress.etaSeconds)}`;
}

/** The state of several pieces of work shown as one cell: the most urgent one, and done only when all are. */
export function combine(states: readonly WorkState[]): WorkState {
  const find = <K extends WorkState['kind']>(kind: K) =>
    states.find((state): state is Extract<WorkState, { kind: K }> => state.kind === kind);
  const active = find('running') ?? find('failed') ?? find('queued') ?? find('stale');
  if (active) return active;
  const done = states.filter((state) => state.kind === 'done');
  if (states.length > 0 && done.length === states.length) {
    const seconds = done.map((state) => state.seconds);
    return { kind: 'done', seconds: seconds.includes(null) ? null : seconds.reduce<number>((a, b) => a + (b ?? 0), 0) };
  }
  if (done.length > 0 || find('stopped')) {
    return find('stopped') ?? { kind: 'stopped', note: `${done.length} of ${states.length} done` };
  }
  return find('waiting') ?? { kind: 'ready' };
}

/** One piece of work in the estimate of the whole. */
export interface PlannedWork {
  /** Relative cost, in any unit that all pieces share. */
  cost: number;
  /** Measured here when it was done. */
  seconds: number | null;
  done: boolean;
  /** Of the running piece only. */
  fraction?: number;
  etaSeconds?: number | null;
}

/**
 * Seconds until everything is done. The running piece gives its own estimate. The costs of the others are scaled by the time that finished
 * and running pieces took here; null before anything was measured.
 */
export function remainingSeconds(plan: readonly PlannedWork[]): number | null {
  let cost = 0;
  let seconds = 0;
  let running = 0;
  let rest = 0;
  for (const work of plan) {
    if (work.done) {
      if (work.seconds !== null) {
        cost += work.cost;
        seconds += work.seconds;
      }
    } else if (work.fraction !== undefined && work.etaSeconds !== null && work.etaSeconds !== undefined) {
      running += work.etaSeconds;
      const left = 1 - work.fraction;
      if (left > 0.02) {
        cost += work.cost * left;
        seconds += work.etaSeconds;
      }
    } else rest += work.cost;
  }
  if (rest === 0) return running;
  return cost > 0 ? running + (rest * seconds) / cost : null;
}

/** Share of the whole that is done, by cost. */
export function overallFraction(plan: readonly PlannedWork[]): number {
  const total = plan.reduce((sum, work) => sum + work.cost, 0);
  const done = plan.reduce((sum, work) => sum + work.cost * (work.done ? 1 : (work.fraction ?? 0)), 0);
  return total > 0 ? done / total : 0;
}
