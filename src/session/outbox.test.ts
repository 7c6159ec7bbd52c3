import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Reply } from '../protocol/messages';
import { metrics } from '../storage/testing/config';
import { Eta } from './eta';
import { Outbox } from './outbox';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

describe('outbox', () => {
  it('batches what comes fast, keeps the order, and holds nothing back at the end', () => {
    const posted: Reply[] = [];
    const out = new Outbox(7, (reply) => posted.push(reply));
    for (let step = 1; step <= 100; step++) {
      out.train('sft', metrics(step));
      vi.advanceTimersByTime(10);
    }
    const batches = posted.length;
    expect(batches).toBeLessThanOrEqual(21);
    out.send({ type: 'done' });
    const steps = posted.flatMap((reply) => (reply.type === 'train' ? reply.metrics.map((m) => m.step) : []));
    expect(steps).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    expect(posted.at(-1)).toEqual({ type: 'done', request: 7 });
  });

  it('sends only the latest progress', () => {
    const posted: Reply[] = [];
    const out = new Outbox(7, (reply) => posted.push(reply));
    for (let done = 0; done < 50; done++) out.progress({ label: 'x', done, of: 50, etaSeconds: null });
    out.flush();
    expect(posted.map((reply) => reply.type === 'progress' && reply.progress.done)).toEqual([0, 49]);
  });
});

describe('time left', () => {
  it('is unknown at first, then follows the rate of this session alone', () => {
    const eta = new Eta('steps', 100, 200);
    expect(eta.at(101)).toEqual({ label: 'steps', done: 101, of: 200, etaSeconds: null });
    vi.advanceTimersByTime(10_000);
    expect(eta.at(120).etaSeconds).toBe(40);
    expect(eta.at(200).etaSeconds).toBe(0);
  });
});
