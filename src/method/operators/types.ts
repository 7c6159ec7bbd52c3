import type { ChatMessage } from '../../policy/types';
import type { Problem, Task } from '../../tasks/types';
import type { SamplingStage } from '../types';

/** A stage of T that samples: the prompt it puts before π_0. Which samples are kept is the same for all (`keep.ts`). */
export interface SamplingOperator {
  readonly stage: SamplingStage;
  readonly name: string;
  readonly description: string;
  messages(task: Task, problem: Problem, expertText: string): ChatMessage[];
}

/** A problem with everything that T needs of it, encoded once. */
export interface PreparedProblem {
  problem: Problem;
  /** Plain prompt x, rendered and encoded: what every response is scored and trained with. */
  prompt: string;
  promptTokens: Int32Array;
  expertText: string;
  /** EOS included. */
  expertTokens: Int32Array;
  /** log μ per token under the expert's grammar, where known. */
  expertLogProbs?: Float64Array;
}
