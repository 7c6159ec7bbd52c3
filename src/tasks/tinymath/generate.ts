/** Drawing problems of a family, and the split that each belongs to. */
import { hash32, type Random } from '../../policy/random';
import { apply, evaluate, format, parse, steps, type Expression, type Operator } from './arithmetic';
import { family, SPLITS, type Family, type Numbers, type Split } from './families';

/** A problem's content. Names and wording follow from `wording`, so the three fields are all there is to know. */
export interface Instance {
  family: string;
  expression: Expression;
  /** Seed of names and wording. */
  wording: number;
}

const between = (random: Random, low: number, high: number): number => (high < low ? NaN : low + random.int(high - low + 1));

/** An operation of a class on `value`, or null where none keeps within the ranges. */
function draw(kind: string, value: number, numbers: Numbers, random: Random): { op: Operator; operand: number } | null {
  const [low, high] = numbers.add;
  switch (kind) {
    case 'a': {
      const op: Operator = random.next() < 0.5 ? '+' : '-';
      const operand =
        op === '+' ? between(random, low, Math.min(high, numbers.max - value)) : between(random, low, Math.min(high, value - 2));
      return Number.isNaN(operand) ? null : { op, operand };
    }
    case 'm': {
      const operand = between(random, 2, 9);
      return value * operand <= numbers.max ? { op: '*', operand } : null;
    }
    case 'p': {
      const operand = between(random, 12, 48);
      return value > 11 && value % 10 !== 0 && operand % 10 !== 0 && value * operand <= numbers.max ? { op: '*', operand } : null;
    }
    case 'd': {
      const operand = between(random, 2, 9);
      return value % operand === 0 && value / operand > 1 ? { op: '/', operand } : null;
    }
    default:
      throw new Error(`unknown operation class '${kind}' in a family's pattern`);
  }
}

/** Carries the classes out on an expression, or null where one of them has no operand within the ranges. */
function extend(expression: Expression, classes: string, numbers: Numbers, random: Random): Expression | null {
  let value = evaluate(expression);
  for (const kind of classes) {
    const step = draw(kind, value, numbers, random);
    if (!step) return null;
    expression = { op: step.op, left: expression, right: step.operand };
    value = apply(step.op, value, step.operand);
  }
  return expression;
}

function tryPattern(pattern: string, numbers: Numbers, random: Random): Expression | null {
  const [low, high] = numbers.start;
  const start = (): number => between(random, low, high);
  let expression: Expression;
  let rest = pattern;
  const colon = pattern.indexOf(':');
  if (colon >= 0) {
    rest = pattern.slice(colon + 1);
    const kind = pattern.slice(0, colon);
    const chain = (classes: string): Expression | null => extend(start(), classes, numbers, random);
    const side = kind === 'tree' ? 'a' : kind === 'products' ? 'p' : 'ap';
    const left = chain(side);
    const right = left === null ? null : chain(side);
    if (left === null || right === null) return null;
    const op: Operator = kind === 'tree' ? '*' : '-';
    const [l, r] = [evaluate(left), evaluate(right)];
    // One bracket has one digit: a product of two long brackets is another family.
    if (op === '*' && (Math.min(l, r) > 9 || Math.min(l, r) < 2 || l * r > numbers.max)) return null;
    if (op === '-' && l - r < 2) return null;
    expression = { op, left, right };
  } else {
    expression = start();
  }
  return extend(expression, rest, numbers, random);
}

/** Draws a problem of a family, of any split. */
export function drawInstance(f: Family, random: Random): Instance {
  const pattern = random.pick(f.patterns);
  for (let attempt = 0; attempt < 10_000; attempt++) {
    const expression = tryPattern(pattern, f.numbers, random);
    if (expression) return { family: f.id, expression, wording: random.int(1_000_000) };
  }
  throw new Error(`family '${f.id}': the pattern '${pattern}' has no problem within its number ranges`);
}

/** The split that owns a problem: by its arithmetic alone, across families, names and wordings. */
export function splitOf(expression: Expression): Split {
  const u = hash32(0, 'tinymath/split', format(expression)) / 4294967296;
  let bound = 0;
  for (const split of Object.keys(SPLITS) as Split[]) {
    bound += SPLITS[split];
    if (u < bound) return split;
  }
  return 'test';
}

/** Draws a problem of a family in a split. */
export function drawInSplit(f: Family, split: Split, random: Random): Instance {
  for (let attempt = 0; attempt < 10_000; attempt++) {
    const instance = drawInstance(f, random);
    if (splitOf(instance.expression) === split) return instance;
  }
  throw new Error(`family '${f.id}' has no problem in the split '${split}'`);
}

/** `add-2~12+7-5~40961`: everything of the instance, so that a problem can be rebuilt from its id. */
export const instanceId = (i: Instance): string => `${i.family}~${format(i.expression)}~${i.wording}`;

/** @throws if the id was not written by `instanceId` */
export function parseInstanceId(id: string): Instance {
  const parts = id.split('~');
  const wording = Number(parts[2]);
  if (parts.length !== 3 || !Number.isInteger(wording)) throw new Error(`not a problem of the built-in world: id '${id}'`);
  const expression = parse(parts[1]!);
  if (steps(expression).length === 0) throw new Error(`not a problem of the built-in world: id '${id}' has no operation`);
  return { family: family(parts[0]!).id, expression, wording };
}
