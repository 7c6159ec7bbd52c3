/** The line of `gap rewrite`: a problem with the response that T kept and every candidate. */
import type { DecidedRow, GradedCandidate } from '../types';
import { inOrder } from './candidates';
import { float32List } from './numbers';

/**
 * A candidate's log-probs are given the prompt it was sampled with. Of candidates made elsewhere, `logProbs` are those given the plain prompt,
 * as they came in; what is not known is null.
 * @param prompt the rendered plain prompt; null for candidates made elsewhere, where no chat template is known.
 */
export function rewriteRecord(row: DecidedRow, candidates: readonly GradedCandidate[], prompt: string | null) {
  return {
    id: row.problemId,
    problem: row.question,
    gold: row.gold,
    stage: row.stage,
    prompt,
    completion: row.completion,
    expert: row.expert.text,
    ...(prompt === null && { source: 'candidates made elsewhere' as const }),
    candidates: inOrder(candidates).map(({ stage, text, correct, finish, policyLogProbs, plainLogProbs, behaviorLogProbs }) => {
      const retold = prompt === null && stage === 'guided';
      const given = retold ? (plainLogProbs ?? null) : policyLogProbs;
      return {
        stage,
        text,
        correct,
        ...(prompt === null && finish && { finish }),
        logProbs: given && float32List(given),
        ...(retold && policyLogProbs && { retellLogProbs: float32List(policyLogProbs) }),
        samplingLogProbs: behaviorLogProbs && float32List(behaviorLogProbs),
      };
    }),
  };
}
