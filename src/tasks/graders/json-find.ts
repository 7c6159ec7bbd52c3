/** The last JSON object in a text that also holds other words and braces. */

export interface FoundObject {
  text: string;
  value: unknown;
}

/** Characters looked at over all attempts: an opening brace that nothing closes costs a pass over the rest. */
const STEPS = 2_000_000;

/** Outermost objects only. 'too-long' where unclosed braces make the search exceed its steps. */
export function lastObject(text: string): FoundObject | 'too-long' | null {
  let last: FoundObject | null = null;
  let steps = 0;
  let from = text.indexOf('{');
  while (from >= 0) {
    const end = closing(text, from);
    steps += (end < 0 ? text.length : end) - from;
    if (steps > STEPS) return 'too-long';
    const value = end < 0 ? undefined : parse(text.slice(from, end + 1));
    if (value !== undefined) last = { text: text.slice(from, end + 1), value };
    from = text.indexOf('{', value === undefined ? from + 1 : end + 1);
  }
  return last;
}

/** Index of the brace that closes the one at `from`, strings skipped as JSON has them; −1 where none does. */
function closing(text: string, from: number): number {
  let depth = 0;
  let inString = false;
  for (let i = from; i < text.length; i++) {
    const c = text[i];
    if (inString) {
      if (c === '\\') i++;
      else if (c === '"') inString = false;
      // JSON strings do not go over lines: the quote was none.
      else if (c === '\n') return -1;
    } else if (c === '"') inString = true;
    else if (c === '{') depth++;
    else if (c === '}' && --depth === 0) return i;
  }
  return -1;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not JSON, or nested beyond what the platform's parser takes.
    return undefined;
  }
}
