/** Stopped from outside: Ctrl-C or a terminating process manager. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

let controller: AbortController | null = null;

/** A signal that aborts at the first SIGINT or SIGTERM; a second one ends the process as usual. */
export function interruptSignal(): AbortSignal {
  if (!controller) {
    controller = new AbortController();
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller!.abort(new Interrupted('Stopped.')));
  }
  return controller.signal;
}
