import { compare, isInteger, rational, sign as signOf } from '../compare/rational';
import { isExpression, negative, number, type Answer, type Expression } from './ast';
import type { Cursor } from './cursor';
import { parseFactor, startsFactor } from './factor';
import { scalar } from './structure';
import { ParseError } from './tokens';

/** A sum of terms. A structure (tuple, set, matrix, words) can only stand alone. */
export function parseSum(cursor: Cursor): Answer {
  return cursor.nested(() => {
    const terms: Expression[] = [];
    for (;;) {
      const sign = takeSign(cursor);
      if (sign === null && terms.length > 0) break;
      const term = parseTerm(cursor);
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
    return terms.length === 1 ? terms[0]! : { kind: 'sum', terms };
  });
}

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
function parseTerm(cursor: Cursor): Answer {
  const literal = cursor.is('number');
  const first = parseFactor(cursor);
  if (!isExpression(first)) return first;
  let term: Expression = first;
  // Only the bare literal can open a mixed number: "2^3 1/2" cannot.
  let bare = literal && term.kind === 'number';
  for (;;) {
    if (cursor.take('operator', '*')) term = product(term, signedFactor(cursor));
    else if (cursor.take('operator', '/')) term = { kind: 'quotient', over: term, under: signedFactor(cursor) };
    else if (cursor.take('operator', '%')) term = { kind: 'percent', operand: term };
    else if (cursor.take('operator', '°')) term = { kind: 'degree', operand: term };
    else if (cursor.take('operator', 'currency')) term = { kind: 'unit', operand: term, unit: 'currency' };
    else if (cursor.is('open', '(') && cursor.is('words', undefined, 1) && cursor.is('close', ')', 2)) {
      // 5 (cm)
      term = { kind: 'unit', operand: term, unit: cursor.tokens[cursor.at + 1]!.text };
      cursor.at += 3;
    } else if (cursor.is('words')) term = { kind: 'unit', operand: term, unit: parseUnit(cursor) };
    else if (startsFactor(cursor)) {
      const mixed = bare && term.kind === 'number' && isInteger(term.value) ? mixedPart(cursor) : null;
      if (mixed) {
        term = number(rational(term.kind === 'number' ? term.value.n * mixed.d + mixed.n : 0n, mixed.d));
      } else {
        if (cursor.is('number')) throw new ParseError('two numbers side by side');
        if (term.kind === 'unit') throw new ParseError('a quantity after a unit');
        const next = parseFactor(cursor);
        // A(1, 2) is the point, with its name.
        if (next.kind === 'tuple' && term.kind === 'symbol') return next;
        term = product(term, scalar(next));
      }
    } else return term;
    bare = false;
  }
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
function parseUnit(cursor: Cursor): string {
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
