/** Candidates with their verdicts, one record a problem. The shape is that of candidates made elsewhere, so what is written can be read in again. */
import type { CandidateResponse, CandidateRow } from '../../tasks/dataset/types';
import type { Verdict } from '../../tasks/types';
import { SAMPLING_STAGES } from '../operators';
import type { DecidedRow, GradedCandidate, Stage } from '../types';
import type { DatasetProvenance } from './dataset';
import { float32List } from './numbers';

export interface CandidateRecord extends CandidateRow {
  id: string;
  stage: Stage;
  candidates: (CandidateResponse & { correct: boolean; kept: boolean } & Pick<Verdict, 'rule' | 'status' | 'prediction'>)[];
  provenance: DatasetProvenance;
}

/** What is not known of a candidate is absent. */
export function candidateRecord(row: DecidedRow, candidates: readonly GradedCandidate[], provenance: DatasetProvenance): CandidateRecord {
  return {
    id: row.problemId,
    problem: row.question,
    gold: row.gold,
    expert: row.expert.text,
    ...(row.expert.policyLogProbs && { expertLogProbs: float32List(row.expert.policyLogProbs) }),
    stage: row.stage,
    candidates: inOrder(candidates).map((candidate) => {
      const { stage, text, policyLogProbs: logProbs, plainLogProbs, behaviorLogProbs, finish, correct, verdict } = candidate;
      const kept = stage === row.stage && candidate.k === row.kept;
      // Under the plain prompt a guided candidate is scored when it is kept.
      const plain = stage === 'self' ? logProbs : (plainLogProbs ?? (kept ? row.policyLogProbs : null));
      return {
        stage,
        response: text,
        correct,
        kept,
        rule: verdict.rule,
        status: verdict.status,
        prediction: verdict.prediction,
        ...(finish && { finish }),
        ...(plain && { logProbs: float32List(plain) }),
        ...(stage === 'guided' && logProbs && { retellLogProbs: float32List(logProbs) }),
        ...(behaviorLogProbs && { samplingLogProbs: float32List(behaviorLogProbs) }),
      };
    }),
    provenance,
  };
}

/** By stage, then by k. */
export function inOrder<C extends Pick<GradedCandidate, 'stage' | 'k'>>(candidates: readonly C[]): C[] {
  return [...candidates].sort((a, b) => SAMPLING_STAGES.indexOf(a.stage) - SAMPLING_STAGES.indexOf(b.stage) || a.k - b.k);
}
