/** A \boxed{…} or \fbox{…}: its content and where it stands. */
export interface Box {
  content: string;
  start: number;
  end: number;
}

/** Every complete box, outermost only, in order. Iterative: nesting of any depth costs no stack. */
export function findBoxes(text: string): Box[] {
  const boxes: Box[] = [];
  const opening = /\\(?:boxed|fbox)(?![a-zA-Z])\s*/g;
  let match: RegExpExecArray | null;
  while ((match = opening.exec(text)) !== null) {
    const from = match.index + match[0].length;
    if (text[from] === '{') {
      const end = closingBrace(text, from);
      if (end < 0) break;
      boxes.push({ content: text.slice(from + 1, end), start: match.index, end: end + 1 });
      opening.lastIndex = end + 1;
    } else {
      // \boxed 5: TeX takes the next sign; what is meant is the next word.
      const word = /^[^\s$\\{}]+/.exec(text.slice(from, from + 64))?.[0];
      if (word) boxes.push({ content: word.replace(/[.,;]$/, ''), start: match.index, end: from + word.length });
    }
  }
  return boxes;
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const c = text[i];
    if (c === '\\') i++;
    else if (c === '{') depth++;
    else if (c === '}' && --depth === 0) return i;
  }
  return -1;
}

/** What may stand between boxes that are one answer together: \boxed{2}, \boxed{3} and \boxed{5}; y_1 = \boxed{…} and y_2 = \boxed{…}. */
const JOINT = /^(?:[\s$,;&]|\\[,;:!() [\]]|\\q?quad|\\text\s*\{[^{}]*\}|and|or|[a-zA-Z](?:_\{?\w{1,3}\}?)?(?:\([a-z]\))?\s*=)*$/;
/** More boxes in a row are no answer of several parts. */
const MAX_JOINT = 100;
const SEPARATOR = /[,;]|\band\b|\bor\b|quad/;

/**
 * The last box, with those that only separators part from it joined by commas.
 * Without a separator (two boxes in separate formulas, one after the other) the last one stands alone.
 */
export function lastBoxes(text: string): string | null {
  const boxes = findBoxes(text);
  const last = boxes.at(-1);
  if (!last) return null;
  const group = [last];
  for (let i = boxes.length - 2; i >= 0 && group.length < MAX_JOINT; i--) {
    const between = text.slice(boxes[i]!.end, group[0]!.start);
    if (between.length > 80 || !JOINT.test(between) || !SEPARATOR.test(between.replace(/\\[,;]/g, ''))) break;
    group.unshift(boxes[i]!);
  }
  return group.map((box) => box.content).join(', ');
}
