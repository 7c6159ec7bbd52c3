import { describe, expect, it } from 'vitest';
import { DEFAULT_ARMS as ARMS } from './arms';
import { letterPolicy, letterTask } from './testing/letter-task';
import { best, tune, type Trial, type TuneEvent } from './tune';

describe('tune', () => {
  it('gives every arm the same trials and chooses by validation accuracy', async () => {
    const events: TuneEvent[] = [];
    const plan = { rates: [0.01, 0.1], seeds: [5, 6], problems: 24, k: 4, validation: { problems: 16, runs: 4 } };
    for await (const event of tune(letterPolicy(), letterTask, plan)) events.push(event);
    const done = events.at(-1)!;
    if (done.type !== 'done') throw new Error('not finished');
    expect(done.trials).toHaveLength(16);
    for (const arm of ARMS) {
      const own = done.trials.filter((trial) => trial.arm === arm);
      expect(own.map(({ rate, seed }) => [seed, rate])).toEqual([
        [5, 0.01],
        [5, 0.1],
        [6, 0.01],
        [6, 0.1],
      ]);
      expect(done.chosen[arm]).toEqual(best(done.trials, arm));
    }
  });

  it('takes the lower of equal rates', () => {
    const trial = (rate: number, accuracy: number, seed: number): Trial => ({ arm: 'sft', rate, seed, accuracy, nll: 1 });
    const trials = [trial(3, 0.4, 1), trial(1, 0.5, 1), trial(2, 0.5, 1), trial(3, 0.6, 2), trial(1, 0.5, 2), trial(2, 0.5, 2)];
    expect(best(trials, 'sft')).toEqual({ rate: 1, accuracy: 0.5 });
  });
});
