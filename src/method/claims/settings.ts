/** What `gap claims` runs: settings as data. Each is a run of the plan, seed by seed. */
import type { ArmId } from '../arms';

export type PolicyName = 'base' | 'instruct' | 'weak' | 'strong';
export type GapName = 'small' | 'medium' | 'large';

/** Which learning rates a run's arms have: one for all, each its own, or ten times the one for all. */
export type Rates = 'common' | 'tuned' | 'hot';

export interface Setting {
  policy: PolicyName;
  gap: GapName;
  rates: Rates;
  arms: readonly ArmId[];
}

const TABLE_2: readonly ArmId[] = ['sft', 'dft', 'dr+sft', 'dr+dft'];
const TABLE_4: readonly ArmId[] = [...TABLE_2, 'dft+self', 'dft+guided'];

const both = (policy: PolicyName): Setting[] => [
  { policy, gap: 'large', rates: 'common', arms: TABLE_4 },
  { policy, gap: 'large', rates: 'hot', arms: TABLE_2 },
  { policy, gap: 'large', rates: 'tuned', arms: TABLE_4 },
];

/** The most telling first: what is done when a session is stopped is a whole of its own. */
export const SETTINGS: readonly Setting[] = [
  ...both('base'),
  { policy: 'base', gap: 'small', rates: 'common', arms: TABLE_2 },
  { policy: 'base', gap: 'medium', rates: 'common', arms: TABLE_2 },
  ...both('instruct'),
  { policy: 'weak', gap: 'large', rates: 'common', arms: TABLE_2 },
  { policy: 'strong', gap: 'large', rates: 'common', arms: TABLE_2 },
];

export const settingId = ({ policy, gap, rates }: Setting): string => `${policy}/${gap}/${rates}`;

/** Tuning uses seeds from here on; the claims' seeds are below. */
export const TUNING_SEED = 101;
/** Peak learning rates tried first; the grid is widened until no best stands at its edge. */
export const RATES: readonly number[] = [3e-5, 1e-4, 3e-4, 1e-3];

export const SIZES = {
  problems: 256,
  k: 8,
  testProblems: 64,
  runs: 16,
  validation: { problems: 128, runs: 4 },
} as const;
