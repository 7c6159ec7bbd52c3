/** What a response shows of the hand that wrote it: why rewriting works in this world is measured with this. */
import { apply, type Operator } from './arithmetic';

export interface Style {
  /** 'careful' and 'hasty' where the first words are mostly that hand's; 'none' where no step is written. */
  opening: 'careful' | 'hasty' | 'other' | 'none';
  /** Written equations, and those that are wrong. */
  steps: number;
  slips: number;
}

/** Reads the equations `a+b=c` of a response in the own voice. Merged expressions of the expert's voice are not steps and do not count. */
export function styleOf(response: string): Style {
  let steps = 0;
  let slips = 0;
  for (const [, left, op, right, value] of response.matchAll(/(?<![\d+*/()-])(-?\d+)([-+*/])(-?\d+)=(-?\d+)(?=\.|$)/g)) {
    steps++;
    if (Math.trunc(apply(op as Operator, Number(left), Number(right))) !== Number(value)) slips++;
  }
  const opening = steps === 0 ? 'none' : response.startsWith('First ') ? 'careful' : response.startsWith('Start with ') ? 'hasty' : 'other';
  return { opening, steps, slips };
}
