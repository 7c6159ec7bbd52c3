/** Which column is what, and how it is read. Data, so that a reader can change it and a report can state it. */
import { excerpt, FormatError } from './errors';
import type { RowValues } from './readers/types';
import { isReadingId, reading, READINGS, type ReadingId } from './readings';

export interface FieldRule {
  /** A column; `a.b` is the value b inside an object in column a. */
  column: string;
  as: ReadingId;
}

export const TARGETS = ['question', 'gold', 'expert', 'id', 'family', 'context', 'tolerance'] as const;
export type Target = (typeof TARGETS)[number];

/** Question and gold are needed; the others may be missing. `context` is put before the question. */
export type Mapping = Partial<Record<Target, FieldRule>>;

/** Rules that replace those of a shape; null takes one away. */
export type MappingChange = Partial<Record<Target, FieldRule | null>>;

export function changed(mapping: Mapping, change: MappingChange): Mapping {
  return Object.fromEntries(Object.entries({ ...mapping, ...change }).filter(([, rule]) => rule !== null));
}

/** What a row says, as texts. */
export type Mapped = Record<Target, string | null>;

/** The value at a column's path, own properties only. */
export function valueAt(values: RowValues, column: string): unknown {
  if (Object.hasOwn(values, column)) return values[column];
  let at: unknown = values;
  for (const key of column.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as RowValues)[key];
  }
  return at;
}

export function applyMapping(mapping: Mapping, values: RowValues): Mapped {
  const read = (target: Target): string | null => {
    const rule = mapping[target];
    return rule ? reading(rule.as).read(valueAt(values, rule.column)) : null;
  };
  return Object.fromEntries(TARGETS.map((target) => [target, read(target)])) as Mapped;
}

/**
 * `question=col,gold=col:box` as a mapping; a column without a reading is read as text.
 * @throws FormatError that names what is not understood.
 */
export function parseMapping(text: string): Mapping {
  const mapping: Mapping = {};
  for (const part of text.split(',')) {
    const [, target, column, as] = /^\s*(\w+)\s*=\s*(.+?)(?::(\w+))?\s*$/.exec(part) ?? [];
    if (!target || !column)
      throw new FormatError(`"${excerpt(part, 40)}" is not a part of a mapping.`, 'Write question=column, or gold=column:box.');
    if (!(TARGETS as readonly string[]).includes(target))
      throw new FormatError(`There is nothing called "${target}" to map to.`, `Possible: ${TARGETS.join(', ')}.`);
    if (as !== undefined && !isReadingId(as))
      throw new FormatError(`"${as}" is no way to read a column.`, `Possible: ${READINGS.map(({ id }) => id).join(', ')}.`);
    mapping[target as Target] = { column, as: as !== undefined && isReadingId(as) ? as : 'text' };
  }
  return mapping;
}

/** @throws FormatError when a mapping lacks what is needed or names columns that are not there. */
export function checkMapping(mapping: Mapping, columns: readonly string[]): void {
  const known = `The columns are ${columns
    .slice(0, 20)
    .map((name) => excerpt(name, 40))
    .join(', ')}${columns.length > 20 ? ` and ${columns.length - 20} more` : ''}.`;
  for (const [target, rule] of Object.entries(mapping))
    if (!columns.includes(rule.column)) throw new FormatError(`There is no column "${excerpt(rule.column, 40)}" for the ${target}.`, known);
  for (const target of ['question', 'gold'] as const)
    if (!mapping[target])
      throw new FormatError(`No column is known to hold the ${target === 'gold' ? 'gold answer' : 'question'}.`, `Choose one. ${known}`);
}
