import { expertRows } from './rows';
import type { StageDefinition } from './types';

/** Fallback: y_expert stays. It settles every problem, so it ends a ladder. */
export const fallback: StageDefinition<'fallback', false> = {
  id: 'fallback',
  name: 'Fallback',
  short: 'Fallback',
  note: 'the expert’s text stays',
  description: 'No sample was correct: the expert’s text stays as it is.',
  colour: '--fallback',
  samples: false,
  async *decide(run, problems) {
    if (problems.some(({ problem }) => run.rows.get(problem.id)?.stage !== 'fallback')) {
      yield { type: 'rows', stage: 'fallback', rows: await expertRows(run, problems, run.config.k) };
    }
    return [];
  },
};
