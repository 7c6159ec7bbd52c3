/** A policy whose figures wait, as on a graphics device: the same steps, reported when asked. For tests only. */
import type { DeferredSteps, StepReport, TrainablePolicy } from '../../policy/types';

/** Counts of reads stand in `reads`. `poison`: the step (1 …) whose loss is not finite. */
export function deferring<P extends TrainablePolicy>(policy: P, poison = Infinity): P & { deferred: DeferredSteps; reads: number[] } {
  const reports: StepReport[] = [];
  const reads: number[] = [];
  let [count, stopped] = [0, false];
  const deferred: DeferredSteps = {
    async step(examples, objective, totalTokens, options) {
      stopped ||= ++count === poison;
      if (stopped) {
        const sums = { tokens: totalTokens, loss: NaN, nll: 0, entropy: 0, weight: 0, weightSquared: 0, correctTokens: 0 };
        reports.push({ sums, gradNorm: 1, applied: false });
        return;
      }
      const sums = await policy.accumulate(examples, objective, totalTokens);
      reports.push({ sums, ...(await policy.apply(options)) });
    },
    read() {
      reads.push(reports.length);
      return Promise.resolve(reports.splice(0));
    },
  };
  return Object.assign(policy, { deferred, reads });
}
