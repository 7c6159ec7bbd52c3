import Papa from 'papaparse';
import { isNested, type Column, type Row } from './columns';

/**
 * CSV as in RFC 4180: a header, CRLF, quotes where needed. Lists and structs are JSON in their cell; an absent value is an empty cell.
 *
 * Values are written exactly as they are. A cell that begins with = + - or @ is not defused for spreadsheets, because that would change answers
 * such as -3 for every program that reads the file; in a spreadsheet, import the columns as text.
 */
export function writeCsv(rows: readonly Row[], columns: readonly Column[]): string {
  const cell = (value: unknown, column: Column): unknown => {
    if (value === null || value === undefined) return '';
    return isNested(column.type) ? JSON.stringify(value) : value;
  };
  const table = [columns.map(({ name }) => name), ...rows.map((row) => columns.map((column) => cell(row[column.name], column)))];
  return `${Papa.unparse(table, { newline: '\r\n' })}\r\n`;
}
