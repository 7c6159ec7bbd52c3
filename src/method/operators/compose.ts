/** How data operators are made of stages. */
import { withExpertText } from './rows';
import type { Decides } from './types';

/** A ladder: each step gets the problems that the steps before it left undecided. */
export function firstOf(...steps: readonly { decide: Decides }[]): Decides {
  return async function* decide(run, problems) {
    let undecided = [...problems];
    for (const step of steps) undecided = yield* step.decide(run, undecided);
    return undecided;
  };
}

/** Settles the problems that `step` settles, with the expert's text instead of what it keeps. */
export function expertWhere(step: { decide: Decides }): { decide: Decides } {
  return {
    async *decide(run, problems) {
      const inner = step.decide(run, problems);
      for (;;) {
        const { value, done } = await inner.next();
        if (done) return value;
        yield value.type === 'chunk' || value.type === 'rows' ? { ...value, rows: value.rows.map(withExpertText) } : value;
      }
    },
  };
}
