/** The pieces of work by id, for the page's queue and its memory. */
import { ARMS } from '../../method/arms';
import { worksOf, type Work, type WorkId } from '../../method/plan';

export type { WorkId } from '../../method/plan';

/** The pieces of every arm. Those of a run with the present settings are `Work.pieces`. */
const ALL: ReadonlyMap<WorkId, Work> = new Map(worksOf(ARMS).map((piece) => [piece.id, piece]));

export const pieceOf = (id: WorkId): Work => ALL.get(id)!;

export function isWorkId(text: unknown): text is WorkId {
  return ALL.has(text as WorkId);
}
