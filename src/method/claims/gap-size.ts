/** How large the policy gap is: log μ − log π_0 of the expert's own responses. */
import type { Policy } from '../../policy/types';
import type { Task } from '../../tasks/types';
import { prepare, plainSequence } from '../operators/prepare';
import { mean, sum } from '../statistics';

export interface GapSize {
  responses: number;
  /** Mean of Σ_t (log μ − log π_0), in nats, with its standard error. One response a problem, so problems are the clusters. */
  perResponse: { mean: number; error: number };
  /** Σ over all tokens over the number of tokens; the error is that of the ratio, clustered by problem. */
  perToken: { mean: number; error: number };
}

/** Over the first `count` training problems of a task whose expert's μ is known. */
export async function gapSize(policy: Policy, task: Task, count: number, dataSeed: number): Promise<GapSize> {
  const prepared = task.problems('train', count, dataSeed).map((problem) => prepare(policy, task, problem));
  const scores = await policy.score(prepared.map((one) => plainSequence(one, one.expert.tokens)));
  const gaps = prepared.map(({ expert }, i) => sum(expert.behaviorLogProbs!) - sum(scores[i]!.logProbs));
  const tokens = prepared.map(({ expert }) => expert.tokens.length);
  const n = gaps.length;
  const average = mean(gaps);
  const ratio = sum(gaps) / sum(tokens);
  const spread = (values: readonly number[]): number => Math.sqrt(sum(values.map((x) => x * x)) / (n - 1) / n);
  return {
    responses: n,
    perResponse: { mean: average, error: spread(gaps.map((gap) => gap - average)) },
    perToken: { mean: ratio, error: spread(gaps.map((gap, i) => gap - ratio * tokens[i]!)) / mean(tokens) },
  };
}
