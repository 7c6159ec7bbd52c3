/** Cuts a text with formulas in dollar signs or LaTeX brackets into text and formulas. Pure, and linear in the length of the text. */

export interface Segment {
  kind: 'text' | 'math';
  /** The text, or the formula without its delimiters. */
  text: string;
  display: boolean;
}

const PAIRS: readonly { open: string; close: string; display: boolean }[] = [
  { open: '$$', close: '$$', display: true },
  { open: '\\[', close: '\\]', display: true },
  { open: '\\(', close: '\\)', display: false },
  { open: '$', close: '$', display: false },
];

/** A longer formula is shown as text. The search for its closing sign goes no further either. */
const LONGEST = 2000;
const OPENING = /\$\$?|\\[[($]/g;

/**
 * A single dollar sign opens a formula only before a character that is no blank, and closes one only after such a character and before no
 * digit. So "$5 and $6" is money (Pandoc's rule).
 */
export function mathSegments(text: string): Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  const opening = new RegExp(OPENING);
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    const [opened] = match;
    const pair = PAIRS.find(({ open }) => open === opened);
    const start = match.index + match[0].length;
    // An escaped dollar sign is a dollar sign.
    const end = pair ? closing(text, start, pair.close) : -1;
    if (!pair || end < 0) continue;
    if (match.index > from) segments.push({ kind: 'text', text: text.slice(from, match.index), display: false });
    segments.push({ kind: 'math', text: text.slice(start, end), display: pair.display });
    opening.lastIndex = from = end + pair.close.length;
  }
  if (from < text.length) segments.push({ kind: 'text', text: text.slice(from), display: false });
  return segments;
}

function closing(text: string, start: number, close: string): number {
  const window = text.slice(start, start + LONGEST);
  if (close !== '$') {
    const at = window.indexOf(close);
    return at > 0 ? start + at : -1;
  }
  let at = window.indexOf('$');
  while (at > 0 && window[at - 1] === '\\') at = window.indexOf('$', at + 1);
  // Either the next dollar sign closes the formula or none does, so that each part of the text is read once.
  const inside = window.slice(0, at);
  if (at <= 0 || /^\s|\s$/.test(inside) || /\d/.test(text[start + at + 1] ?? '')) return -1;
  // A blank line ends a paragraph, and a formula does not cross it.
  return /\n[ \t]*\n/.test(inside) ? -1 : start + at;
}

/** A formula that is nested deeper is shown as its source. Real formulas are not; inputs made to stall a parser are. */
const DEEPEST = 60;

export function isTooDeep(tex: string): boolean {
  let depth = 0;
  for (const c of tex) {
    if (c === '{' && ++depth > DEEPEST) return true;
    if (c === '}') depth--;
  }
  return tex.length > LONGEST;
}
