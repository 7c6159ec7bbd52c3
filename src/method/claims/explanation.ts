/** Why the effect appears: what each policy's own responses look like, and how it fits the data. Means over the seeds of one setting. */
import type { ArmId } from '../arms';
import type { EvaluatedId } from '../plan';
import { mean } from '../statistics';
import type { SeedRun } from './experiment';
import type { StyleFigures } from './measure';

export interface Explanation {
  style: Partial<Record<EvaluatedId, StyleFigures>>;
  /** Mean −log p per token, nats, of the expert's responses to fixed validation problems. */
  nll: Partial<Record<EvaluatedId, number>>;
  /** Each optimizer step's own loss: the curves of the paper's Figure 4. They are no evidence of fit, see `nll`. */
  losses: Partial<Record<ArmId, number[]>>;
}

/** null where the setting was not measured in this way. */
export function explanation(runs: readonly SeedRun[]): Explanation | null {
  const measured = runs.flatMap((run) => run.measured ?? []);
  if (measured.length === 0) return null;
  const result: Explanation = { style: {}, nll: {}, losses: {} };
  for (const id of Object.keys(measured[0]!.style) as EvaluatedId[]) {
    const own = measured.map(({ style }) => style[id]!);
    const of = (key: keyof StyleFigures): number => mean(own.map((one) => one[key]));
    result.style[id] = {
      carefulOpenings: of('carefulOpenings'),
      slipRate: of('slipRate'),
      digitEntropy: of('digitEntropy'),
      accuracy: of('accuracy'),
      greedy: of('greedy'),
    };
    result.nll[id] = mean(measured.map(({ nll }) => nll[id]!));
  }
  for (const arm of Object.keys(runs[0]!.metrics) as ArmId[]) {
    const steps = runs.map(({ metrics }) => metrics[arm]!);
    result.losses[arm] = steps[0]!.map((_, t) => mean(steps.map((one) => one[t]!.loss)));
  }
  return result;
}
