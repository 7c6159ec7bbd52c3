/**
 * The two voices, as stochastic grammars given a problem.
 *
 * The policy's own voice takes one operation at a time and writes every intermediate value. The expert merges two operations into one expression, sometimes gives the value before the expression, uses other words, and boxes the answer.
 */
import { evaluate, format, steps, type Expression, type Step } from './arithmetic';
import { choice, sequence, type Node } from '../grammar/grammar';

/** Own voice: "First 12+7=19. Then 19-5=14. The answer is 14." */
export function ownVoice(expression: Expression): Node {
  const all = steps(expression);
  const value = evaluate(expression);
  const items: Node[] = all.map((step, i) => {
    const equation = `${step.left}${step.op}${step.right}=${step.value}.`;
    if (i === 0) return sequence(choice([3, 'First '], [2, 'Start with '], [1, '']), equation);
    return sequence(choice([3, ' Then '], [2, ' Next '], [1, ' ']), equation);
  });
  items.push(sequence(choice([3, ' The answer is '], [2, ' So the answer is '], [1, ' Answer: ']), `${value}.`));
  return sequence(...items);
}

/** The expert: "Let us put the facts together. From them we get 12+7-5=14. Therefore the result is \boxed{14}." */
export function expertVoice(expression: Expression): Node {
  const value = evaluate(expression);
  const opening = choice(
    [2, 'Let us put the facts of the problem together.'],
    [1, 'To solve the problem, we put the facts together.'],
    [1, 'We look at the whole problem.'],
  );
  const all = steps(expression);
  const plans = groupings(all);
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
 * How the expert may cut the steps into merged expressions: pairs, with the odd step at either end.
 * A tree (no chain) stays whole up to three steps, so that its parts are never written out. Where there is a choice, a long product ends
 * its group, so that its value can be read in the expert's text; in the difference of two long products both stay hidden.
 */
function groupings(all: readonly Step[]): Group[][] {
  const plans = allGroupings(all);
  const hides = (groups: Group[]): boolean =>
    groups.some(([from, to]) => all.slice(from, to - 1).some((s) => s.op === '*' && Math.min(s.left, s.right) > 9));
  const open = plans.filter((groups) => !hides(groups));
  return open.length > 0 ? open : plans;
}

function allGroupings(all: readonly Step[]): Group[][] {
  const n = all.length;
  if (n <= 2) return [[[0, n]]];
  const linear = all.every((s, i) => s.rightFrom < 0 && (i === 0 ? s.leftFrom < 0 : s.leftFrom === i - 1));
  const cut = (sizes: number[]): Group[] => {
    let at = 0;
    return sizes.map((size): Group => [at, (at += size)]);
  };
  if (!linear) return [n === 3 ? cut([3]) : n === 4 ? cut([3, 1]) : cut([2, 2, 1])];
  if (n % 2 === 0) return [cut(new Array<number>(n / 2).fill(2))];
  const pairs = new Array<number>((n - 1) / 2).fill(2);
  return [cut([...pairs, 1]), cut([1, ...pairs])];
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
