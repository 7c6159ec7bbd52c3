/** JSON Lines: one object a line. A line that cannot be read is a problem of its own, and the rest go on. */
import { splitLines } from '../lines';
import { excerpt } from '../errors';
import { jsonRow } from './json-row';
import { textOf } from './stream';
import { MAX_ROW, type Reader } from './types';

export const readJsonl: Reader = async function* (source, context) {
  for await (const { number, text, start } of splitLines(textOf(source, context), MAX_ROW)) {
    if (text === null)
      yield { kind: 'problem', at: number, message: `a line longer than ${MAX_ROW >> 20} million characters`, excerpt: excerpt(start) };
    else if (text.trim() !== '') yield jsonRow(text, number);
  }
};
