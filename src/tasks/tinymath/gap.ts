/** How far the expert's way of writing is from the policy's own: a dial that changes the data and nothing else. */

/** Operations that a sentence of the expert merges: one, two, three. The words are the same for all. */
export type Gap = 'small' | 'medium' | 'large';
export const GAPS: readonly Gap[] = ['small', 'medium', 'large'];
export const DEFAULT_GAP: Gap = 'large';
export const MERGED: Readonly<Record<Gap, number>> = { small: 1, medium: 2, large: 3 };

/** Id of the built-in world as a task: each setting of the dial is a task of its own, with the same problems. */
export const worldTask = (gap: Gap = DEFAULT_GAP): string => (gap === DEFAULT_GAP ? 'hands' : `hands-${gap}`);

/** The setting that a task id names, or null for a task that is not the built-in world. */
export const gapOf = (task: string): Gap | null => GAPS.find((gap) => worldTask(gap) === task) ?? null;
