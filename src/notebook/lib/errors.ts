/** Explains any caught value: one sentence says what happened, one what to do. Both are plain text, never markup. */
import { hintOf, messageOf } from '../../base/errors';

export interface Explained {
  message: string;
  hint: string;
}

const MAX = 400;

export function explain(error: unknown, what: string): Explained {
  const own = messageOf(error);
  const hint = hintOf(error) ?? '';
  // Errors with a hint are whole sentences already; any other message is put behind `what`.
  const message = hint ? own : own ? `${what} (${own})` : what;
  return {
    message: message.slice(0, MAX),
    hint: hint.slice(0, MAX) || 'Try again; if it happens again, reload the page. What was stored is kept.',
  };
}
