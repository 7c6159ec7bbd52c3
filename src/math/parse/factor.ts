import { rational } from '../compare/rational';
import { isExpression, negative, number, type Answer, type Expression, type FunctionName } from './ast';
import type { Cursor } from './cursor';
import { parseSum, parseTerm, parseUnit, product } from './expression';
import { parseBracket, parseEnvironment, parseItems, scalar } from './structure';
import { ParseError, type Token } from './tokens';
import { PREFIX_FUNCTIONS } from './vocabulary';

const TWO = number(rational(2n));
/** Letters that name a function when brackets follow: f(x), but not n(n+1). */
const FUNCTION_LETTERS = new Set(['f', 'g', 'h', 'F', 'G', 'H']);

export function startsFactor(cursor: Cursor): boolean {
  const token = cursor.peek();
  if (!token) return false;
  if (token.kind === 'operator') return token.text === '|' && cursor.bars === 0;
  return ['number', 'symbol', 'constant', 'function', 'command', 'open'].includes(token.kind);
}

/** An atom with its powers and factorials. */
export function parseFactor(cursor: Cursor): Answer {
  return cursor.nested(() => {
    const atom = parseAtom(cursor);
    if (!isExpression(atom)) return atom;
    return parsePostfix(cursor, atom);
  });
}

function parsePostfix(cursor: Cursor, atom: Expression): Expression {
  let factor = atom;
  for (;;) {
    if (cursor.take('operator', '^')) factor = { kind: 'power', base: factor, exponent: parseExponent(cursor) };
    else if (cursor.take('operator', '!')) factor = { kind: 'call', name: 'factorial', args: [factor] };
    else return factor;
  }
}

function parseExponent(cursor: Cursor): Expression {
  if (cursor.take('operator', '-')) return negative(parseExponent(cursor));
  if (cursor.take('operator', '+')) return parseExponent(cursor);
  // x^{2^k} and x^2^k: powers associate to the right.
  const atom = scalar(cursor.nested(() => parseAtom(cursor)));
  return cursor.take('operator', '^') ? { kind: 'power', base: atom, exponent: cursor.nested(() => parseExponent(cursor)) } : atom;
}

function parseAtom(cursor: Cursor): Answer {
  const token = cursor.next();
  switch (token.kind) {
    case 'number':
      return cursor.is('operator', '_') ? parseBased(cursor, token) : literal(token);
    case 'constant':
      return cursor.is('operator', '_')
        ? parseSymbol(cursor, token.text)
        : { kind: 'constant', name: token.text as 'pi' | 'e' | 'i' | 'infinity' };
    case 'symbol':
      return parseSymbol(cursor, token.text);
    case 'words':
      return parseWords(cursor, token.text);
    case 'function':
      return parseCall(cursor, token.text);
    case 'command':
      return parseCommand(cursor, token.text);
    case 'open':
      return parseOpen(cursor, token.text);
    case 'operator':
      if (token.text === '|') return parseBars(cursor);
      break;
    case 'currency': {
      const amount = parseFactor(cursor);
      return isExpression(amount) ? { kind: 'unit', operand: amount, unit: token.text } : amount;
    }
    default:
  }
  cursor.at--;
  throw cursor.unexpected();
}

function literal(token: Token): Expression {
  const point = token.text.indexOf('.');
  if (point < 0 || token.text.includes('\\')) return number(token.value!);
  const mantissa = token.text.split(/[eE]/)[0]!;
  const exponent = Number(token.text.split(/[eE]/)[1] ?? 0);
  const significant = mantissa.replace('.', '').replace(/^0+/, '').length;
  return { kind: 'number', value: token.value!, decimal: { significant, places: mantissa.length - point - 1 - exponent } };
}

/** 204_5: digits in base five. */
function parseBased(cursor: Cursor, token: Token): Answer {
  cursor.at++;
  return { kind: 'based', digits: token.text, base: subscript(cursor) };
}

/** The text of a subscript, spaces gone: it is part of a name. */
function subscript(cursor: Cursor): string {
  if (!cursor.take('open', '{')) return cursor.next().text;
  let depth = 1;
  let name = '';
  for (;;) {
    const token = cursor.next();
    if (token.kind === 'open' && token.text === '{') depth++;
    if (token.kind === 'close' && token.text === '{' && --depth === 0) return name;
    name += token.text;
  }
}

