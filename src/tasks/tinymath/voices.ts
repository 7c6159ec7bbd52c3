/**
 * The expert's voice, as a stochastic grammar given a problem: it merges operations into one expression, sometimes gives the value before
 * the expression, uses other words than the policy's own voice (`hands.ts`), and boxes the answer.
 */
import { evaluate, format, steps, type Expression, type Step } from './arithmetic';
import { choice, sequence, type Node } from '../grammar/grammar';
import { DEFAULT_GAP, MERGED, type Gap } from './gap';

/** The expert: "Let us put the facts together. From them we get 12+7-5=14. Therefore the result is \boxed{14}." */
export function expertVoice(expression: Expression, gap: Gap = DEFAULT_GAP): Node {
  const value = evaluate(expression);
  const opening = choice(
    [2, 'Let us put the facts of the problem together.'],
    [1, 'To solve the problem, we put the facts together.'],
    [1, 'We look at the whole problem.'],
  );
  const all = steps(expression);
  const plans = groupings(all, MERGED[gap]);
  const body = choice(...plans.map((groups): [number, Node] => [1, sequence(...groups.map((g, i) => merged(all, g, i, groups.length)))]));
  const ending = choice(
    [2, sequence(' Therefore the final result is', ` \\boxed{${value}}.`)],
    [1, sequence(' Hence we get', ` \\boxed{${value}}`, ' as the result.')],
    [1, sequence(' This gives the final result', ` \\boxed{${value}}.`)],
  );
  return sequence(opening, body, ending);
}

/** Consecutive steps as ranges [from, to). */
type Group = readonly [from: number, to: number];

/**
 * How the expert may cut the steps into merged expressions of at most `most` operations: as few as there can be. Where there is a choice, a
 * long product ends its group, so that its value can be read in the expert's text; one group more is made for that where it helps.
 * In the difference of two long products both stay hidden once three operations are merged.
 */
function groupings(all: readonly Step[], most: number): Group[][] {
  const plans = compositions(all, 0, most);
  const fewest = Math.min(...plans.map((groups) => groups.length));
  const hides = (groups: Group[]): boolean =>
    groups.some(([from, to]) => all.slice(from, to - 1).some((s) => s.op === '*' && Math.min(s.left, s.right) > 9));
  for (const size of [fewest, fewest + 1]) {
    const open = plans.filter((groups) => groups.length === size && !hides(groups));
    if (open.length > 0) return open;
  }
  return plans.filter((groups) => groups.length === fewest);
}

/** All ways to cut the steps from `from` on into groups that are one expression each. */
function compositions(all: readonly Step[], from: number, most: number): Group[][] {
  if (from === all.length) return [[]];
  const found: Group[][] = [];
  for (let to = from + 1; to <= Math.min(all.length, from + most); to++) {
    if (!isOneExpression(all, from, to)) continue;
    for (const rest of compositions(all, to, most)) found.push([[from, to], ...rest]);
  }
  return found;
}

/** Whether each step but the last is an operand of a later one among them. */
function isOneExpression(all: readonly Step[], from: number, to: number): boolean {
  for (let k = from; k < to - 1; k++) {
    if (!all.slice(k + 1, to).some((step) => step.leftFrom === k || step.rightFrom === k)) return false;
  }
  return true;
}

/** One merged expression in the expert's words. */
function merged(all: readonly Step[], [from, to]: Group, index: number, count: number): Node {
  const build = (k: number): Expression => {
    const s = all[k]!;
    return {
      op: s.op,
      left: s.leftFrom >= from ? build(s.leftFrom) : s.left,
      right: s.rightFrom >= from ? build(s.rightFrom) : s.right,
    };
  };
  const e = format(build(to - 1));
  const v = String(all[to - 1]!.value);
  const lead =
    count === 1
      ? choice(' From the facts of the problem', ' From the whole problem')
      : index === 0
        ? choice(' From the first facts', ' At the start')
        : index === count - 1
          ? choice(' From the last facts', ' At the end')
          : choice(' After that', ' From the next facts');
  return sequence(
    lead,
    choice(
      [2, sequence(' we get ', `${e}=${v}.`)],
      [1, sequence(' the value is ', `${e}=${v}.`)],
      [1, sequence(' we get ', v, ' as the value of ', `${e}.`)],
    ),
  );
}
