import type { Tokenizer, TrainablePolicy } from '../policy/types';
import type { Task } from '../tasks/types';
import type { Breather } from '../policy/runtime/web-breathing';
import type { Outbox } from './outbox';

/** A task before there is a policy: its text is in the tokens of the one that is loaded. */
export interface TaskEntry {
  readonly testSets: readonly string[];
  create(tokenizer: Tokenizer): Task;
}

/** What a job gets besides its run. */
export interface JobContext {
  /** π_0: arms fork from it and never change it. */
  policy: TrainablePolicy;
  /** @throws HintedError for an unknown task. */
  task(id: string): Promise<Task>;
  out: Outbox;
  signal: AbortSignal;
  breather: Breather;
  /** Seconds between checkpoints. */
  checkpointSeconds: number;
  /** True once after someone asked for a checkpoint now; answered by `flushed`. */
  flushWanted(): boolean;
  flushed(): void;
}
