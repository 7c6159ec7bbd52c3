import { expertWhere, firstOf } from './compose';
import { fallback } from './fallback';
import { guidedAlignment } from './guided-alignment';
import { withExpertText } from './rows';
import { selfAlignment } from './self-alignment';
import type { DataOperator } from './types';

/** Ablation of the paper's Table 4: retellings where the policy alone fails, and the expert's text elsewhere. */
export const guidedOnly: DataOperator<'guided-only'> = {
  id: 'guided-only',
  name: 'guided-alignment',
  description: 'A correct retelling for problems that the policy alone does not solve; the expert’s text elsewhere.',
  reference: 'arXiv 2509.15157, Table 4',
  decide: firstOf(expertWhere(selfAlignment), guidedAlignment, fallback),
  fromRewriting: (row) => (row.stage === 'guided' ? row : withExpertText(row)),
};
