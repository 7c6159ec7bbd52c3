import { rational } from '../compare/rational';
import type { Answer } from './ast';
import { Cursor } from './cursor';
import { parseItems } from './structure';
import { tokenise } from './tokens';
import { numberWord } from './vocabulary';

export { ParseError } from './tokens';

/**
 * Reads a normalised answer.
 * @throws ParseError with what is wrong, in words.
 */
export function parseAnswer(normalised: string): Answer {
  const special = parseTime(normalised) ?? parseChoice(normalised);
  if (special) return special;
  const cursor = new Cursor(tokenise(normalised));
  const answer = parseItems(cursor);
  if (!cursor.done) throw cursor.unexpected();
  if (answer.kind === 'words') {
    const value = numberWord(answer.text);
    if (value !== null) return { kind: 'number', value: rational(BigInt(value)) };
  }
  return answer;
}

const plainText = (text: string): string =>
  text
    .replace(/\\(?:text|mbox|mathrm|textbf|textrm|textit|mathbf|bf|rm)\b|[{}]/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** "3:30 p.m.", "5 PM". Without am or pm "3:30" stays a ratio, which also compares with a time. */
function parseTime(text: string): Answer | null {
  const match = /^(\d{1,2})(?::([0-5]\d))? ?([ap])\.? ?m\.?$/i.exec(plainText(text));
  if (!match || Number(match[1]) > 24) return null;
  return { kind: 'time', hours: Number(match[1]), minutes: Number(match[2] ?? 0), half: match[3]!.toLowerCase() === 'a' ? 'am' : 'pm' };
}

/** "(B)", "C. x = 42", "(A) 5", "option D": one of the letters A to J. A lone letter stays a symbol, which also compares with a choice. */
function parseChoice(text: string): Answer | null {
  const plain = plainText(text);
  const match =
    /^(?:(?:option|choice|answer) )?\(([A-J])\)[.:]? ?(.*)$/i.exec(plain) ??
    /^([A-J])[.)] ?(.*)$/.exec(plain) ??
    /^([A-J]): (.+)$/.exec(plain) ??
    /^(?:option|choice) ([A-J])()$/i.exec(plain);
  if (!match || !/^[A-J]$/.test(match[1]!) || /^[-+*^/=(,_!]/.test(match[2] ?? '')) return null;
  return { kind: 'choice', letter: match[1]!, rest: match[2]!.trim() };
}
