/** The shapes that are recognised, the more particular ones first. */
import type { Columns } from '../columns';
import { FormatError } from '../errors';
import { messages, promptCompletion } from './chat';
import { aime, amc23 } from './contests';
import { gsm8k } from './gsm8k';
import { guess } from './guess';
import { math, math500 } from './math';
import { minerva } from './minerva';
import { numina } from './numina';
import { olympiadbench } from './olympiadbench';
import { own } from './own';
import type { Match, Shape } from './types';

export const SHAPES: readonly Shape[] = [
  own,
  gsm8k,
  olympiadbench,
  numina,
  math500,
  minerva,
  math,
  aime,
  amc23,
  messages,
  promptCompletion,
  guess,
];

export interface Recognised extends Match {
  shape: Shape;
}

/** The first shape that these columns have. Null only where there is no text at all. */
export function recognise(columns: Columns): Recognised | null {
  for (const shape of SHAPES) {
    const match = shape.match(columns);
    if (match) return { shape, ...match };
  }
  return null;
}

/** A shape by id. @throws FormatError for an unknown one, or where its columns are not there. */
export function asShape(id: string, columns: Columns): Recognised {
  const shape = SHAPES.find((one) => one.id === id);
  if (!shape) throw new FormatError(`There is no shape called "${id}".`, `Known shapes: ${SHAPES.map((one) => one.id).join(', ')}.`);
  const match = shape.match(columns);
  if (!match)
    throw new FormatError(
      `The file does not have the columns of ${shape.name}.`,
      `That shape is: ${shape.description}. Found: ${columns.names.slice(0, 20).join(', ')}.`,
    );
  return { shape, ...match };
}

export { type Match, type Shape } from './types';
