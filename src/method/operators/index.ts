import { dataRewriting } from './data-rewriting';
import { expert } from './expert';
import { guidedOnly } from './guided-only';
import { selfOnly } from './self-only';
import type { DataOperator } from './types';

export { byStage, bySamplingStage, SAMPLING_STAGES, STAGE, STAGE_DEFINITIONS, STAGES, type SamplingStage, type Stage } from './stages';
export { encodePrompt, encodeResponse, join, type PreparedProblem } from './prepare';
export type { DataOperator, OperatorRun, StageDefinition } from './types';

/** Every data operator. Adding one is one file and one line here; the command line and the page read this list. */
export const OPERATORS = [expert, dataRewriting, selfOnly, guidedOnly] as const satisfies readonly DataOperator[];

export type OperatorId = (typeof OPERATORS)[number]['id'];

/** @throws RangeError naming the known ids when there is none of this one. */
export function operatorOf(id: string): DataOperator<OperatorId> {
  const found = OPERATORS.find((operator) => operator.id === id);
  if (!found) throw new RangeError(`There is no data operator "${id}". Known operators: ${OPERATORS.map((one) => one.id).join(', ')}.`);
  return found;
}
