import type { Row } from './columns';

/** JSON Lines: one row a line, every line ended. */
export function writeJsonl(rows: readonly Row[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
