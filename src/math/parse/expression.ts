import { compare, isInteger, rational, sign as signOf } from '../compare/rational';
import { addArrays, isArray, multiplyMatrices, negateArray, scaleArray, transpose, type ArrayAnswer } from './arrays';
import { isExpression, negative, number, symbolsOf, type Answer, type Expression } from './ast';
import type { Cursor } from './cursor';
import { parseFactor, startsFactor } from './factor';
import { scalar } from './structure';
import { ParseError } from './tokens';
import { MULTIPLIERS } from './vocabulary';

/** A sum of terms. A structure (tuple, set, matrix, words) can only stand alone. */
export function parseSum(cursor: Cursor): Answer {
  return cursor.nested(() => {
    const terms: Expression[] = [];
    let array: ArrayAnswer | null = null;
    let compound = false;
    for (;;) {
      if (isSetMinus(cursor)) break;
      const sign = takeSign(cursor);
      if (sign === null && terms.length > 0 && cursor.is('number') && terms.every((term) => term.kind === 'unit')) {
        // 2 hours 30 minutes
        const next = parseTerm(cursor);
        if (next.kind !== 'unit') throw new ParseError('a number after a quantity');
        terms.push(next);
        compound = true;
        continue;
      }
      if (compound && sign !== null) throw new ParseError('a sign among quantities');
      if (sign === null && (terms.length > 0 || array)) break;
      const term = parseTerm(cursor);
      if (isArray(term) && terms.length === 0 && sign !== '±' && sign !== '∓') {
        // Matrices and vectors add up entry by entry.
        const signed: ArrayAnswer = sign === '-' ? negateArray(term) : term;
        array = array ? addArrays(array, signed) : signed;
        continue;
      }
      if (array) throw new ParseError('a sum of an array and something else');
      if (!isExpression(term)) {
        if (terms.length > 0 || (sign !== null && sign !== '+')) throw new ParseError(`a sign before a ${term.kind}`);
        return term;
      }
      terms.push(
        sign === '-'
          ? negative(term)
          : sign === '±' || sign === '∓'
            ? { kind: 'plusminus', sign: sign === '±' ? 1 : -1, operand: term }
            : term,
      );
    }
    if (array) return array;
    if (compound) return { kind: 'compound', parts: terms };
    return terms.length === 1 ? terms[0]! : { kind: 'sum', terms };
  });
}

/** "ℝ − {2}": the minus sign between sets. */
const isSetMinus = (cursor: Cursor): boolean => cursor.is('operator', '-') && cursor.is('open', 'set', 1);

/** A run of signs as one: "--" is "+". */
function takeSign(cursor: Cursor): '+' | '-' | '±' | '∓' | null {
  let sign: '+' | '-' | '±' | '∓' | null = null;
  for (;;) {
    if (cursor.take('operator', '+')) sign ??= '+';
    else if (cursor.take('operator', '-')) sign = sign === '-' ? '+' : sign === '±' ? '∓' : sign === '∓' ? '±' : '-';
    else if (cursor.take('operator', '±')) sign = sign === '-' ? '∓' : '±';
    else if (cursor.take('operator', '∓')) sign = sign === '-' ? '±' : '∓';
    else return sign;
  }
}

