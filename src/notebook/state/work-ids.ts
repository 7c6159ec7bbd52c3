/** The pieces of work of a run, in the order in which "Run everything" does them. */
import { DEFAULT_ARMS as ARMS } from '../../method/arms';
import type { ArmId } from '../../method/types';
import type { EvaluatedId } from '../../protocol/messages';

export type WorkId = 'rewrite' | `train:${ArmId}` | `evaluate:${EvaluatedId}`;

export const TRAINING: readonly WorkId[] = ARMS.map((arm) => `train:${arm}` as const);
export const EVALUATED: readonly EvaluatedId[] = ['base', ...ARMS];
export const EVALUATION: readonly WorkId[] = EVALUATED.map((id) => `evaluate:${id}` as const);
export const ALL_WORK: readonly WorkId[] = ['rewrite', ...TRAINING, ...EVALUATION];

export function isWorkId(text: unknown): text is WorkId {
  return ALL_WORK.includes(text as WorkId);
}
