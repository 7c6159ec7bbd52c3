import type { LlamaConfig } from './config';
import type { Runtime, Session } from './runtime/types';

/** Names a graph among those of all architectures. */
export const graphName = (key: string, config: LlamaConfig): string => `${key} of ${JSON.stringify(config)}`;

/** Sessions by key, built when first needed; the least recently used goes when there are too many (each holds its activations). */
export class SessionCache {
  private readonly sessions = new Map<string, Promise<Session>>();
  constructor(
    private readonly runtime: Runtime,
    private readonly config: LlamaConfig,
    private readonly limit = 40,
  ) {}

  async get(key: string, model: () => Uint8Array): Promise<Session> {
    let session = this.sessions.get(key);
    if (session) this.sessions.delete(key);
    else {
      session = this.runtime.builtSession?.(graphName(key, this.config)) ?? this.runtime.createSession(model());
      session.catch(() => this.sessions.delete(key));
    }
    this.sessions.set(key, session);
    if (this.sessions.size > this.limit) {
      const [oldest, old] = this.sessions.entries().next().value!;
      this.sessions.delete(oldest);
      await (await old).release();
    }
    return session;
  }

  async dispose(): Promise<void> {
    const all = [...this.sessions.values()];
    this.sessions.clear();
    for (const session of all) await (await session).release();
  }
}
