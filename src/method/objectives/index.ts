import type { Objective } from '../../policy/objective';
import type { ObjectiveSpec } from '../types';
import { dft } from './dft';
import { psft } from './psft';
import { sft } from './sft';
import type { ObjectiveDefinition } from './types';

export type { ObjectiveDefinition, ParamDefinition } from './types';

/** Every objective by id. Adding one is one file and one entry here. */
export const OBJECTIVES: Readonly<Record<string, ObjectiveDefinition>> = { sft, dft, psft };

/**
 * The definition of an id.
 * @throws RangeError naming the known ids when there is none.
 */
export function objectiveDefinition(id: string): ObjectiveDefinition {
  if (!Object.hasOwn(OBJECTIVES, id)) {
    throw new RangeError(`There is no objective "${id}". Known objectives: ${Object.keys(OBJECTIVES).join(', ')}.`);
  }
  return OBJECTIVES[id]!;
}

/** Every parameter of the objective, given or default. @throws RangeError for an unknown parameter or one out of its range. */
function boundParams(definition: ObjectiveDefinition, given: Readonly<Record<string, number>>): Record<string, number> {
  const known = Object.keys(definition.params);
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const has = known.length ? `Its parameters: ${known.join(', ')}.` : 'It has none.';
    throw new RangeError(`Objective "${definition.id}" has no parameter "${name}". ${has}`);
  }
  const bound: Record<string, number> = {};
  for (const [name, param] of Object.entries(definition.params)) {
    const value = given[name] ?? param.default;
    if (!(value >= param.min && value <= param.max)) {
      throw new RangeError(`Parameter "${name}" of objective "${definition.id}" must be from ${param.min} to ${param.max}, not ${value}.`);
    }
    bound[name] = value;
  }
  return bound;
}

/** The objective a spec names, with its parameters bound and checked. @throws RangeError as above. */
export function bindObjective(spec: ObjectiveSpec): Objective {
  return bindDefinition(objectiveDefinition(spec.id), spec.params);
}

/** As `bindObjective`, for a definition outside the registry. */
export function bindDefinition(definition: ObjectiveDefinition, given: Readonly<Record<string, number>> = {}): Objective {
  const params = boundParams(definition, given);
  const names = Object.keys(params).sort();
  const suffix = names.map((name) => `${name}=${params[name]}`).join(',');
  return {
    key: suffix ? `${definition.id}(${suffix})` : definition.id,
    needs: definition.needs,
    innerSteps: definition.innerSteps ?? 1,
    loss: (features) => definition.loss(features, params),
  };
}
