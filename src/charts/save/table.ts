/** A table of the page as rows of texts. Hidden texts and signs are left out, and a cell that spans rows or columns is repeated in each. */

export function tableRows(table: HTMLTableElement): string[][] {
  const rows: string[][] = [];
  for (const [r, row] of [...table.rows].entries()) {
    const cells = (rows[r] ??= []);
    let c = 0;
    for (const cell of row.cells) {
      while (cells[c] !== undefined) c++;
      const text = textOf(cell);
      for (let y = 0; y < cell.rowSpan; y++) for (let x = 0; x < cell.colSpan; x++) (rows[r + y] ??= [])[c + x] = text;
      c += cell.colSpan;
    }
  }
  return rows;
}

/**
 * CSV as in RFC 4180. Numbers look as on the page, but with an ASCII minus sign and without narrow spaces, so that programs can read them.
 */
export async function tableCsv(table: HTMLTableElement): Promise<string> {
  const { default: Papa } = await import('papaparse');
  return `${Papa.unparse(tableRows(table), { newline: '\r\n' })}\r\n`;
}

function textOf(cell: HTMLTableCellElement): string {
  const copy = cell.cloneNode(true) as HTMLElement;
  for (const hidden of copy.querySelectorAll('[aria-hidden="true"], .visually-hidden, button')) hidden.remove();
  return copy.textContent
    .replace(/\u2212/g, '-')
    .replace(/[\u202f\u2009]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
