import type { Answer } from './ast';
import { Cursor } from './cursor';
import { parseInfix, parseItems } from './structure';
import { tokenise } from './tokens';
import { numberWord } from './vocabulary';

export { ParseError } from './tokens';

/**
 * Reads a normalised answer.
 * @throws ParseError with what is wrong, in words.
 */
export function parseAnswer(normalised: string): Answer {
  const special = parseTime(normalised) ?? parseChoice(normalised) ?? parseSpelled(normalised);
  if (special) return special;
  const cursor = new Cursor(tokenise(normalised));
  const answer = parseInfix(cursor, parseItems(cursor));
  if (!cursor.done) throw cursor.unexpected();
  return answer;
}

/** "twenty-one", "two thirds"; "all real numbers". */
function parseSpelled(text: string): Answer | null {
  if (!/[a-z]{3}/i.test(text)) return null;
  const plain = plainText(text);
  if (!/^[a-z -]{3,80}$/i.test(plain)) return null;
  if (/^(?:all|any|every)(?: of)?(?: the)? reals?(?: numbers?| values?)?(?: [a-z])?$/i.test(plain))
    return { kind: 'symbol', name: 'set:R' };
  const value = numberWord(plain);
  return value && { kind: 'number', value };
}

/** The text without the commands that only set words. */
export const plainText = (text: string): string =>
  text
    .replace(/\\(?:text|mbox|mathrm|textbf|textrm|textit|mathbf|bf|rm)\b|[{}]/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** "3:30 p.m.", "5 PM". Without am or pm "3:30" stays a ratio, which also compares with a time. */
function parseTime(text: string): Answer | null {
  const plain = plainText(text);
  if (/^(?:12(?::00)? )?noon$/i.test(plain)) return { kind: 'time', hours: 12, minutes: 0, half: 'pm' };
  if (/^(?:12(?::00)? )?midnight$/i.test(plain)) return { kind: 'time', hours: 12, minutes: 0, half: 'am' };
  const match = /^(\d{1,2})(?::([0-5]\d))? ?([ap])\.? ?m\.?$/i.exec(plain);
  if (!match || Number(match[1]) > 24) return null;
  return { kind: 'time', hours: Number(match[1]), minutes: Number(match[2] ?? 0), half: match[3]!.toLowerCase() === 'a' ? 'am' : 'pm' };
}

/** "(B)", "C. x = 42", "(A) 5", "option D": one of the letters A to J. A lone letter stays a symbol, which also compares with a choice. */
function parseChoice(text: string): Answer | null {
  const plain = plainText(text);
  const match =
    /^(?:(?:option|choice|answer) )?\(([A-J])\)[.:]? ?(.*)$/i.exec(plain) ??
    /^([A-J])[.)] ?(.*)$/.exec(plain) ??
    // A bracket that nothing opened: "a) 5"
    /^([a-j])\) ?(.*)$/.exec(plain) ??
    /^([A-J]): (.+)$/.exec(plain) ??
    /^(?:option|choice) ([A-J])()$/i.exec(plain);
  if (
    !match ||
    !/^[A-J]$|^[a-j]$/.test(match[1]!) ||
    (/[a-j]/.test(match[1]!) && match[0].startsWith('(')) ||
    /^[-+*^/=(,_!]/.test(match[2] ?? '')
  )
    return null;
  return { kind: 'choice', letter: match[1]!.toUpperCase(), rest: match[2]!.trim() };
}
