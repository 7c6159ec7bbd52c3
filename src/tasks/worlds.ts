/** The worlds that the bundled policies are trained on, and the recipe of each policy. */
import { lettersWorld } from './letters';
import { tinymathWorld } from './tinymath/pretraining';
import type { PolicyRecipe, World } from './world';

export const WORLDS: readonly World[] = [tinymathWorld, lettersWorld];

/** @throws RangeError naming the worlds. */
export function world(id: string): World {
  const found = WORLDS.find((one) => one.id === id);
  if (!found) throw new RangeError(`There is no world “${id}”; there are ${WORLDS.map((one) => one.id).join(', ')}.`);
  return found;
}

/** A policy by name. @throws RangeError naming the policies. */
export function recipe(name: string): { world: World; recipe: PolicyRecipe } {
  for (const one of WORLDS) {
    const found = one.policies.find((policy) => policy.name === name);
    if (found) return { world: one, recipe: found };
  }
  const names = WORLDS.flatMap((one) => one.policies.map((policy) => policy.name));
  throw new RangeError(`There is no policy “${name}” to train; there are ${names.join(', ')}.`);
}
