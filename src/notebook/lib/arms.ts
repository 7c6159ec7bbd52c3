/** How an arm looks in every figure and table: its colour tells the data, its dash the objective. */
import { ARM_DEFINITIONS, byArm, type ArmId } from '../../method/arms';
import type { EvaluatedId } from '../../method/plan';

/** An operator that keeps one stage's texts has that stage's colour. */
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

/** Of an arm, or of the start. */
export const lookOf = (id: EvaluatedId): ArmLook => (id === 'base' ? { color: 'var(--base)', hollow: false } : ARM_LOOKS[id]);
