import { exp, mul, neg, stopGradient } from '../../tensor';
import type { ObjectiveDefinition } from './types';

/**
 * Dynamic fine-tuning, and the training loss of data rewriting: eq. (5) of "Mind the Gap" with its approximation π_mix ≈ 1,
 * which makes the importance weight w_t = p_t / π_mix equal to p_t.
 */
export const dft: ObjectiveDefinition = {
  id: 'dft',
  name: 'DFT',
  formula: String.raw`\ell_t = -\operatorname{sg}[p_t]\,\log p_t`,
  description: "Each token's gradient is scaled by its own probability, so that improbable tokens hardly pull at all.",
  reference: 'arXiv 2508.05629; eq. (5) of arXiv 2509.15157 with π_mix ≈ 1',
  params: {},
  needs: [],
  loss: ({ logp }) => neg(mul(stopGradient(exp(logp)), logp)), // eq. (5), w_t = sg[p_t]
};
