/** Any thrown thing as a sentence that says what happened and one that says what to do. Plain text, never markup. */

export interface Explained {
  message: string;
  hint: string;
}

const MAX = 400;

export function explain(error: unknown, what: string): Explained {
  const own = error instanceof Error ? error.message : String(error);
  const hint = error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? error.hint : '';
  // The worker's own errors are whole sentences already; others get the context first.
  const message = hint ? own : own ? `${what} (${own})` : what;
  return {
    message: message.slice(0, MAX),
    hint: hint.slice(0, MAX) || 'Try again; if it happens again, reload the page. What was stored is kept.',
  };
}
