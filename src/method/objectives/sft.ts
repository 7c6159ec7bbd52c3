import { neg } from '../../tensor';
import type { ObjectiveDefinition } from './types';

/** Supervised fine-tuning: the negative log-likelihood of the demonstration. */
export const sft: ObjectiveDefinition = {
  id: 'sft',
  name: 'SFT',
  formula: String.raw`\ell_t = -\log p_t`,
  description: 'Every token pulls with weight 1, also those that the policy finds improbable: their gradient is the largest.',
  reference: 'maximum likelihood',
  params: {},
  needs: [],
  loss: ({ logp }) => neg(logp), // w_t = 1
};
