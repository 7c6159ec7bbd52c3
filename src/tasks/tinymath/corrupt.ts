/** A wrong final answer in the expert's mouth: does a retelling compute, or repeat? */
import { uniform } from '../../policy/random';
import type { Problem } from '../types';

/**
 * The expert's text with the result replaced, in the box and in the last equation, so that the text agrees with itself. Earlier values
 * stay right. The wrong answer differs from the gold by 1 to 9, keyed by the problem's id.
 *
 * @throws if the text does not box the problem's gold answer
 */
export function corruptAnswer(problem: Problem, expertText: string): { text: string; answer: string } {
  const { id, gold } = problem;
  const box = expertText.lastIndexOf(`\\boxed{${gold}}`);
  if (box < 0) throw new Error(`corruptAnswer: the text does not give the answer of problem '${id}' as \\boxed{${gold}}`);
  const value = Number(gold);
  const distance = 1 + Math.floor(uniform(0, 'tinymath/corrupt', id) * 9);
  const answer = String(value > distance && uniform(0, 'tinymath/corrupt-sign', id) < 0.5 ? value - distance : value + distance);
  const head = expertText.slice(0, box);
  const tail = `\\boxed{${answer}}` + expertText.slice(box + `\\boxed{${gold}}`.length);
  const after = head.lastIndexOf(`=${gold}.`);
  const before = head.lastIndexOf(` ${gold} as the value of`);
  const at = Math.max(after, before);
  return { text: at < 0 ? head + tail : head.slice(0, at + 1) + answer + head.slice(at + 1 + gold.length) + tail, answer };
}