/** Factors joined by ·, / or nothing, with mixed numbers and what may follow a quantity (%, °, a unit). */
export function parseTerm(cursor: Cursor): Answer {
  const literal = cursor.is('number');
  const first = parseFactor(cursor);
  if (first.kind === 'matrix') return parseMatrixTerm(cursor, first);
  if (!isExpression(first)) return first;
  let term: Expression = first;
  // Only the bare literal can open a mixed number: "2^3 1/2" cannot.
  let bare = literal && term.kind === 'number';
  for (;;) {
    if (cursor.take('operator', '*')) term = product(term, signedFactor(cursor));
    else if (cursor.take('operator', '/')) term = { kind: 'quotient', over: term, under: signedFactor(cursor) };
    else if (cursor.take('operator', '%')) term = { kind: 'percent', operand: term };
    else if (cursor.take('operator', '°')) term = { kind: 'degree', operand: withMinutes(cursor, term) };
    else if (cursor.is('currency')) term = { kind: 'unit', operand: term, unit: cursor.next().text };
    else if (cursor.take('operator', 'mod')) term = { kind: 'apply', name: 'mod', args: [term, scalar(parseFactor(cursor))] };
    else if (cursor.is('open', '(') && cursor.is('operator', 'mod', 1)) {
      cursor.at += 2;
      term = { kind: 'apply', name: 'mod', args: [term, scalar(parseFactor(cursor))] };
      if (!cursor.take('close', ')')) throw cursor.unexpected();
    } else if (cursor.is('open', '(') && cursor.is('words', undefined, 1) && cursor.is('close', ')', 2)) {
      // 5 (cm)
      term = { kind: 'unit', operand: term, unit: cursor.tokens[cursor.at + 1]!.text };
      cursor.at += 3;
    } else if (cursor.is('words')) term = parseWordsAfter(cursor, term);
    else if (term.kind === 'unit' && cursor.is('number')) return term;
    else if (startsFactor(cursor)) {
      const mixed = bare && term.kind === 'number' && isInteger(term.value) ? mixedPart(cursor) : null;
      if (mixed) {
        term = number(rational(term.kind === 'number' ? term.value.n * mixed.d + mixed.n : 0n, mixed.d));
      } else {
        // 8!2! and (n−2) 2^n are products.
        if (cursor.is('number') && !endsWithFactorial(term) && !powerAfterLetters(cursor, term))
          throw new ParseError('two numbers side by side');
        if (term.kind === 'unit') throw new ParseError('a quantity after a unit');
        const next = parseFactor(cursor);
        if (next.kind === 'words') {
          term = { kind: 'unit', operand: term, unit: next.text };
          continue;
        }
        // A(1, 2) is the point, with its name.
        if (next.kind === 'tuple' && term.kind === 'symbol' && /^[A-Z]/.test(term.name)) return next;
        if (next.kind === 'matrix' || next.kind === 'tuple') return parseMatrixTerm(cursor, scaleArray(term, next));
        term = product(term, scalar(next));
      }
    } else return term;
    bare = false;
  }
}

/** Products of matrices, with numbers among them, and transposes. */
function parseMatrixTerm(cursor: Cursor, first: ArrayAnswer): Answer {
  let array = first;
  for (;;) {
    if (cursor.is('operator', '^')) {
      const braces = cursor.is('open', '{', 1) ? 1 : 0;
      if (!cursor.is('symbol', 'T', 1 + braces)) throw cursor.unexpected();
      cursor.at += 2 + 2 * braces;
      array = transpose(array);
      continue;
    }
    const times = cursor.take('operator', '*');
    if (!times && (array.kind === 'tuple' || !startsFactor(cursor))) return array;
    const next = parseFactor(cursor);
    array = isArray(next) ? multiplyMatrices(array, next) : scaleArray(scalar(next), array);
  }
}

/** "n 2^{n-1}", "(n - 2) 2^n": a number from the right multiplies letters only if it has a power. */
const powerAfterLetters = (cursor: Cursor, term: Expression): boolean => cursor.is('operator', '^', 1) && symbolsOf(term).length > 0;

const endsWithFactorial = (term: Expression): boolean =>
  term.kind === 'product' ? endsWithFactorial(term.factors.at(-1)!) : term.kind === 'call' && term.name === 'factorial';

