/** How arms look everywhere: colour says which data, dash says which objective. */
import { ARM_DEFINITIONS, byArm, type ArmId } from '../../method/arms';

/** Data that are one stage's have its colour. */
const OPERATOR_COLOURS: Readonly<Record<string, string>> = {
  expert: '--data-expert',
  'self-only': '--self',
  'guided-only': '--guided',
};

export interface ArmLook {
  color: string;
  dash?: string;
  hollow: boolean;
}

export const ARM_LOOKS: Readonly<Record<ArmId, ArmLook>> = byArm((id) => {
  const { operator, objective } = ARM_DEFINITIONS[id];
  const color = `var(${OPERATOR_COLOURS[operator] ?? '--data-mix'})`;
  return objective.id === 'sft' ? { color, hollow: true, dash: '5 4' } : { color, hollow: false };
});
