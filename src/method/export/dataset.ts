/**
 * D_mix as a table that trainers read: `messages` is the conversation to train on (a plain prompt and the kept response), and every other
 * column says what is known about it. Nested columns are nested in JSONL and Parquet, and JSON in a cell of CSV.
 */
import type { ChatMessage } from '../../policy/types';
import type { Column, ColumnType } from '../../tasks/formats/write';
import { sum } from '../statistics';
import type { DecidedRow, Stage } from '../types';
import { float32List } from './numbers';

/** Where a data set comes from; null for what is not known. */
export interface DatasetProvenance {
  /** Who sampled: a policy that ran in this program, or someone else, whose candidates were only graded and decided here. */
  source: 'sampled here' | 'candidates made elsewhere';
  task: string | null;
  /** Content id of π_0. */
  policy: string | null;
  /** Of T's choices, and of the sampling where it was done here. */
  seed: number;
  k: number | null;
  temperature: number | null;
  topP: number | null;
  /** Program and version. */
  app: string;
}

export interface DatasetRecord {
  id: string;
  messages: ChatMessage[];
  problem: string;
  gold: string;
  family: string;
  stage: Stage;
  /** Index k of the kept candidate; −1 for fallback. */
  kept: number;
  /** c and K of the stage that decided: the acceptance Z ≈ c/K. */
  correctCount: number;
  sampledCount: number;
  /** Σ and list of log π_0 per token of the kept response given the plain prompt, the end-of-sequence token included. */
  logProbSum: number | null;
  logProbs: number[] | null;
  /** The same under μ, the distribution that it was drawn from. */
  behaviorLogProbSum: number | null;
  behaviorLogProbs: number[] | null;
  /** The expert's response with its log-probs under π_0 and, where known, under the expert's own distribution. */
  expert: string;
  expertLogProbSum: number | null;
  expertLogProbs: number[] | null;
  expertBehaviorLogProbs: number[] | null;
  provenance: DatasetProvenance;
}

const NUMBERS: ColumnType = { list: 'number' };

export const DATASET_COLUMNS: readonly (Column & { name: keyof DatasetRecord })[] = [
  { name: 'id', type: 'string' },
  { name: 'messages', type: { list: { struct: { role: 'string', content: 'string' } } } },
  { name: 'problem', type: 'string' },
  { name: 'gold', type: 'string' },
  { name: 'family', type: 'string' },
  { name: 'stage', type: 'string' },
  { name: 'kept', type: 'integer' },
  { name: 'correctCount', type: 'integer' },
  { name: 'sampledCount', type: 'integer' },
  { name: 'logProbSum', type: 'number' },
  { name: 'logProbs', type: NUMBERS },
  { name: 'behaviorLogProbSum', type: 'number' },
  { name: 'behaviorLogProbs', type: NUMBERS },
  { name: 'expert', type: 'string' },
  { name: 'expertLogProbSum', type: 'number' },
  { name: 'expertLogProbs', type: NUMBERS },
  { name: 'expertBehaviorLogProbs', type: NUMBERS },
  {
    name: 'provenance',
    type: {
      struct: {
        source: 'string',
        task: 'string',
        policy: 'string',
        // Seeds go up to 2³² − 1, beyond a 32-bit integer with a sign.
        seed: 'number',
        k: 'integer',
        temperature: 'number',
        topP: 'number',
        app: 'string',
      },
    },
  },
];

/** @param prompt the plain prompt of the row's problem as chat messages. */
export function datasetRecord(row: DecidedRow, prompt: readonly ChatMessage[], provenance: DatasetProvenance): DatasetRecord {
  const list = (values: ArrayLike<number> | null | undefined) => (values ? float32List(values) : null);
  const total = (values: ArrayLike<number> | null | undefined) => (values ? Number(sum(values).toPrecision(12)) : null);
  return {
    id: row.problemId,
    messages: [...prompt, { role: 'assistant', content: row.completion }],
    problem: row.question,
    gold: row.gold,
    family: row.family,
    stage: row.stage,
    kept: row.kept,
    correctCount: row.correctCount,
    sampledCount: row.sampledCount,
    logProbSum: total(row.policyLogProbs),
    logProbs: list(row.policyLogProbs),
    behaviorLogProbSum: total(row.behaviorLogProbs),
    behaviorLogProbs: list(row.behaviorLogProbs),
    expert: row.expert.text,
    expertLogProbSum: total(row.expert.policyLogProbs),
    expertLogProbs: list(row.expert.policyLogProbs),
    expertBehaviorLogProbs: list(row.expert.behaviorLogProbs),
    provenance,
  };
}
