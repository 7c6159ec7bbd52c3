import { describe, expect, it } from 'vitest';
import { combine, overallFraction, progressText, remainingSeconds, statusText, type WorkState } from './status';

describe('statusText', () => {
  const running: WorkState = { kind: 'running', since: 1000, progress: null, stopping: false };
  it.each<[WorkState, string]>([
    [{ kind: 'ready' }, 'ready'],
    [{ kind: 'queued' }, 'queued'],
    [running, 'running 12 s'],
    [{ ...running, stopping: true }, 'stopping'],
    [{ kind: 'stopped', note: '34 of 256 problems done' }, 'stopped, 34 of 256 problems done'],
    [{ kind: 'done', seconds: 12.2 }, 'done in 12 s'],
    [{ kind: 'done', seconds: null }, 'done'],
    [{ kind: 'stale', reason: 'settings changed' }, 'out of date: settings changed'],
    [{ kind: 'waiting', reason: 'the rewriting' }, 'waits for the rewriting'],
    [{ kind: 'failed', message: 'm', hint: 'h' }, 'failed'],
  ])('%o', (state, text) => expect(statusText(state, 13000)).toBe(text));

  it('progress', () => {
    expect(progressText({ label: 'x', done: 3, of: 8, etaSeconds: 61 })).toBe('3 of 8, about 1 min left');
  });
});

describe('combine', () => {
  const done: WorkState = { kind: 'done', seconds: 2 };
  const ready: WorkState = { kind: 'ready' };
  it('is done when all are', () => {
    expect(combine([done, done])).toEqual({ kind: 'done', seconds: 4 });
    expect(combine([done, { kind: 'done', seconds: null }])).toEqual({ kind: 'done', seconds: null });
  });
  it('says how far it came', () => {
    expect(combine([done, ready])).toEqual({ kind: 'stopped', note: '1 of 2 done' });
    expect(combine([ready, ready])).toEqual(ready);
  });
  it('running beats failed beats queued', () => {
    const running: WorkState = { kind: 'running', since: 0, progress: null, stopping: false };
    const failed: WorkState = { kind: 'failed', message: 'm', hint: 'h' };
    expect(combine([{ kind: 'queued' }, running, failed])).toBe(running);
    expect(combine([{ kind: 'queued' }, failed])).toBe(failed);
  });
});

describe('time left', () => {
  it('is unknown before anything was measured', () => {
    expect(remainingSeconds([{ cost: 1, seconds: null, done: false }])).toBeNull();
  });
  it('scales the rest by what was measured', () => {
    const plan = [
      { cost: 10, seconds: 20, done: true },
      { cost: 5, seconds: null, done: false },
    ];
    expect(remainingSeconds(plan)).toBe(10);
    expect(overallFraction(plan)).toBeCloseTo(2 / 3);
  });
  it('uses the running piece', () => {
    const plan = [
      { cost: 10, seconds: null, done: false, fraction: 0.5, etaSeconds: 10 },
      { cost: 5, seconds: null, done: false },
    ];
    expect(remainingSeconds(plan)).toBe(20);
    expect(remainingSeconds(plan.slice(0, 1))).toBe(10);
  });
  it('nothing left', () => {
    expect(remainingSeconds([{ cost: 1, seconds: null, done: true }])).toBe(0);
    expect(overallFraction([])).toBe(0);
  });
});
