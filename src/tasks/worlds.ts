/** The worlds that the bundled policies are trained on. */
import { lettersWorld } from './letters';
import { tinymathWorld } from './tinymath/pretraining';
import type { World } from './world';

export const WORLDS: readonly World[] = [tinymathWorld, lettersWorld];

/** @throws RangeError naming the worlds. */
export function world(id: string): World {
  const found = WORLDS.find((one) => one.id === id);
  if (!found) throw new RangeError(`There is no world “${id}”; there are ${WORLDS.map((one) => one.id).join(', ')}.`);
  return found;
}
