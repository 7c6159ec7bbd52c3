import { firstOf } from './compose';
import { fallback } from './fallback';
import { withExpertText } from './rows';
import { selfAlignment } from './self-alignment';
import type { DataOperator } from './types';

/** Ablation of the paper's Table 4: self-alignment, and the expert's text where that solves nothing. */
export const selfOnly: DataOperator<'self-only'> = {
  id: 'self-only',
  name: 'self-alignment',
  description: 'One of the policy’s own correct answers; the expert’s text where there is none.',
  reference: 'arXiv 2509.15157, Table 4',
  decide: firstOf(selfAlignment, fallback),
  fromRewriting: (row) => (row.stage === 'self' ? row : withExpertText(row)),
};
