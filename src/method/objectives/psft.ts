import { clip, exp, minimum, neg, stopGradient, sub } from '../../tensor';
import type { ObjectiveDefinition } from './types';

/**
 * Proximal supervised fine-tuning: the ratio to the policy π_old at the beginning of a few inner steps takes the place of log p, and is clipped as
 * in PPO with advantage 1.
 */
export const psft: ObjectiveDefinition = {
  id: 'psft',
  name: 'PSFT',
  formula: String.raw`\ell_t = -\min\bigl(r_t,\ \operatorname{clip}(r_t, 1-\epsilon, 1+\epsilon')\bigr),\quad r_t = p_t / \pi_{\text{old}}(y_t)`,
  description: 'A token stops pulling once its probability has grown by the upper bound since the inner steps began.',
  reference: 'arXiv 2508.17784',
  params: {
    low: { name: 'lower bound', description: 'of the ratio', default: 0.8, min: 0, max: 1 },
    high: { name: 'upper bound', description: 'of the ratio', default: 1.28, min: 1, max: 10 },
  },
  needs: ['oldLogp'],
  innerSteps: 8,
  loss: ({ logp, oldLogp }, { low, high }) => {
    const ratio = exp(sub(logp, stopGradient(oldLogp)));
    return neg(minimum(ratio, clip(ratio, low!, high!)));
  },
};
