import type { Runtime, Session } from './types';

/**
 * A turn of the event loop. WebAssembly runs resolve as microtasks, so a loop of them never lets a 'stop' message in; a channel's message
 * is a task, without the 4 ms that nested timers are held back.
 */
export class Breather {
  private readonly interval: number;
  private last = performance.now();
  private readonly channel = new MessageChannel();
  private waiting: (() => void)[] = [];

  /** At most one turn per `interval` milliseconds. */
  constructor(interval = 8) {
    this.interval = interval;
    this.channel.port1.onmessage = () => {
      const [next, ...rest] = this.waiting;
      this.waiting = rest;
      next?.();
    };
    // Node keeps a process alive for an open port; browsers have no such notion.
    (this.channel.port1 as MessagePort & { unref?: () => void }).unref?.();
  }

  async breathe(): Promise<void> {
    if (performance.now() - this.last < this.interval) return;
    await new Promise<void>((resolve) => {
      this.waiting.push(resolve);
      this.channel.port2.postMessage(null);
    });
    this.last = performance.now();
  }
}

/** The runtime with a turn of the event loop between runs: a message is heard after the run in progress, however long the loop around it. */
export function breathing(runtime: Runtime, breather: Breather): Runtime {
  const session = (inner: Session): Session => ({
    async run(feeds, fetches) {
      await breather.breathe();
      return inner.run(feeds, fetches);
    },
    release: () => inner.release(),
  });
  return {
    info: runtime.info,
    kernels: runtime.kernels,
    createSession: async (model) => session(await runtime.createSession(model)),
    builtSession: (name) => runtime.builtSession?.(name)?.then(session) ?? null,
    upload: (shape, data, adopt) => runtime.upload(shape, data, adopt),
    write: (target, data) => runtime.write(target, data),
    clear: (target) => runtime.clear(target),
    read: (source) => runtime.read(source),
    ...(runtime.part && { part: runtime.part.bind(runtime) }),
    ...(runtime.add && { add: runtime.add.bind(runtime) }),
    ...(runtime.inPlace && { inPlace: runtime.inPlace.bind(runtime) }),
    ...(runtime.readAll && { readAll: runtime.readAll.bind(runtime) }),
    ...(runtime.adamw && { adamw: runtime.adamw.bind(runtime) }),
    dispose: () => runtime.dispose(),
  };
}
