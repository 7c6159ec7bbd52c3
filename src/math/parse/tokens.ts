import { parseDecimal, rational, add, type Rational } from '../compare/rational';
import { FUNCTIONS, GREEK, isWord } from './vocabulary';

export class ParseError extends Error {
  override name = 'ParseError';
}

export type TokenKind =
  | 'number'
  | 'symbol'
  | 'constant'
  | 'function'
  | 'command'
  /** \over, \choose: between the halves of a group. */
  | 'infix'
  | 'operator'
  /** A currency sign; the text is the unit's name. */
  | 'currency'
  | 'relation'
  | 'open'
  | 'close'
  | 'separator'
  | 'words'
  | 'row'
  | 'cell';

export interface Token {
  kind: TokenKind;
  /** Name, operator or bracket; for numbers the literal as written. */
  text: string;
  value?: Rational;
}

const MAX_TOKENS = 1200;

const RELATIONS: Record<string, string> = {
  le: '<=',
  leq: '<=',
  leqslant: '<=',
  leqq: '<=',
  ge: '>=',
  geq: '>=',
  geqslant: '>=',
  geqq: '>=',
  lt: '<',
  gt: '>',
  ne: '!=',
  neq: '!=',
  approx: '~',
  thickapprox: '~',
  simeq: '~',
  sim: '~',
  doteq: '~',
  in: 'in',
  equiv: '=',
  to: '=',
  rightarrow: '=',
  Rightarrow: '=',
  implies: '=',
  mapsto: '=',
};

const COMMANDS: Record<string, Omit<Token, 'value'>> = {
  cdot: { kind: 'operator', text: '*' },
  times: { kind: 'operator', text: '*' },
  ast: { kind: 'operator', text: '*' },
  div: { kind: 'operator', text: '/' },
  pm: { kind: 'operator', text: '±' },
  mp: { kind: 'operator', text: '∓' },
  colon: { kind: 'operator', text: ':' },
  '{': { kind: 'open', text: 'set' },
  '}': { kind: 'close', text: 'set' },
  lbrace: { kind: 'open', text: 'set' },
  rbrace: { kind: 'close', text: 'set' },
  lfloor: { kind: 'open', text: 'floor' },
  rfloor: { kind: 'close', text: 'floor' },
  lceil: { kind: 'open', text: 'ceil' },
  rceil: { kind: 'close', text: 'ceil' },
  langle: { kind: 'open', text: '(' },
  rangle: { kind: 'close', text: ')' },
  lvert: { kind: 'operator', text: '|' },
  rvert: { kind: 'operator', text: '|' },
  vert: { kind: 'operator', text: '|' },
  mid: { kind: 'operator', text: '|' },
  '|': { kind: 'operator', text: '|' },
  lbrack: { kind: 'open', text: '[' },
  rbrack: { kind: 'close', text: ']' },
  cup: { kind: 'operator', text: 'cup' },
  cap: { kind: 'operator', text: 'cap' },
  bigcap: { kind: 'operator', text: 'cap' },
  over: { kind: 'infix', text: 'over' },
  choose: { kind: 'infix', text: 'choose' },
  pmod: { kind: 'operator', text: 'mod' },
  bmod: { kind: 'operator', text: 'mod' },
  mod: { kind: 'operator', text: 'mod' },
  ldots: { kind: 'symbol', text: '…' },
  dots: { kind: 'symbol', text: '…' },
  cdots: { kind: 'symbol', text: '…' },
  dollar: { kind: 'currency', text: 'dollar' },
  euro: { kind: 'currency', text: 'euro' },
  pounds: { kind: 'currency', text: 'pound' },
  rupee: { kind: 'currency', text: 'rupee' },
  yen: { kind: 'currency', text: 'yen' },
  setminus: { kind: 'operator', text: 'setminus' },
  backslash: { kind: 'operator', text: 'setminus' },
  bigcup: { kind: 'operator', text: 'cup' },
  pi: { kind: 'constant', text: 'pi' },
  infty: { kind: 'constant', text: 'infinity' },
  infin: { kind: 'constant', text: 'infinity' },
  land: { kind: 'separator', text: ',' },
  lor: { kind: 'separator', text: 'or' },
  vee: { kind: 'separator', text: 'or' },
  emptyset: { kind: 'words', text: 'no solution' },
  varnothing: { kind: 'words', text: 'no solution' },
  prime: { kind: 'operator', text: "'" },
};

