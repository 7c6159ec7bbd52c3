/** Log-prob tables and weight distributions of the rows so far: recomputed in small slices when rows arrive, at most every other second. */
import { logProbsInPieces, type StageLogProbs } from '../../method/diagnostics/stage-log-probs';
import type { Pieces } from '../../method/statistics';
import { STAGES } from '../../method/operators';
import type { DecidedRow, Stage } from '../../method/types';
import { weightViewInPieces, type WeightView } from '../lib/weights';

const PAUSE = 2000;
const BOOTSTRAP_SEED = 0;

export class Analysis {
  logProbs = $state.raw<Record<Stage, StageLogProbs> | null>(null);
  weights = $state.raw<WeightView | null>(null);
  #rows: readonly DecidedRow[] = [];
  /** Those that the figures are of. */
  #shown = this.#rows;
  #wanted = true;
  #working: Promise<void> | null = null;
  #last = 0;

  /** Call with the rows whenever they change; what is shown follows soon. `wanted` false: nobody looks, so that it waits until somebody does. */
  update(rows: readonly DecidedRow[], wanted = true): void {
    this.#rows = rows;
    this.#wanted = wanted;
    if (rows.length === 0) {
      this.#shown = rows;
      this.logProbs = null;
      this.weights = null;
    } else if (wanted && rows !== this.#shown) void this.#start();
  }

  /** Ends when the figures are of the newest rows, whether anybody looks or not. */
  async settled(): Promise<void> {
    while (this.#rows !== this.#shown) await this.#start();
  }

  #start(): Promise<void> {
    return (this.#working ??= this.#work());
  }

  /** Until the figures are of the newest rows, or these are not wanted. */
  async #work(): Promise<void> {
    try {
      do {
        await sleep(Math.max(0, this.#last + PAUSE - Date.now()));
        const rows = this.#rows;
        if (rows.length === 0) return;
        this.#last = Date.now();
        const stages = {} as Record<Stage, StageLogProbs>;
        for (const stage of STAGES) {
          const ofStage = rows.filter((row) => row.stage === stage);
          stages[stage] = await inPieces(logProbsInPieces(ofStage, BOOTSTRAP_SEED, stage));
          await sleep(0);
        }
        const weights = await inPieces(weightViewInPieces(rows));
        if (rows !== this.#rows) continue;
        // Each is drawn in a task of its own.
        this.logProbs = stages;
        await sleep(0);
        if (rows !== this.#rows) continue;
        this.weights = weights;
        this.#shown = rows;
      } while (this.#wanted && this.#rows !== this.#shown);
    } finally {
      this.#working = null;
    }
  }
}

async function inPieces<T>(pieces: Pieces<T>): Promise<T> {
  for (;;) {
    const piece = pieces.next();
    if (piece.done) return piece.value;
    await sleep(0);
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
