import type { Policy } from '../../policy/types';
import type { Task } from '../../tasks/types';
import type { Candidate, RewriteConfig, RewriteEvent, RewrittenRow } from '../types';
import type { PreparedProblem } from './prepare';

/** What an operator works with. `candidates` and `rows` hold what is durable: an operator takes it from there and does not make it again. */
export interface OperatorRun {
  /** π_0. */
  policy: Policy;
  task: Task;
  config: RewriteConfig;
  signal?: AbortSignal | undefined;
  /** The store that all operators share, by `candidateKey`. */
  candidates: Map<string, Candidate>;
  /** By problem. */
  rows: Map<string, RewrittenRow>;
}

/** Where the candidates of a stage lie in the shared store. */
export function candidateKey(stage: string, problemId: string, k: number): string {
  return `${stage}/${k}/${problemId}`;
}

/**
 * Decides some of the problems, yields their rows in `chunk` and `rows` events, and returns the problems that it leaves undecided.
 * @throws the signal's reason when aborted.
 */
export type Decides = (run: OperatorRun, problems: readonly PreparedProblem[]) => AsyncGenerator<RewriteEvent, PreparedProblem[], void>;

/** One way to settle a problem: the basic operators that data operators are composed of. A row's `stage` names the one that settled it. */
export interface StageDefinition<Id extends string = string, Samples extends boolean = boolean> {
  readonly id: Id;
  readonly name: string;
  /** For a legend or a narrow column. */
  readonly short: string;
  /** A few words for a diagram. */
  readonly note: string;
  /** One sentence: what happens to a problem here. */
  readonly description: string;
  /** CSS custom property of its colour (`notebook/styles.css`). */
  readonly colour: string;
  /** Whether the policy answers here, so that there are candidates to show. */
  readonly samples: Samples;
  readonly decide: Decides;
}

/** From problems, policy and grader to a data set: what an arm is trained on. One file each; listed in `index.ts`. */
export interface DataOperator<Id extends string = string> {
  readonly id: Id;
  readonly name: string;
  /** One sentence: which response each problem gets. */
  readonly description: string;
  /** Where it comes from. */
  readonly reference: string;
  /** It settles every problem that it is given. */
  readonly decide: Decides;
  /** Its row for a problem, given the row of full data rewriting, for operators whose data follow from that: nothing is sampled again. */
  readonly fromRewriting?: (row: RewrittenRow) => RewrittenRow;
}
