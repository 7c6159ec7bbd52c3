/** The import worker as the page sees it. The last import stays on the page until another one is finished. */
import { messageOf } from '../../base/errors';
import type {
  HubFile,
  HubListing,
  ImportCommand,
  ImportProgress,
  ImportReply,
  ImportSource,
  ReadCommand,
  ReadResult,
} from '../../protocol/importer';
import type { FieldRule, MappingChange, Target } from '../../tasks/formats/mapping';
import type { TemplatesId } from '../../tasks/formats/task';
import type { Explained } from '../lib/errors';

/** How long a stop may take before the worker is ended. A row group of Parquet is decoded in one go. */
const PATIENCE_MS = 1500;

type Wanted = Pick<ReadCommand, 'source' | 'shape' | 'mapping'>;
export type PolicyForImport = ReadCommand['policy'];

export class Importer {
  /** The result of the last finished import. */
  result = $state.raw<ReadResult | null>(null);
  /** The command that it answered. Changes of shape or mapping start from it. */
  #shown: Wanted | null = null;
  listing = $state.raw<HubListing | null>(null);
  /** Progress while it works; null before the worker's first message. */
  progress = $state.raw<ImportProgress | null>(null);
  busy = $state<'read' | 'list' | null>(null);
  failure = $state.raw<Explained | null>(null);
  limit = $state(20_000);
  keepLong = $state(false);
  /** The wording of the prompts, if the reader chose one. */
  #templates = $state<TemplatesId | null>(null);
  #base = '';
  #worker: Worker | null = null;
  #id = 0;
  #wanted: Wanted | null = null;
  readonly #policy: () => PolicyForImport;
  readonly #isBuiltIn: () => boolean;

  /**
   * @param policy the loaded policy, whose context and vocabulary decide which rows it can use
   * @param isBuiltIn whether the chosen policy, loaded or not, is the built-in one, which knows only its own wording of prompts
   */
  constructor(policy: () => PolicyForImport, isBuiltIn: () => boolean) {
    this.#policy = policy;
    this.#isBuiltIn = isBuiltIn;
  }

  get templates(): TemplatesId {
    return this.#templates ?? (this.#isBuiltIn() ? 'built-in' : 'general');
  }

  set templates(templates: TemplatesId) {
    this.#templates = templates;
  }

  /** Reads another source and recognises its shape and mapping. */
  read(source: ImportSource): void {
    this.#read({ source });
  }

  readHub(listing: HubListing, file: HubFile): void {
    // A copy, because only plain data can be posted.
    this.read({ kind: 'hub', dataset: listing.id, revision: listing.revision, file: { ...file }, base: this.#base });
  }

  list(dataset: string, revision: string, base: string): void {
    this.#base = base;
    this.listing = null;
    this.#send('list', { type: 'list', id: ++this.#id, dataset, revision: revision.trim() || 'main', base });
  }

  /** Reads the same source again with another shape, mapping or other settings. */
  again(change: { shape?: string; target?: Target; rule?: FieldRule | null } = {}): void {
    if (!this.#shown || !this.result) return;
    const { source, shape, mapping } = this.#shown;
    if (change.shape !== undefined) this.#read({ source, shape: change.shape });
    else {
      const next: MappingChange = { ...mapping };
      if (change.target) next[change.target] = change.rule ?? null;
      this.#read({ source, mapping: next, ...(shape !== undefined && { shape }) });
    }
  }

  stop(): void {
    const id = this.#id;
    this.#worker?.postMessage({ type: 'stop', id } satisfies ImportCommand);
    setTimeout(() => {
      if (this.busy && this.#id === id) this.#end({ message: 'Stopped.', hint: 'Nothing was changed.' });
    }, PATIENCE_MS);
  }

  /** Ends the worker and the work in it. */
  dispose(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.busy = null;
  }

  #read(wanted: Wanted): void {
    this.#wanted = wanted;
    const { limit, keepLong, templates } = this;
    const mapping = $state.snapshot(wanted.mapping);
    this.#send('read', {
      ...{ type: 'read', id: ++this.#id, source: wanted.source, limit, keepLong, templates, policy: this.#policy() },
      ...(wanted.shape !== undefined && { shape: wanted.shape }),
      ...(mapping && { mapping }),
    });
  }

  #send(busy: 'read' | 'list', command: ImportCommand): void {
    this.busy = busy;
    this.progress = null;
    this.failure = null;
    try {
      this.#worker ??= this.#start();
      this.#worker.postMessage(command);
    } catch (error) {
      this.#end({
        message: `The import could not be started (${messageOf(error)}).`,
        hint: 'Reload the page and try again.',
      });
    }
  }

  #start(): Worker {
    const worker = new Worker(new URL('../../../workers/import.worker.ts', import.meta.url), { type: 'module', name: 'import' });
    worker.onmessage = (event: MessageEvent<ImportReply>) => this.#take(event.data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end({
        message: 'The worker that reads files stopped unexpectedly.',
        hint: 'The file may need more memory than there is. Try a part of it.',
      });
    };
    return worker;
  }

  #end(failure: Explained): void {
    this.dispose();
    this.failure = failure;
  }

  #take(reply: ImportReply): void {
    // Replies to an earlier command are dropped.
    if (reply.id !== this.#id || !this.busy) return;
    if (reply.type === 'progress') {
      this.progress = reply.progress;
      return;
    }
    this.busy = null;
    if (reply.type === 'read') {
      this.result = reply.result;
      this.#shown = this.#wanted;
    } else if (reply.type === 'listed') this.listing = reply.listing;
    else
      this.failure = reply.stopped ? { message: 'Stopped.', hint: 'Nothing was changed.' } : { message: reply.message, hint: reply.hint };
  }
}