/** Commands that only change the look of their argument. */
const TRANSPARENT = new Set(
  'vec hat bar overline underline widehat overrightarrow mathcal mathscr boldsymbol bm tilde dot ddot overset'.split(' '),
);
const TEXTUAL = new Set(
  'text mbox textbf textit textrm textnormal mathrm mathbf mathit mathsf mathtt hbox operatorname rm bf it'.split(' '),
);
const ARGUMENT_COMMANDS = new Set(['frac', 'sqrt', 'binom', 'sum', 'prod']);

/**
 * Cuts a normalised answer into tokens.
 * @throws ParseError on a command or sign that no answer is written with, or on more than {@link MAX_TOKENS} tokens.
 */
export function tokenise(text: string, textual = false): Token[] {
  const tokens: Token[] = [];
  const push = (token: Token): void => {
    const last = tokens.at(-1);
    if (token.kind === 'words' && last?.kind === 'words') last.text += ` ${token.text}`;
    else tokens.push(token);
    if (tokens.length > MAX_TOKENS) throw new ParseError('the answer is too long');
  };
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at, at + 2);
    const c = text[at]!;
    if (c === ' ') at++;
    else if (c === '\\') at = command(text, at, push);
    else if (/[0-9]/.test(c) || /^\.\d/.test(rest) || (c === '.' && text.startsWith('.\\overline', at))) at = numeral(text, at, push);
    else if (/[A-Za-z]/.test(c)) at = letters(text, at, push, textual);
    else at = sign(text, at, push);
  }
  return tokens;
}

function command(text: string, at: number, push: (token: Token) => void): number {
  const name = /^\\([a-zA-Z]+|.)/s.exec(text.slice(at, at + 40))?.[1];
  if (name === undefined) throw new ParseError('a lone backslash');
  let end = at + 1 + name.length;
  if (name === '\\') {
    const gap = /^\[-?[\d.]+\s*(?:pt|ex|em|mm)\]/.exec(text.slice(end, end + 20));
    push({ kind: 'row', text: '\\\\' });
    return end + (gap ? gap[0].length : 0);
  }
  if (TEXTUAL.has(name)) {
    const body = braced(text, end);
    if (body === null) return end;
    // \mathrm{~m}: a letter after a space is a unit.
    if (/^ [A-Za-z] ?$/.test(body.inner)) push({ kind: 'words', text: body.inner.trim() });
    else tokenise(body.inner, true).forEach(push);
    return body.end;
  }
  if (name === 'begin' || name === 'end') {
    const body = braced(text, end);
    if (body === null) throw new ParseError(`\\${name} without a name`);
    end = body.end;
    if (body.inner.startsWith('array')) {
      const columns = name === 'begin' ? braced(text, end) : null;
      if (columns) end = columns.end;
    }
    push({ kind: name === 'begin' ? 'open' : 'close', text: `env:${body.inner.replace('*', '')}` });
    return end;
  }
  if (name === 'mathbb') {
    const body = braced(text, end) ?? { inner: text[end] ?? '', end: end + 1 };
    push({ kind: 'symbol', text: `set:${body.inner.trim()}` });
    return body.end;
  }
  const known = COMMANDS[name];
  const fn = FUNCTIONS.get(name);
  const relation = RELATIONS[name];
  if (known) push({ ...known });
  else if (fn) push({ kind: 'function', text: name === 'lg' ? 'lg' : fn });
  else if (relation) push({ kind: 'relation', text: relation });
  else if (GREEK.has(name)) push({ kind: 'symbol', text: name.replace(/^var/, '') });
  else if (ARGUMENT_COMMANDS.has(name)) push({ kind: 'command', text: name });
  else if (name === 'angle' || name === 'triangle') push({ kind: 'symbol', text: name });
  else if (/^q?quad./.test(name)) return at + 1 + name.indexOf('quad') + 4;
  else if (!TRANSPARENT.has(name)) throw new ParseError(`the command \\${name} is not known`);
  return end;
}

