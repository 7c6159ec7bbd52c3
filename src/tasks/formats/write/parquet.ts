import type { SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { isNested, type Column, type ColumnType, type Row } from './columns';

const PRIMITIVES = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  integer: { type: 'INT32' },
  number: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
} as const satisfies Record<Extract<ColumnType, string>, Partial<SchemaElement>>;

/**
 * Parquet, compressed with Snappy. Lists and structs are real nested columns (LIST with `list.element`, as Arrow and the Hugging Face
 * `datasets` library read them), and every field may be null.
 * @param metadata key–value pairs of the file's footer.
 */
export function writeParquet(
  rows: readonly Row[],
  columns: readonly Column[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const schema: SchemaElement[] = [
    { name: 'schema', num_children: columns.length },
    ...columns.flatMap(({ name, type }) => elements(name, type)),
  ];
  const buffer = parquetWriteBuffer({
    schema,
    columnData: columns.map(({ name }) => ({ name, data: rows.map((row) => row[name] ?? null) })),
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    createdBy: 'mind-the-gap-notebook (hyparquet-writer)',
  });
  return new Uint8Array(buffer);
}

/** A field with what is nested in it, depth first: the order in which Parquet writes a schema. */
function elements(name: string, type: ColumnType): SchemaElement[] {
  if (!isNested(type)) return [{ name, repetition_type: 'OPTIONAL', ...PRIMITIVES[type] }];
  if ('list' in type) {
    return [
      { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      ...elements('element', type.list),
    ];
  }
  const fields = Object.entries(type.struct);
  return [
    { name, repetition_type: 'OPTIONAL', num_children: fields.length },
    ...fields.flatMap(([field, fieldType]) => elements(field, fieldType)),
  ];
}