function parseSymbol(cursor: Cursor, letter: string): Expression {
  let name = letter;
  if (cursor.take('operator', '_')) name += `_${subscript(cursor)}`;
  while (cursor.take('operator', "'")) name += "'";
  // "W(n) = …" defines a function, whatever its letter.
  const simple =
    cursor.is('symbol', undefined, 1) || cursor.is('constant', 'i', 1) || (cursor.is('number', undefined, 1) && /^[A-Z]$/.test(letter));
  const defines = cursor.is('open', '(') && simple && cursor.is('close', ')', 2) && cursor.is('relation', '=', 3);
  if (cursor.is('open', '(') && (FUNCTION_LETTERS.has(letter) || defines)) {
    cursor.at++;
    return { kind: 'apply', name, args: argumentsOf(parseBracket(cursor, '(')) };
  }
  const inverse = inverseMark(cursor, letter);
  if (inverse) {
    cursor.at += inverse;
    return { kind: 'apply', name: `${name}^-1`, args: argumentsOf(parseBracket(cursor, '(')) };
  }
  return { kind: 'symbol', name };
}

/** The number of tokens of "^{-1}(" after a function letter, 0 where something else follows. */
function inverseMark(cursor: Cursor, letter: string): number {
  if (!FUNCTION_LETTERS.has(letter) || !cursor.is('operator', '^')) return 0;
  const braces = cursor.is('open', '{', 1) ? 1 : 0;
  const marked = cursor.is('operator', '-', 1 + braces) && cursor.is('number', '1', 2 + braces);
  return marked && (!braces || cursor.is('close', '{', 4)) && cursor.is('open', '(', 3 + 2 * braces) ? 4 + 2 * braces : 0;
}

/** Words alone are an answer; before a relation they label one ("area = 5"). */
function parseWords(cursor: Cursor, text: string): Answer {
  if (cursor.is('relation')) return { kind: 'symbol', name: text.toLowerCase() };
  return { kind: 'words', text };
}

function argumentsOf(answer: Answer): Expression[] {
  if (answer.kind === 'tuple' && answer.close !== ')') throw new ParseError('brackets that do not match');
  return answer.kind === 'tuple' || answer.kind === 'list' || answer.kind === 'set' ? answer.items.map(scalar) : [scalar(answer)];
}

function parseCall(cursor: Cursor, text: string): Expression {
  let name = (text === 'lg' ? 'log' : text) as FunctionName;
  let base: Expression | null = text === 'lg' ? number(rational(10n)) : null;
  let exponent: Expression | null = null;
  for (;;) {
    if (cursor.is('operator', '_') && name === 'log') {
      cursor.at++;
      base = scalar(parseAtom(cursor));
    } else if (cursor.take('operator', '^')) exponent = parseExponent(cursor);
    else break;
  }
  if (
    exponent?.kind === 'number' &&
    exponent.value.n === -1n &&
    exponent.value.d === 1n &&
    (name === 'sin' || name === 'cos' || name === 'tan')
  ) {
    name = `a${name}` as FunctionName;
    exponent = null;
  }
  const set = !PREFIX_FUNCTIONS.has(name) && cursor.is('open', 'set');
  const args =
    set || cursor.is('open', '(') ? argumentsOf(parseBracket(cursor, cursor.next().text as '(' | 'set')) : [prefixArgument(cursor, name)];
  const call: Expression = { kind: 'call', name, args: base ? [...args, base] : args };
  return exponent ? { kind: 'power', base: call, exponent } : call;
}

/** The argument of a function written without brackets: the factors up to the next function, sign or separator. */
function prefixArgument(cursor: Cursor, name: FunctionName): Expression {
  if (!PREFIX_FUNCTIONS.has(name) && !cursor.is('open')) throw new ParseError(`${name} needs its arguments in brackets`);
  if (cursor.take('operator', '-')) return negative(prefixArgument(cursor, name));
  let argument = scalar(parseFactor(cursor));
  const wasGroup = argument.kind === 'call';
  for (;;) {
    if (cursor.take('operator', '°')) argument = { kind: 'degree', operand: argument };
    else if (!wasGroup && startsFactor(cursor) && !cursor.is('function') && !cursor.is('number'))
      argument = product(argument, scalar(parseFactor(cursor)));
    else return argument;
  }
}

