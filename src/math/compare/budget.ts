import { BudgetError } from './rational';

/**
 * Steps that one check may take. Counted, so that the same check ends the same way on every machine. Real answers take a few hundred at most;
 * this many end within some ten milliseconds.
 */
export const MAX_STEPS = 20_000;

export class Budget {
  private left: number;

  constructor(steps = MAX_STEPS) {
    this.left = steps;
  }

  /** @throws BudgetError once the steps are used up. */
  spend(steps = 1): void {
    this.left -= steps;
    if (this.left < 0) throw new BudgetError('the comparison takes too many steps');
  }
}
