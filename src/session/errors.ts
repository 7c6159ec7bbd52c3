import { hintOf } from '../base/errors';

/** Any failure as a sentence of what happened and one of what to do. Plain text: some of it quotes files and models. */

/** The reason of a cooperative stop's abort signal. */
export class StopRequested extends Error {
  override readonly name = 'StopRequested';
  constructor() {
    super('Stopped on request.');
  }
}

export interface Failure {
  message: string;
  hint: string;
}

const CONTINUE = 'Everything up to the last stored point is kept: continue to try again from there, or restart the worker.';

export function describeFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: `The worker failed: ${String(error)}`, hint: CONTINUE };
  // Storage, policy folders and the session's own errors bring their advice.
  const hint = hintOf(error);
  if (hint !== null) return { message: error.message, hint };
  switch (error.name) {
    case 'TrainingStopped':
      return { message: error.message, hint: 'Start a run with a lower learning rate for this arm; the steps before this one are kept.' };
    case 'RangeError':
      // Also what WebAssembly throws when it cannot get more memory.
      if (/memory|allocation|array buffer/i.test(error.message)) return outOfMemory(error);
      return { message: error.message, hint: 'Change this setting, then start again.' };
    default:
      if (/out of memory|bad_alloc|memory access out of bounds/i.test(error.message)) return outOfMemory(error);
      return { message: `The worker failed: ${error.message}`, hint: CONTINUE };
  }
}

function outOfMemory(error: Error): Failure {
  return {
    message: `The device ran out of memory (${error.message}).`,
    hint: 'Close other tabs and restart the worker; it continues from the last stored point. A smaller batch or fewer problems need less.',
  };
}
