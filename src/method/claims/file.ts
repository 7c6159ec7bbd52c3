/** The shape of `claims.json`. */
import type { accuracyTable, Claim } from './claims';
import type { SeedRun } from './experiment';
import type { Explanation } from './explanation';
import type { GapSize } from './gap-size';
import type { SIZES } from './settings';

export interface PolicyFacts {
  id: string;
  parameters: number;
  /** By setting of the dial. */
  gaps: Record<string, GapSize>;
}

/** Tables, stages and rates are by setting: `policy/gap/rates`. */
export interface ClaimsFile {
  claims: Claim[];
  tables: Record<string, ReturnType<typeof accuracyTable>>;
  stages: Record<string, Record<string, number>[]>;
  learningRates: Record<string, SeedRun['learningRates']>;
  /** Of the settings in which responses and fit were measured. */
  explanations: Record<string, Explanation>;
  policies: Record<string, PolicyFacts>;
  sizes: typeof SIZES;
  seeds: number;
  date: string;
  commit: string;
  machine: string;
  command: string;
}
