import { inWords, messageOf } from '../base/errors';

export { messageOf };

/** Something the caller can put right: printed as one line on standard error, exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** Runs `work` and turns what it throws into an InputError: for reading what the caller named. */
export async function asInput<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(inWords(error), { cause: error });
  }
}
