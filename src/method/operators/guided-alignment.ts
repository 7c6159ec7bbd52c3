import { sampleAndKeep } from './sampling';
import type { StageDefinition } from './types';

/**
 * Guided-alignment: K samples from π_0(· | retell(x, y_expert)); one of the correct ones is kept and trained with the plain prompt x.
 * The retell prompt is the task's (`Task.retellMessages`): the built-in world's is `tasks/tinymath/prompts.ts`, the general one `tasks/dataset/defaults.ts`.
 */
export const guidedAlignment: StageDefinition<'guided', true> = {
  id: 'guided',
  name: 'Guided-alignment',
  short: 'Guided',
  note: 'K retellings',
  description:
    'The policy sees the expert’s solution and solves the problem again in its own words; a correct retelling replaces the expert’s text.',
  colour: '--guided',
  samples: true,
  decide: sampleAndKeep('guided', ({ retellTokens }) => retellTokens),
};
