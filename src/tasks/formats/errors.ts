import { HintedError, messageOf } from '../../base/errors';

/** A file, a data set or a mapping that cannot be used: one sentence says what is wrong, `hint` says what to do. */
export class FormatError extends HintedError {
  override readonly name = 'FormatError';
}

/** A short piece of a text for lists and messages: one line, cut in the middle of nothing. */
export function excerpt(text: string, length = 80): string {
  const line = text
    .slice(0, length * 4)
    .replace(/\s+/g, ' ')
    .trim();
  const characters = Array.from(line);
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : line;
}

/** The message of a thrown thing on one line, without what quotes the input at length. */
export function reasonOf(error: unknown): string {
  return excerpt(messageOf(error), 160);
}
