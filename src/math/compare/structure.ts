import { isExpression, type Answer, type Expression } from '../parse/ast';
import { parseAnswer, ParseError } from '../parse';
import { canonicalUnit, canonicalWords } from '../parse/vocabulary';
import { no, yes, type Context, type Outcome } from './context';
import { expandPlusMinus } from './plusminus';
import { compareRelations, labelName, unlabelled } from './relations';
import { compareScalars } from './scalar';
import { comparePointSets, isRegion } from './regions';

/** Compares two parsed answers by what they are. */
export function compareAnswers(gold: Answer, prediction: Answer, context: Context): Outcome {
  context.budget.spend();
  const g = expandPlusMinus(gold);
  const p = expandPlusMinus(prediction);
  if (g.kind === 'words' || p.kind === 'words') return compareWords(g, p);
  if (g.kind === 'choice' || p.kind === 'choice') return compareChoices(g, p, context);
  if (g.kind === 'time' || p.kind === 'time') return compareTimes(g, p);
  if (g.kind === 'based' || p.kind === 'based') return compareBased(g, p);
  if (g.kind === 'compound' || p.kind === 'compound') return compareCompounds(g, p, context);
  if (isRegion(g, p, context) || isRegion(p, g, context)) return comparePointSets(g, p, context);
  if (g.kind === 'list' || g.kind === 'set' || p.kind === 'list' || p.kind === 'set') {
    const outcome = compareCollections(g, p, context);
    if (outcome) return outcome;
  }
  if (g.kind === 'relation' || p.kind === 'relation') return compareRelations(g, p, context);
  if (g.kind === 'matrix' || p.kind === 'matrix') return compareMatrices(g, p, context);
  if (g.kind === 'tuple' || p.kind === 'tuple') return compareTuples(g, p, context);
  if (g.kind === 'ratio' || p.kind === 'ratio') return compareRatios(g, p, context);
  if (isExpression(g) && isExpression(p)) return compareScalars(g, p, context);
  return no(`a ${describe(p)} is not a ${describe(g)}`);
}

export function describe(answer: Answer): string {
  return isExpression(answer) ? 'number or expression' : answer.kind;
}

function compareWords(g: Answer, p: Answer): Outcome {
  const truth = truthValue(g);
  if (truth !== null && truth === truthValue(p)) return yes('the same truth value');
  if (g.kind !== 'words' || p.kind !== 'words') return no(`a ${describe(p)} is not a ${describe(g)}`);
  return canonicalWords(g.text) === canonicalWords(p.text) ? yes('the same words') : no('different words');
}

/** "True" and "T", "no" and "N": one side in words, the other perhaps by its letter. */
function truthValue(answer: Answer): boolean | null {
  const text = answer.kind === 'words' ? answer.text.toLowerCase() : answer.kind === 'symbol' ? answer.name : '';
  if (/^(?:true|yes|T|Y)$/.test(text)) return true;
  return /^(?:false|no|F|N)$/.test(text) ? false : null;
}

function compareChoices(g: Answer, p: Answer, context: Context): Outcome {
  const letter = (answer: Answer): string | null =>
    answer.kind === 'choice' ? answer.letter : answer.kind === 'symbol' ? answer.name : null;
  const [a, b] = [letter(g), letter(p)];
  context.budget.spend();
  if (a === null || b === null) {
    // "(A) 5" against 5
    const content = (answer: Answer): Answer | null => (answer.kind === 'choice' ? (answer.rest ? readOrNull(answer.rest) : null) : answer);
    const [x, y] = [content(g), content(p)];
    return x && y && x.kind !== 'choice' && y.kind !== 'choice' ? compareAnswers(x, y, context) : no('one is a choice, the other is not');
  }
  if (a === b && g.kind === 'choice' && p.kind === 'choice' && g.rest && p.rest) {
    // "(C) 15" and "(C) 25": what is said beside the letter counts, where both sides say something.
    const [x, y] = [readOrNull(g.rest), readOrNull(p.rest)];
    if (x && y && x.kind !== 'choice' && y.kind !== 'choice' && !compareAnswers(x, y, context).equal)
      return no('the same letter with different answers');
  }
  return a === b ? yes('the same choice') : no(`different choices: ${a} and ${b}`);
}

