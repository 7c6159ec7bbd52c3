import { sampleAndKeep } from './sampling';
import type { StageDefinition } from './types';

/** Self-alignment: K samples from π_0(· | x); one of the correct ones is kept. */
export const selfAlignment: StageDefinition<'self', true> = {
  id: 'self',
  name: 'Self-alignment',
  short: 'Self',
  note: 'K own answers',
  description: 'The policy solves the problem on its own; if any of K samples is correct, one of them replaces the expert’s text.',
  colour: '--self',
  samples: true,
  decide: sampleAndKeep('self', ({ promptTokens }) => promptTokens),
};
