import type { Columns } from '../columns';
import type { FieldRule, Mapping } from '../mapping';
import type { ReadingId } from '../readings';

/** A data set's layout, recognised by its columns. */
export interface Shape {
  id: string;
  name: string;
  /** Where such files are met and what is special about them. */
  description: string;
  /** Null where the columns are not this shape's. */
  match(columns: Columns): Match | null;
}

export interface Match {
  mapping: Mapping;
  /** Why, in words. */
  reason: string;
}

/** `rule('answer', 'box')`; nothing for a column that is not there. */
export function rule(column: string | null, as: ReadingId = 'text'): FieldRule | undefined {
  return column === null ? undefined : { column, as };
}

/** A mapping without the rules that are undefined. */
export function mappingOf(rules: { [K in keyof Mapping]: FieldRule | undefined }): Mapping {
  return Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined));
}