/** The text inside the braces that open at or after `at` (spaces skipped), or null. */
export function braced(text: string, at: number): { inner: string; end: number } | null {
  let i = at;
  while (text[i] === ' ' || text[i] === '\n') i++;
  if (text[i] !== '{') return null;
  let depth = 0;
  for (let j = i; j < text.length; j++) {
    if (text[j] === '\\') j++;
    else if (text[j] === '{') depth++;
    else if (text[j] === '}' && --depth === 0) return { inner: text.slice(i + 1, j), end: j + 1 };
  }
  return null;
}

function numeral(text: string, at: number, push: (token: Token) => void): number {
  const rest = text.slice(at);
  const literal = /^\d*\.?\d*/.exec(rest)![0];
  const recurring = literal.includes('.') ? recurringPart(literal, rest.slice(literal.length, literal.length + 200)) : null;
  if (recurring?.value) {
    push({ kind: 'number', text: `${literal}\\overline`, value: recurring.value });
    return at + literal.length + recurring.length;
  }
  const exponent = /^[eE][+-]?\d+(?![\d.a-zA-Z])/.exec(rest.slice(literal.length, literal.length + 40))?.[0] ?? '';
  const ellipsis = recurring?.length ?? 0;
  push({ kind: 'number', text: literal + exponent, value: parseDecimal(literal + exponent) });
  return at + literal.length + exponent.length + ellipsis;
}

/**
 * What recurs after a decimal: 0.1\overline{6}, 0.1\dot{6}, 0.1(6), or digits before an ellipsis whose end repeats ("0.333…", "0.1212…").
 * `length` counts the signs after `literal` that belong to it; `value` is null before an ellipsis where nothing recurs ("3.14159…").
 */
function recurringPart(literal: string, rest: string): { value: Rational | null; length: number } | null {
  const marked = /^(?:\\(?:overline|dot|bar)\s*\{(\d+)\}|\((\d+)\))/.exec(rest);
  const places = literal.length - literal.indexOf('.') - 1;
  if (marked) {
    const digits = marked[1] ?? marked[2]!;
    const period = rational(BigInt(digits), (10n ** BigInt(digits.length) - 1n) * 10n ** BigInt(places));
    return { value: add(parseDecimal(`0${literal}`), period), length: marked[0].length };
  }
  const ellipsis = /^(?:\.{2,3}| ?\\(?:l|c)?dots(?![a-zA-Z]))/.exec(rest);
  if (!ellipsis) return null;
  const run = /(\d+?)\1+$/.exec(literal.slice(literal.indexOf('.') + 1).slice(-40));
  // One digit recurs if it is seen three times, a longer period if it is seen twice.
  if (!run || run[0].length < 3) return { value: null, length: ellipsis[0].length };
  const [whole, digits] = [run[0], run[1]!];
  const period = rational(BigInt(digits), (10n ** BigInt(digits.length) - 1n) * 10n ** BigInt(places - whole.length));
  return { value: add(parseDecimal(`0${literal.slice(0, literal.length - whole.length)}`), period), length: ellipsis[0].length };
}

