/** Text in pieces to lines. Linear in the text's length, with at most `max` characters of a line held. */
export interface Line {
  /** From 1. */
  number: number;
  /** Without its line break; null when it is longer than `max`. */
  text: string | null;
  /** Its beginning, for messages. */
  start: string;
}

export async function* splitLines(pieces: AsyncIterable<string>, max: number): AsyncGenerator<Line, void, void> {
  let held: string[] = [];
  let length = 0;
  let number = 1;
  const take = (): Line => {
    const text = length > max ? null : held.join('').replace(/\r$/, '');
    const line = { number: number++, text, start: (text ?? held.join('')).slice(0, 400) };
    held = [];
    length = 0;
    return line;
  };
  const hold = (piece: string): void => {
    // Of a line that is too long only its beginning is kept.
    if (length <= max) held.push(length + piece.length > max ? piece.slice(0, 400) : piece);
    length += piece.length;
  };
  for await (const piece of pieces) {
    let from = 0;
    for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', from)) {
      hold(piece.slice(from, at));
      from = at + 1;
      yield take();
    }
    if (from < piece.length) hold(piece.slice(from));
  }
  if (length > 0) yield take();
}
