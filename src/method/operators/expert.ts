import { fallback } from './fallback';
import { withExpertText } from './rows';
import type { DataOperator } from './types';

/** D: the expert's text for every problem. */
export const expert: DataOperator<'expert'> = {
  id: 'expert',
  name: 'expert',
  description: 'The expert’s text for every problem, as plain fine-tuning has it.',
  reference: 'supervised fine-tuning',
  decide: fallback.decide,
  fromRewriting: withExpertText,
};
