/** The wording of a question: an expression, or a story with names and things. A pure function of the instance. */
import { createRandom, type Random } from '../../policy/random';
import { asChain, format, type Operator } from './arithmetic';
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
