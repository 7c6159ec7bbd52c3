/** A failure: `message` says what happened, `hint` what to do. Both are plain text that may quote files and models, never markup. */
export class HintedError extends Error {
  override readonly name: string = 'HintedError';
  constructor(
    message: string,
    readonly hint: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The hint of whatever was thrown, or null where it brings none. */
export function hintOf(error: unknown): string | null {
  return error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? error.hint : null;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Message and hint in one line, for places with no room for two. */
export function inWords(error: unknown): string {
  return [messageOf(error), hintOf(error)].filter(Boolean).join(' ');
}
