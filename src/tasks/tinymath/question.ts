/** The wording of a question: an expression, or a story with names and things. A pure function of the instance. */
import { createRandom, type Random } from '../../policy/random';
import { asChain, format, type Expression, type Operator } from './arithmetic';
import type { Instance } from './generate';

interface Person {
  name: string;
  she: string;
  her: string;
}
const PEOPLE: readonly Person[] = [
  { name: 'Ann', she: 'She', her: 'her' },
  { name: 'Eva', she: 'She', her: 'her' },
  { name: 'Mia', she: 'She', her: 'her' },
  { name: 'Ben', she: 'He', her: 'him' },
  { name: 'Leo', she: 'He', her: 'him' },
  { name: 'Tom', she: 'He', her: 'him' },
];
const THINGS = ['apples', 'books', 'cards', 'coins', 'eggs', 'pens', 'shells'] as const;

/** The question's text. */
export function question(instance: Instance): string {
  const random = createRandom(instance.wording, 'tinymath/wording');
  const chain = asChain(instance.expression);
  if (chain && random.next() < 0.6) return chainStory(chain.start, chain.ops, random);
  if (!chain && random.next() < 0.6) {
    const story = comparison(instance.expression, random);
    if (story) return story;
  }
  const e = format(instance.expression);
  return random.pick([`Compute ${e}.`, `What is ${e}?`, `Find the value of ${e}.`]);
}

function chainStory(start: number, ops: { op: Operator; operand: number }[], random: Random): string {
  const cast = random.shuffle([...PEOPLE]);
  let owner = cast[0]!;
  let other = cast[1]!;
  const things = random.pick(THINGS);
  const long = ops.findIndex(({ op, operand }) => op === '*' && operand > 9);
  // A product may mean boxes that hold things; a long one always does ("48 times as many" is no way to talk).
  const first = ops[0]!.op;
  const boxesUntil = long >= 0 ? long : first === '*' && random.next() < 0.5 ? 0 : -1;
  let counted: string = boxesUntil >= 0 ? 'boxes' : things;
  const sentences = [`${owner.name} has ${start} ${counted}.`];
  ops.forEach(({ op, operand: x }, i) => {
    const { she, her } = owner;
    // Once boxes are opened, "sells 20" would leave open whether boxes or things are meant.
    const unit = boxesUntil >= 0 && i > boxesUntil ? ` ${things}` : '';
    if (op === '+')
      sentences.push(
        random.pick([`${she} buys ${x} more${unit}.`, `${she} finds ${x} more${unit}.`, `${other.name} gives ${her} ${x} more${unit}.`]),
      );
    else if (op === '-')
      sentences.push(random.pick([`${she} sells ${x}${unit}.`, `${she} loses ${x}${unit}.`, `${she} gives ${x}${unit} to ${other.name}.`]));
    else if (op === '/')
      sentences.push(random.pick([`${she} keeps one of ${x} equal parts.`, `${she} makes ${x} equal parts and keeps one.`]));
    else if (i === boxesUntil) {
      sentences.push(`Each box holds ${x} ${things}.`);
      counted = things;
    } else {
      sentences.push(`${other.name} has ${x} times as many.`);
      [owner, other] = [other, owner];
    }
  });
  sentences.push(
    random.pick([`How many ${counted} does ${owner.name} have now?`, `How many ${counted} does ${owner.name} have in the end?`]),
  );
  return sentences.join(' ');
}

/** "How many more pens does Ann have?": the difference of two products, each the contents of somebody's boxes. Null for other trees. */
function comparison(e: Expression, random: Random): string | null {
  if (typeof e === 'number' || e.op !== '-') return null;
  const sides = [asChain(e.left), asChain(e.right)];
  const cast = random.shuffle([...PEOPLE]);
  const things = random.pick(THINGS);
  const sentences: string[] = [];
  for (const [i, side] of sides.entries()) {
    const last = side?.ops.at(-1);
    if (!side || last?.op !== '*') return null;
    const { name, she } = cast[i]!;
    sentences.push(`${name} has ${side.start} boxes.`);
    for (const { op, operand: x } of side.ops.slice(0, -1)) {
      if (op === '*' || op === '/') return null;
      sentences.push(
        op === '+'
          ? random.pick([`${she} buys ${x} more.`, `${she} finds ${x} more.`])
          : random.pick([`${she} sells ${x}.`, `${she} loses ${x}.`]),
      );
    }
    sentences.push(`Each box holds ${last.operand} ${things}.`);
  }
  sentences.push(`How many more ${things} does ${cast[0]!.name} have?`);
  return sentences.join(' ');
}
