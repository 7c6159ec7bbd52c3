/** How the four arms look everywhere: colour says which data, dash says which objective. */
import type { ArmId } from '../../method/types';

export const ARM_LOOKS: Record<ArmId, { color: string; dash?: string; hollow: boolean }> = {
  sft: { color: 'var(--data-expert)', hollow: true, dash: '5 4' },
  dft: { color: 'var(--data-expert)', hollow: false },
  'dr+sft': { color: 'var(--data-mix)', hollow: true, dash: '5 4' },
  'dr+dft': { color: 'var(--data-mix)', hollow: false },
};
