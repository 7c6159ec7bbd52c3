/** One row of JSON. */
import { TokenParser, Tokenizer } from '@streamparser/json';
import { excerpt, reasonOf } from '../errors';
import { MAX_COLUMNS, type ReadItem, type RowValues } from './types';

/** May be a number with more digits than a double holds (or lie inside a text, which costs a second look and nothing else). */
const LONG_NUMBER = /(?:^|[:[,])\s*-?\d[\d.]{15}/;

/** JSON.parse, except that numbers which would lose digits stay texts. @throws Error as JSON.parse does. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return LONG_NUMBER.test(text) ? parseExactly(text) : value;
}

class ExactTokenizer extends Tokenizer {
  protected override parseNumber(text: string): number {
    const digits = text.replace(/^-?0*\.?0*|\.|[eE].*$/g, '').length;
    return (digits > 15 ? text : Number(text)) as number;
  }
}

function parseExactly(text: string): unknown {
  const tokenizer = new ExactTokenizer();
  const parser = new TokenParser({ paths: ['$'] });
  let result: unknown;
  tokenizer.onToken = parser.write.bind(parser);
  parser.onValue = ({ value }) => (result = value);
  tokenizer.write(text);
  // A number alone ends with the text.
  if (result === undefined) tokenizer.end();
  return result;
}

/** A row from its text, or what is wrong with it. */
export function jsonRow(text: string, at: number): ReadItem {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    return { kind: 'problem', at, message: `not valid JSON (${reasonOf(error)})`, excerpt: excerpt(text) };
  }
  return rowOf(value, at, text);
}

/** A parsed value as a row. The Hub's viewer wraps its rows: {"row_idx": 0, "row": {…}}. */
export function rowOf(value: unknown, at: number, text = ''): ReadItem {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { kind: 'problem', at, message: 'a row must be a JSON object, with names for its values', excerpt: excerpt(text) };
  const values = value as RowValues;
  const wrapped = values['row'];
  if ('row_idx' in values && typeof wrapped === 'object' && wrapped !== null) return rowOf(wrapped, at, text);
  const columns = Object.keys(values).length;
  if (columns > MAX_COLUMNS)
    return { kind: 'problem', at, message: `${columns} columns; a row may have ${MAX_COLUMNS}`, excerpt: excerpt(text) };
  return { kind: 'row', at, values };
}
