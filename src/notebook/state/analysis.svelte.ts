/** Log-prob tables and weight distributions of the rows so far: recomputed in small slices when rows arrive, at most every other second. */
import { logProbsOf, type StageLogProbs } from '../../method/diagnostics/stageLogProbs';
import { STAGES, type DecidedRow, type Stage } from '../../method/types';
import { weightView, type WeightView } from '../lib/weights';

const PAUSE = 2000;
const BOOTSTRAP_SEED = 0;

export class Analysis {
  logProbs = $state.raw<Record<Stage, StageLogProbs> | null>(null);
  weights = $state.raw<WeightView | null>(null);
  #rows: readonly DecidedRow[] = [];
  #running = false;
  #last = 0;

  /** Call with the rows whenever they change; what is shown follows soon. */
  update(rows: readonly DecidedRow[]): void {
    this.#rows = rows;
    if (rows.length === 0) {
      this.logProbs = null;
      this.weights = null;
    } else if (!this.#running) void this.#work();
  }

  async #work(): Promise<void> {
    this.#running = true;
    try {
      for (;;) {
        await sleep(Math.max(0, this.#last + PAUSE - Date.now()));
        const rows = this.#rows;
        this.#last = Date.now();
        const stages = {} as Record<Stage, StageLogProbs>;
        for (const stage of STAGES) {
          stages[stage] = logProbsOf(
            rows.filter((row) => row.stage === stage),
            BOOTSTRAP_SEED,
            stage,
          );
          await sleep(0);
        }
        const weights = rows.length > 0 ? weightView(rows) : null;
        if (rows === this.#rows) {
          this.logProbs = rows.length > 0 ? stages : null;
          this.weights = weights;
          return;
        }
      }
    } finally {
      this.#running = false;
    }
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