/** "2.5 million dollars" is a number with a unit; other words are the unit themselves. */
function parseWordsAfter(cursor: Cursor, term: Expression): Expression {
  const [first = '', ...others] = cursor.peek()!.text.split(' ');
  const factor = MULTIPLIERS.get(first.toLowerCase().replace(/s$/, ''));
  if (factor === undefined) return { kind: 'unit', operand: term, unit: parseUnit(cursor) };
  if (others.length > 0) cursor.tokens[cursor.at] = { kind: 'words', text: others.join(' ') };
  else cursor.at++;
  return product(term, number(rational(factor)));
}

/** Minutes and seconds of arc after degrees: 12° 30' 15''. */
function withMinutes(cursor: Cursor, degrees: Expression): Expression {
  let total = degrees;
  for (const [marks, parts] of [
    [1, 60n],
    [2, 3600n],
  ] as const) {
    const marked = cursor.is('number') && cursor.is('operator', "'", 1);
    const double = marked && cursor.is('operator', "'", 2);
    if (!marked || double !== (marks === 2)) continue;
    const part: Expression = { kind: 'quotient', over: number(cursor.next().value!), under: number(rational(parts)) };
    cursor.at += marks;
    total = { kind: 'sum', terms: [total, part] };
  }
  return total;
}

function signedFactor(cursor: Cursor): Expression {
  let minus = false;
  while (cursor.is('operator', '-') || cursor.is('operator', '+')) minus = (cursor.next().text === '-') !== minus;
  const factor = scalar(parseFactor(cursor));
  return minus ? negative(factor) : factor;
}

/**
 * The fraction of a mixed number after its integer: "4 4/9", "4\frac{4}{9}". Null if no fraction of literals follows.
 * @throws ParseError for an improper one, "11 7/6", which is neither a sum nor a product that anyone means.
 */
function mixedPart(cursor: Cursor): { n: bigint; d: bigint } | null {
  const start = cursor.at;
  let over: Expression | null = null;
  let under: Expression | null = null;
  if (cursor.is('command', 'frac')) {
    const fraction = parseFactor(cursor);
    if (fraction.kind === 'quotient') [over, under] = [fraction.over, fraction.under];
  } else if (cursor.is('number') && cursor.is('operator', '/', 1) && cursor.is('number', undefined, 2)) {
    over = number(cursor.next().value!);
    cursor.at++;
    under = number(cursor.next().value!);
  }
  const plain = (part: Expression | null): part is Expression & { kind: 'number' } => part?.kind === 'number' && isInteger(part.value);
  if (!plain(over) || !plain(under) || cursor.is('operator', '^') || cursor.is('operator', '!')) {
    cursor.at = start;
    return null;
  }
  if (compare(over.value, under.value) >= 0 || signOf(over.value) <= 0) throw new ParseError('an improper fraction after an integer');
  return { n: over.value.n, d: under.value.n };
}

/** "cm^2", "m/s", "square units", "miles per hour", whatever words: kept as text, compared by its canonical unit. */
export function parseUnit(cursor: Cursor): string {
  let unit = cursor.next().text;
  for (;;) {
    if (cursor.is('operator', '^')) {
      cursor.at++;
      unit += `^${powerOfUnit(cursor)}`;
    } else if (cursor.is('operator', '/') && (cursor.is('words', undefined, 1) || cursor.is('symbol', undefined, 1))) {
      cursor.at++;
      unit += `/${cursor.next().text}`;
    } else if (cursor.is('words')) unit += ` ${cursor.next().text}`;
    else return unit;
  }
}

function powerOfUnit(cursor: Cursor): string {
  const braces = cursor.take('open', '{');
  const minus = cursor.take('operator', '-');
  if (!cursor.is('number')) throw cursor.unexpected();
  const value = cursor.next().text;
  if (braces && !cursor.take('close', '{')) throw cursor.unexpected();
  return minus ? `-${value}` : value;
}

export function product(a: Expression, b: Expression): Expression {
  const factors = [...(a.kind === 'product' ? a.factors : [a]), ...(b.kind === 'product' ? b.factors : [b])];
  return { kind: 'product', factors };
}
