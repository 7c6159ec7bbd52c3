/** How much of all work is done and how long the rest takes, for the bar at the top. */
import { SAMPLING_STAGES, type Stage } from '../../method/operators';
import type { WorkKind } from '../../method/plan';
import type { Progress } from '../../protocol/messages';
import type { PlannedWork, WorkState } from '../lib/status';
import type { SettingValues } from '../lib/settings';

/** Rough cost: tokens sampled against tokens trained on. The time that each finished piece took here corrects it. */
export function costOf(kind: WorkKind, values: Readonly<SettingValues>, problems: number): number {
  if (kind === 'rewrite') return problems * (values.k ?? 8) * 1.4;
  if (kind === 'train') return problems * (values.epochs ?? 2) * 1.5;
  return 5 * (values.testProblems ?? 16) * (values.runs ?? 4);
}

export function plannedWork(kind: WorkKind, state: WorkState, cost: number, activeStage: Stage | null): PlannedWork {
  const progress = state.kind === 'running' ? state.progress : null;
  return {
    cost,
    seconds: state.kind === 'done' ? state.seconds : null,
    done: state.kind === 'done',
    ...(progress && progress.of > 0 && (kind === 'rewrite' ? rewriting(progress, activeStage) : within(progress))),
  };
}

type Within = { fraction: number; etaSeconds: number | null };

function within({ done, of, etaSeconds }: Progress): Within {
  return { fraction: done / of, etaSeconds };
}

/** The worker reports one stage at a time; the first is usually the larger part. */
function rewriting(progress: Progress, activeStage: Stage | null): Within {
  const { fraction, etaSeconds } = within(progress);
  const share = 0.65;
  if (activeStage !== SAMPLING_STAGES[0]) return { fraction: share + (1 - share) * fraction, etaSeconds };
  const whole = etaSeconds === null || fraction >= 1 ? null : etaSeconds / (1 - fraction);
  return { fraction: share * fraction, etaSeconds: whole === null ? null : etaSeconds! + (whole * (1 - share)) / share };
}
