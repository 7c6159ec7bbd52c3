/** Columns of a table of records, typed once for every file format that needs to know. */

export type ColumnType =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | { list: ColumnType }
  /** Fields in order. */
  | { struct: Readonly<Record<string, ColumnType>> };

export interface Column {
  name: string;
  type: ColumnType;
}

/** A row by column; null or absent where there is no value. JSON values only. */
export type Row = Readonly<Record<string, unknown>>;

export function isNested(type: ColumnType): type is Exclude<ColumnType, string> {
  return typeof type !== 'string';
}