function parseCommand(cursor: Cursor, name: string): Answer {
  if (name === 'sum' || name === 'prod') return parseSeries(cursor, name === 'sum' ? 'sum' : 'product');
  if (name === 'sqrt') {
    let index: Expression = TWO;
    if (cursor.take('open', '[')) index = scalar(parseBracket(cursor, '['));
    // \sqrt13 can only mean the root of 13; \frac12 is one half.
    return { kind: 'root', radicand: cursor.is('number') ? literal(cursor.next()) : parseArgument(cursor), index };
  }
  if (name === 'frac' && cursor.is('open', '{') && cursor.is('words', undefined, 1)) return parseUnitFraction(cursor);
  const first = parseArgument(cursor);
  if (name === 'frac' && cursor.is('open', '{') && cursor.is('words', undefined, 1)) {
    // 60 \frac{…}{\text{h}} with a number above
    cursor.at++;
    const unit = parseUnit(cursor);
    if (!cursor.take('close', '{')) throw cursor.unexpected();
    return { kind: 'unit', operand: first, unit: `/${unit}` };
  }
  const second = parseArgument(cursor);
  return name === 'frac' ? { kind: 'quotient', over: first, under: second } : { kind: 'call', name: 'binomial', args: [first, second] };
}

/** \frac{\text{km}}{\text{h}}: a unit, as the words "km/h". */
function parseUnitFraction(cursor: Cursor): Answer {
  const part = (): string => {
    if (!cursor.take('open', '{') || !(cursor.is('words') || cursor.is('symbol'))) throw cursor.unexpected();
    const unit = parseUnit(cursor);
    if (!cursor.take('close', '{')) throw cursor.unexpected();
    return unit;
  };
  return { kind: 'words', text: `${part()}/${part()}` };
}

/** \sum_{k=1}^{n} and \prod: the body is the term that follows. */
function parseSeries(cursor: Cursor, of: 'sum' | 'product'): Expression {
  let index: string | null = null;
  let from: Expression | null = null;
  let to: Expression | null = null;
  while (!from || !to) {
    if (cursor.take('operator', '_')) {
      if (!cursor.take('open', '{')) throw cursor.unexpected();
      index = cursor.next().text;
      if (!cursor.take('relation', '=')) throw cursor.unexpected();
      from = scalar(parseSum(cursor));
      if (!cursor.take('close', '{')) throw cursor.unexpected();
    } else if (cursor.take('operator', '^')) to = parseExponent(cursor);
    else throw new ParseError(`a ${of} without its bounds`);
  }
  // The letter that counts is no constant: i is not the imaginary unit here.
  for (let at = cursor.at; at < cursor.tokens.length; at++) {
    const token = cursor.tokens[at]!;
    if (token.kind === 'constant' && token.text === index) cursor.tokens[at] = { ...token, kind: 'symbol' };
  }
  return { kind: 'series', of, index: index!, from, to, body: scalar(cursor.nested(() => parseTerm(cursor))) };
}

/** An argument of a LaTeX command: a group, or a single digit or sign. */
function parseArgument(cursor: Cursor): Expression {
  const token = cursor.peek();
  if (token?.kind === 'number' && token.text.length > 1 && /^\d+$/.test(token.text)) {
    const digit = token.text[0]!;
    cursor.tokens[cursor.at] = { kind: 'number', text: token.text.slice(1), value: rational(BigInt(token.text.slice(1))) };
    return number(rational(BigInt(digit)));
  }
  return scalar(cursor.nested(() => parseAtom(cursor)));
}

function parseOpen(cursor: Cursor, text: string): Answer {
  if (text === '(' || text === '[' || text === '{' || text === 'set') return parseBracket(cursor, text);
  if (text === 'floor' || text === 'ceil') {
    const inside = scalar(cursor.nested(() => parseItems(cursor)));
    if (!cursor.take('close', text)) throw cursor.unexpected();
    return { kind: 'call', name: text, args: [inside] };
  }
  return parseEnvironment(cursor, text);
}

function parseBars(cursor: Cursor): Expression {
  return cursor.nested(() => {
    cursor.bars++;
    const inside = scalar(parseItems(cursor));
    if (!cursor.take('operator', '|')) throw cursor.unexpected();
    cursor.bars--;
    return { kind: 'call', name: 'abs', args: [inside] };
  });
}