/** "mg/k" is m·g/k: two letters that could be a unit are one only after a quantity. */
const isProductOfLetters = (run: string, before: string): boolean =>
  /^[a-z]{2}$/.test(run) && run !== 'no' && /(?:^|[-+=(,]) ?$/.test(before);

const GLUED = /^([a-zA-Z]?)(sin|cos|tan|cot|sec|csc|ln|log|exp|arcsin|arccos|arctan|sqrt|pi)([a-zA-Z]?)$/;

function letters(text: string, at: number, push: (token: Token) => void, textual: boolean): number {
  const run = /^[A-Za-z]+/.exec(text.slice(at, at + 64))![0];
  const end = at + run.length;
  const lower = run.toLowerCase();
  const fn = FUNCTIONS.get(run);
  if (lower === 'and' || lower === 'or') push({ kind: 'separator', text: lower === 'or' ? 'or' : ',' });
  else if (lower === 'to' && (textual || text[at - 1] === ' ')) push({ kind: 'operator', text: ':' });
  else if (lower === 'mod') push({ kind: 'operator', text: 'mod' });
  else if (run === 'in' && !textual && /^ ?(?:\[|\(|\{|\\\{|\\mathbb)/.test(text.slice(end, end + 9)))
    push({ kind: 'relation', text: 'in' });
  else if (run === 'in' && /[\d)}] ?$/.test(text.slice(Math.max(0, at - 2), at)) && /^(?: ?[.^]| ?$)/.test(text.slice(end)))
    push({ kind: 'words', text: run });
  else if (/^deg(?:rees?)?$/.test(lower)) push({ kind: 'operator', text: '°' });
  else if (/^(?:percent(?:age)?|pct)$/.test(lower)) push({ kind: 'operator', text: '%' });
  else if (/^(?:inf|infty|infinity|oo)$/i.test(run) && run !== 'Oo') push({ kind: 'constant', text: 'infinity' });
  else if (run === 'pi') push({ kind: 'constant', text: 'pi' });
  else if (/^[dt]?frac$|^sqrt$|^binom$/.test(run)) push({ kind: 'command', text: run.replace(/^[dt]/, '') });
  else if (fn && (run !== 'min' || text[end] === '(')) push({ kind: 'function', text: run === 'lg' ? 'lg' : fn });
  else if (GREEK.has(run)) push({ kind: 'symbol', text: run });
  else if (!textual && GLUED.test(run)) {
    // "xsinx", "lnx", "kpi": the function or constant between single letters.
    const [, before = '', name = '', after = ''] = GLUED.exec(run)!;
    for (const piece of [before, name, after]) if (piece) letters(piece, 0, push, false);
  } else if (run.length > 1 && (textual || (isWord(run) && !isProductOfLetters(run, text.slice(Math.max(0, at - 2), at)))))
    push({ kind: 'words', text: run });
  else if (run.length === 1 && !textual && /^\d{1,2}(?![\d.])/.test(text.slice(end, end + 3)) && !/[\d\\]/.test(text[at - 1] ?? '')) {
    // "x1" is the name x_1: a number is never multiplied from the right without a sign.
    const index = /^\d{1,2}/.exec(text.slice(end, end + 2))![0];
    push({ kind: 'symbol', text: run });
    push({ kind: 'operator', text: '_' });
    push({ kind: 'number', text: index, value: parseDecimal(index) });
    return end + index.length;
  } else
    for (const letter of run)
      push(letter === 'e' || letter === 'i' ? { kind: 'constant', text: letter } : { kind: 'symbol', text: letter });
  return end;
}

const SIGNS: Record<string, Token> = {
  '(': { kind: 'open', text: '(' },
  ')': { kind: 'close', text: ')' },
  '[': { kind: 'open', text: '[' },
  ']': { kind: 'close', text: ']' },
  '{': { kind: 'open', text: '{' },
  '}': { kind: 'close', text: '{' },
  ',': { kind: 'separator', text: ',' },
  ';': { kind: 'separator', text: ';' },
  '&': { kind: 'cell', text: '&' },
  '=': { kind: 'relation', text: '=' },
  '<': { kind: 'relation', text: '<' },
  '>': { kind: 'relation', text: '>' },
  '€': { kind: 'currency', text: 'euro' },
  '£': { kind: 'currency', text: 'pound' },
  '₹': { kind: 'currency', text: 'rupee' },
  '¥': { kind: 'currency', text: 'yen' },
};

function sign(text: string, at: number, push: (token: Token) => void): number {
  const two = /^(?:<=|>=|!=|==|:=|->|=>)/.exec(text.slice(at, at + 2))?.[0];
  // "!=" after a number is a factorial and an equals sign only in "5!=120"; there the exclamation mark touches what is before it.
  if (two && !(two === '!=' && /[\w)}]/.test(text[at - 1] ?? ' '))) {
    push({ kind: 'relation', text: /^[<>!]=$/.test(two) ? two : '=' });
    return at + 2;
  }
  const c = text[at]!;
  const known = SIGNS[c];
  if (known) push({ ...known });
  else if (/[+\-*/^_!%°:|']/.test(c)) push({ kind: 'operator', text: c });
  else if (/\p{L}/u.test(c)) {
    const run = /^\p{L}+/u.exec(text.slice(at, at + 64))![0];
    push({ kind: 'words', text: run });
    return at + run.length;
  } else throw new ParseError(`the sign "${c}" is not part of any answer`);
  return at + 1;
}
