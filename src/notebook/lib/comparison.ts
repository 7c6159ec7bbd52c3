/** Says in words what a finished evaluation shows, and claims no more than its intervals allow. */
import { ARM_DEFINITIONS } from '../../method/arms';
import type { ArmId, EvaluationResult } from '../../method/types';
import type { EvaluatedId } from '../../protocol/messages';

/** Empty until the starting policy and all arms of the run are evaluated. Overlapping intervals are not called a difference. */
export function compareArms(evaluations: Readonly<Partial<Record<EvaluatedId, EvaluationResult>>>, ids: readonly ArmId[]): string {
  const { base } = evaluations;
  const arms = ids.flatMap((arm) => (evaluations[arm] ? [{ arm, ...evaluations[arm] }] : []));
  if (!base || arms.length < ids.length) return '';
  const below = arms.filter(({ averageCi95: [, high] }) => high < base.averageCi95[0]);
  const above = arms.filter(({ averageCi95: [low] }) => low > base.averageCi95[1]);
  if (below.length + above.length === 0) {
    return 'The interval of every arm overlaps with that of the start: at these settings the training changed nothing that this many test problems can show.';
  }
  const parts = [
    above.length > 0 ? `${names(above)} ${above.length > 1 ? 'lie' : 'lies'} above the start` : '',
    below.length > 0 ? `${names(below)} ${below.length > 1 ? 'lie' : 'lies'} below the start` : '',
  ].filter(Boolean);
  const rest = arms.filter((one) => !below.includes(one) && !above.includes(one));
  const others =
    rest.length === 0
      ? ''
      : ` The ${rest.length > 1 ? 'intervals' : 'interval'} of ${names(rest)} ${rest.length > 1 ? 'overlap' : 'overlaps'} with the start’s.`;
  const order = [...arms].sort((a, b) => b.average - a.average);
  return `Beyond the intervals, ${parts.join(', and ')}.${others} From the best average to the worst: ${order.map(({ arm }) => ARM_DEFINITIONS[arm].name).join(', ')}.`;
}

function names(arms: readonly { arm: ArmId }[]): string {
  const all = arms.map(({ arm }) => ARM_DEFINITIONS[arm].name);
  return all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${all.at(-1)}` : (all[0] ?? '');
}
