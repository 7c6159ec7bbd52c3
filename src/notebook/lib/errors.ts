/** Any thrown thing as a sentence that says what happened and one that says what to do. Plain text, never markup. */
import { hintOf, messageOf } from '../../base/errors';

export interface Explained {
  message: string;
  hint: string;
}

const MAX = 400;

export function explain(error: unknown, what: string): Explained {
  const own = messageOf(error);
  const hint = hintOf(error) ?? '';
  // The worker's own errors are whole sentences already; others get the context first.
  const message = hint ? own : own ? `${what} (${own})` : what;
  return {
    message: message.slice(0, MAX),
    hint: hint.slice(0, MAX) || 'Try again; if it happens again, reload the page. What was stored is kept.',
  };
}