function readOrNull(text: string): Answer | null {
  try {
    return parseAnswer(text);
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}

function compareTimes(g: Answer, p: Answer): Outcome {
  const [a, b] = [clock(g), clock(p)];
  if (!a || !b) return no('one is a time of day, the other is not');
  const [x, y] = [minutesOf(a), minutesOf(b)];
  if (
    a.half && b.half ? x === y : x === y || (a.hours % 12 === b.hours % 12 && a.minutes === b.minutes && Math.max(a.hours, b.hours) <= 12)
  ) {
    return yes('the same time of day');
  }
  return no('different times of day');
}

interface Clock {
  hours: number;
  minutes: number;
  half: 'am' | 'pm' | null;
}

function clock(answer: Answer): Clock | null {
  if (answer.kind === 'time') return answer;
  if (answer.kind === 'number' && answer.value.d === 1n) return { hours: Number(answer.value.n), minutes: 0, half: null };
  if (answer.kind !== 'ratio' || answer.parts.length > 3) return null;
  const [h, m, s = 0] = answer.parts.map((part) => (part.kind === 'number' && part.value.d === 1n ? Number(part.value.n) : NaN));
  return h! >= 0 && h! <= 24 && m! >= 0 && m! < 60 && s === 0 ? { hours: h!, minutes: m!, half: null } : null;
}

const minutesOf = ({ hours, minutes, half }: Clock): number => (half ? (hours % 12) + (half === 'pm' ? 12 : 0) : hours) * 60 + minutes;

const BASE_WORDS: Record<string, string> = {
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  ten: '10',
  twelve: '12',
  sixteen: '16',
};

function compareBased(g: Answer, p: Answer): Outcome {
  if (g.kind !== 'based' || p.kind !== 'based') return no('one is written in a base, the other is not');
  const base = (text: string): string => BASE_WORDS[text.toLowerCase()] ?? text;
  if (base(g.base) !== base(p.base)) return no(`different bases: ${base(g.base)} and ${base(p.base)}`);
  const digits = (text: string): string => text.replace(/^0+(?=.)/, '');
  return digits(g.digits) === digits(p.digits)
    ? yes(`the same digits in base ${base(g.base)}`)
    : no(`different digits in base ${base(g.base)}`);
}

/** In any order, but each number with its own unit. */
function compareCompounds(g: Answer, p: Answer, context: Context): Outcome {
  const parts = (answer: Answer): (Expression & { kind: 'unit' })[] | null => {
    const items = answer.kind === 'compound' ? answer.parts : answer.kind === 'list' ? answer.items : [answer];
    return items.every((item) => item.kind === 'unit') ? items : null;
  };
  const [left, right] = [parts(g), parts(p)];
  if (!left || !right || left.length !== right.length)
    return no('one answer has several quantities with units, the other has not the same ones');
  const name = (unit: string): string => canonicalUnit(unit) ?? canonicalWords(unit).replace(/s$/, '');
  for (const part of left) {
    const same = right.find((other) => name(other.unit) === name(part.unit));
    if (!same) return no(`no quantity with the unit "${part.unit}"`);
    const outcome = compareScalars(part, same, context);
    if (!outcome.equal) return no(`different numbers of ${part.unit}: ${outcome.rule}`);
  }
  return yes('the same quantities with the same units');
}

/** Lists and sets. Null where the other side is better compared in another way. */
function compareCollections(g: Answer, p: Answer, context: Context): Outcome | null {
  const items = (answer: Answer): Answer[] | null =>
    answer.kind === 'list' ? answer.items : answer.kind === 'set' ? distinct(answer.items, context) : null;
  const [left, right] = [items(g), items(p)];
  if (!left || !right) {
    const single = left ? p : g;
    const many = (left ?? right)!;
    // A tuple and a bare list of its components, in order.
    if (single.kind === 'tuple' && (g.kind === 'list' || p.kind === 'list')) {
      // A gold answer in square brackets may be an interval, which a bare list is not.
      if (g.kind === 'tuple' && g.items.length === 2 && (g.open === '[' || g.close === ']')) return no('an interval is not a list');
      return left ? inOrder(many, single.items, 'components', context) : inOrder(single.items, many, 'components', context);
    }
    if (many.length === 1) return left ? compareAnswers(many[0]!, p, context) : compareAnswers(g, many[0]!, context);
    // A solution written as a relation ("x = {1, 2}", "x ∈ {1, 2}") or a union of points.
    if (single.kind === 'relation' || single.kind === 'union') {
      const inner = unlabelled(single);
      if (inner !== single) return left ? compareAnswers(g, inner, context) : compareAnswers(inner, p, context);
      return null;
    }
    // "ACD" names three choices.
    if (single.kind === 'product' && single.factors.every((factor) => factor.kind === 'symbol' && /^[A-J]$/.test(factor.name))) {
      return left
        ? compareCollections(g, { kind: 'list', items: single.factors }, context)
        : compareCollections({ kind: 'list', items: single.factors }, p, context);
    }
    return no(`${left ? many.length : 1} ${left && many.length !== 1 ? 'answers' : 'answer'} expected, ${left ? 1 : many.length} given`);
  }
  // Saying one of several answers twice does not change which they are; a gold answer with a repeated element means it.
  const given = right.length > left.length && g.kind === 'list' ? distinct(right, context) : right;
  if (left.length !== given.length) return no(`different numbers of elements: ${left.length} and ${right.length}`);
  const ordered = g.kind === 'list' && p.kind === 'list' && (context.options.listOrder === 'given' || assigns(left) !== assigns(right));
  return ordered
    ? inOrder(left, given, 'answers', context)
    : anyOrder(left, given, g.kind === 'set' || p.kind === 'set' ? 'sets' : 'lists', context);
}

/** Whether a list gives values to different names, "x = 1, y = 2": against bare values its order then matters. */
function assigns(items: Answer[]): boolean {
  const names = items.map((item) => labelName(item));
  return names.every((name) => name !== null) && new Set(names.map((name) => name.replace(/[_(].*$/s, ''))).size === names.length;
}

function distinct(items: Answer[], context: Context): Answer[] {
  const kept: Answer[] = [];
  for (const item of items) if (!kept.some((other) => compareAnswers(other, item, context).equal)) kept.push(item);
  return kept;
}

function inOrder(left: Answer[], right: Answer[], what: string, context: Context): Outcome {
  if (left.length !== right.length) return no(`different numbers of ${what}: ${left.length} and ${right.length}`);
  const rules = new Set<string>();
  for (const [index, item] of left.entries()) {
    const outcome = compareAnswers(item, right[index]!, context);
    if (!outcome.equal) return no(`${what} differ at place ${index + 1}: ${outcome.rule}`);
    rules.add(outcome.rule);
  }
  return yes(`${what} equal in order (${[...rules].join('; ')})`);
}

function anyOrder(left: Answer[], right: Answer[], what: string, context: Context): Outcome {
  const open = [...right];
  const rules = new Set<string>();
  for (const [index, item] of left.entries()) {
    // The same place first: most lists come in the same order.
    const order = open.map((_, j) => j).sort((a, b) => (open[a] === right[index] ? -1 : open[b] === right[index] ? 1 : a - b));
    const found = order.find((j) => {
      const outcome = compareAnswers(item, open[j]!, context);
      if (outcome.equal) rules.add(outcome.rule);
      return outcome.equal;
    });
    if (found === undefined) return no(`element ${index + 1} of the gold answer is missing`);
    open.splice(found, 1);
  }
  return yes(`${what} equal in any order (${[...rules].join('; ')})`);
}

function compareTuples(g: Answer, p: Answer, context: Context): Outcome {
  const [left, right] = [components(g), components(p)];
  if (!left || !right) return no(`a ${describe(p)} is not a ${describe(g)}`);
  if (g.kind === 'tuple' && p.kind === 'tuple' && (g.open !== p.open || g.close !== p.close)) return no('different brackets');
  return inOrder(left, right, 'components', context);
}

/** The components of a tuple, or of a row or column that names the same vector. */
function components(answer: Answer): Answer[] | null {
  if (answer.kind === 'tuple') return answer.items;
  if (answer.kind !== 'matrix') return null;
  if (answer.rows.length === 1) return answer.rows[0]!;
  return answer.rows.every((row) => row.length === 1) ? answer.rows.map((row) => row[0]!) : null;
}

function compareMatrices(g: Answer, p: Answer, context: Context): Outcome {
  if (g.kind === 'tuple' || p.kind === 'tuple') {
    const [x, y] = [asMatrix(g), asMatrix(p)];
    return x && y ? compareMatrices(x, y, context) : compareTuples(g, p, context);
  }
  if (g.kind !== 'matrix' || p.kind !== 'matrix') return no(`a ${describe(p)} is not a ${describe(g)}`);
  if (g.rows.length !== p.rows.length || g.rows[0]!.length !== p.rows[0]!.length) return no('matrices of different shape');
  const outcome = inOrder(g.rows.flat(), p.rows.flat(), 'entries', context);
  return outcome.equal ? yes('matrices equal entry by entry') : outcome;
}

/** [[1, 2], [3, 4]] as a matrix. */
function asMatrix(answer: Answer): (Answer & { kind: 'matrix' }) | null {
  if (answer.kind === 'matrix') return answer.rows.length > 1 && answer.rows[0]!.length > 1 ? answer : null;
  if (answer.kind !== 'tuple') return null;
  const rows = answer.items.map((item) => (item.kind === 'tuple' ? item.items : []));
  return rows.every((row) => row.length > 0 && row.length === rows[0]!.length) ? { kind: 'matrix', rows } : null;
}

function compareRatios(g: Answer, p: Answer, context: Context): Outcome {
  const [first, second] = [asQuotient(g), asQuotient(p)];
  if (g.kind !== 'ratio' || p.kind !== 'ratio') {
    const outcome = first && second ? compareScalars(first, second, context) : no('one is a ratio, the other is not');
    return outcome.equal ? yes(`${outcome.rule}, the ratio as a quotient`) : outcome;
  }
  if (g.parts.length !== p.parts.length) {
    // 20:34:00 and 20:34 are times.
    return clock(g) && clock(p) ? compareTimes(g, p) : no('ratios of different length');
  }
  const zero = (part: Expression): boolean => part.kind === 'number' && part.value.n === 0n;
  if (g.parts.some(zero) || p.parts.some(zero)) return inOrder(g.parts, p.parts, 'parts', context);
  // a : b = c : d if ad = bc
  const cross = (x: Expression, y: Expression): Expression => ({ kind: 'product', factors: [x, y] });
  for (let index = 1; index < g.parts.length; index++) {
    const outcome = compareScalars(cross(g.parts[0]!, p.parts[index]!), cross(g.parts[index]!, p.parts[0]!), context);
    if (!outcome.equal) return no('different ratios');
  }
  return yes('the same ratio');
}

/** a : b as a/b, and a number that is written as a fraction. */
function asQuotient(answer: Answer): Expression | null {
  if (answer.kind === 'ratio')
    return answer.parts.length === 2 ? { kind: 'quotient', over: answer.parts[0]!, under: answer.parts[1]! } : null;
  return answer.kind === 'quotient' ? answer : null;
}
