import { describe, expect, it } from 'vitest';
import { evaluate, type EvaluationEvent } from './evaluate';
import { letterPolicy, letterTask } from './testing/letter-task';

const config = { problems: 24, runs: 8, seed: 3, temperature: 1, maxNewTokens: 8 };

async function collect(stream: AsyncIterable<EvaluationEvent>): Promise<EvaluationEvent[]> {
  const events: EvaluationEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

describe('evaluate', () => {
  it('gives avg@n per set with an interval, and the average of the sets', async () => {
    const events = await collect(evaluate(letterPolicy(), letterTask, config));
    const done = events.at(-1)!;
    if (done.type !== 'done') throw new Error('not finished');
    const { low, high } = done.result.sets;
    expect(Object.keys(done.result.sets)).toEqual(['low', 'high']);
    expect(low).toMatchObject({ problems: 24, runs: 8 });
    expect(low!.accuracy).toBeGreaterThan(high!.accuracy + 0.1);
    for (const { accuracy, ci95 } of [low!, high!]) {
      expect(ci95[0]).toBeLessThanOrEqual(accuracy);
      expect(ci95[1]).toBeGreaterThanOrEqual(accuracy);
    }
    expect(done.result.average).toBeCloseTo((low!.accuracy + high!.accuracy) / 2, 12);
    expect(done.result.averageCi95[0]).toBeLessThan(done.result.average);
    const sets = events.filter((event) => event.type === 'set');
    for (const { perProblem, result } of sets) {
      const values = Object.values(perProblem);
      expect(values).toHaveLength(24);
      expect(values.reduce((a, b) => a + b) / 24).toBeCloseTo(result.accuracy, 12);
    }
    expect(events.filter((event) => event.type === 'progress').at(-1)).toEqual({ type: 'progress', done: 384, of: 384 });
  });

  it('is the same again, and for a policy with the same parameters', async () => {
    const result = async (seed: number) => {
      const done = (await collect(evaluate(letterPolicy(), letterTask, { ...config, seed }))).at(-1)!;
      return done.type === 'done' ? done.result : null;
    };
    expect(await result(3)).toEqual(await result(3));
    expect(await result(4)).not.toEqual(await result(3));
  });

  it('counts responses that were cut', async () => {
    const events = await collect(evaluate(letterPolicy(), letterTask, { ...config, maxNewTokens: 1, sets: ['low'] }));
    expect(events.find((event) => event.type === 'set')).toMatchObject({ set: 'low', truncated: 192 });
  });

  it('refuses configurations that mean nothing', async () => {
    await expect(collect(evaluate(letterPolicy(), letterTask, { ...config, runs: 0 }))).rejects.toThrow('positive whole number for runs');
    await expect(collect(evaluate(letterPolicy(), letterTask, { ...config, sets: [] }))).rejects.toThrow('at least one problem set');
  });
});
