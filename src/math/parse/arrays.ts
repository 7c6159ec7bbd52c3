import { isExpression, negative, type Answer, type Expression } from './ast';
import { ParseError } from './tokens';

/** A matrix, or a tuple as a vector: what arithmetic applies to entry by entry. */
export type ArrayAnswer = Answer & { kind: 'matrix' | 'tuple' };

export const isArray = (answer: Answer): answer is ArrayAnswer => answer.kind === 'matrix' || answer.kind === 'tuple';

const MAX_ENTRIES = 400;

function entry(answer: Answer): Expression {
  if (isExpression(answer)) return answer;
  throw new ParseError(`arithmetic with a ${answer.kind}`);
}

function mapEntries(array: ArrayAnswer, map: (value: Expression, row: number, column: number) => Expression): ArrayAnswer {
  return array.kind === 'tuple'
    ? { ...array, items: array.items.map((item, column) => map(entry(item), 0, column)) }
    : { ...array, rows: array.rows.map((row, at) => row.map((item, column) => map(entry(item), at, column))) };
}

const shape = (array: ArrayAnswer): string =>
  array.kind === 'tuple' ? `${array.items.length}` : `${array.rows.length}×${array.rows[0]!.length}`;

const at = (array: ArrayAnswer, row: number, column: number): Expression =>
  entry(array.kind === 'tuple' ? array.items[column]! : array.rows[row]![column]!);

export const scaleArray = (factor: Expression, array: ArrayAnswer): ArrayAnswer =>
  mapEntries(array, (value) => ({ kind: 'product', factors: [factor, value] }));

export const negateArray = (array: ArrayAnswer): ArrayAnswer => mapEntries(array, negative);

/** @throws ParseError for different shapes. */
export function addArrays(a: ArrayAnswer, b: ArrayAnswer): ArrayAnswer {
  if (a.kind !== b.kind || shape(a) !== shape(b)) throw new ParseError('a sum of arrays of different shape');
  return mapEntries(a, (value, row, column) => ({ kind: 'sum', terms: [value, at(b, row, column)] }));
}

/** @throws ParseError for shapes that have no product. */
export function multiplyMatrices(a: ArrayAnswer, b: ArrayAnswer): ArrayAnswer {
  if (a.kind !== 'matrix' || b.kind !== 'matrix' || a.rows[0]!.length !== b.rows.length) throw new ParseError('a product of these shapes');
  if (a.rows.length * b.rows.length * b.rows[0]!.length > MAX_ENTRIES) throw new ParseError('a product of large matrices');
  const rows = a.rows.map((row) =>
    b.rows[0]!.map((_, column): Answer => ({
      kind: 'sum',
      terms: row.map((value, k): Expression => ({ kind: 'product', factors: [entry(value), entry(b.rows[k]![column]!)] })),
    })),
  );
  return { kind: 'matrix', rows };
}

export function transpose(array: ArrayAnswer): ArrayAnswer {
  const rows = array.kind === 'matrix' ? array.rows : [array.items];
  return { kind: 'matrix', rows: rows[0]!.map((_, column) => rows.map((row) => row[column]!)) };
}
