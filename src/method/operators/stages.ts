/** The stages in order: ids, names, colours and counts of stages come from this list. Adding one is one file and one line here. */
import { fallback } from './fallback';
import { guidedAlignment } from './guided-alignment';
import { selfAlignment } from './self-alignment';

export const STAGE_DEFINITIONS = [selfAlignment, guidedAlignment, fallback] as const;

type AnyStage = (typeof STAGE_DEFINITIONS)[number];
export type Stage = AnyStage['id'];
/** A stage with candidates. */
export type SamplingStage = Extract<AnyStage, { samples: true }>['id'];

export const STAGES: readonly Stage[] = STAGE_DEFINITIONS.map(({ id }) => id);
export const SAMPLING_STAGES: readonly SamplingStage[] = STAGE_DEFINITIONS.flatMap((stage) => (stage.samples ? [stage.id] : []));

export const byStage = <T>(value: (stage: Stage) => T): Record<Stage, T> =>
  Object.fromEntries(STAGES.map((stage) => [stage, value(stage)])) as Record<Stage, T>;
export const bySamplingStage = <T>(value: (stage: SamplingStage) => T): Record<SamplingStage, T> =>
  Object.fromEntries(SAMPLING_STAGES.map((stage) => [stage, value(stage)])) as Record<SamplingStage, T>;

/** The definition of each stage. */
export const STAGE = byStage((id) => STAGE_DEFINITIONS.find((stage) => stage.id === id)!);
