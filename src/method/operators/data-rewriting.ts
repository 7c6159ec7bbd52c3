import { firstOf } from './compose';
import { fallback } from './fallback';
import { guidedAlignment } from './guided-alignment';
import { selfAlignment } from './self-alignment';
import type { DataOperator } from './types';

/** The paper's operator T: π_sft → π_mix (eq. 3). Its three parts are disjoint in x and together are D_mix (eq. 4). */
export const dataRewriting: DataOperator<'dr'> = {
  id: 'dr',
  name: 'DR',
  description: 'Data rewriting: one of the policy’s own correct answers; else one of its correct retellings; else the expert’s text.',
  reference: 'arXiv 2509.15157, eq. (3) and (4)',
  decide: firstOf(selfAlignment, guidedAlignment, fallback),
  fromRewriting: (row) => row,
};
