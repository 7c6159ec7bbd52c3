/** Something the caller can put right: printed as one line on standard error, exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Runs `work` and turns what it throws into an InputError: for reading what the caller named. */
export async function asInput<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InputError) throw error;
    const hint = error instanceof Error && 'hint' in error ? ` ${String(error.hint)}` : '';
    throw new InputError(messageOf(error) + hint, { cause: error });
  }
}
