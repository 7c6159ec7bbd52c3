/** Bringing problems in: the import worker as the page sees it. What was imported stays until something else was, whole. */
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

/** What a stop may take before the worker is ended: a row group of Parquet is decoded in one go. */
const PATIENCE_MS = 1500;

type Wanted = Pick<ReadCommand, 'source' | 'shape' | 'mapping'>;
export type PolicyForImport = ReadCommand['policy'];

export class Importer {
  /** What the last finished import gave. */
  result = $state.raw<ReadResult | null>(null);
  /** What it was asked for; what changes of shape or mapping start from. */
  #shown: Wanted | null = null;
  listing = $state.raw<HubListing | null>(null);
  /** While working: null before the first word of it. */
  progress = $state.raw<ImportProgress | null>(null);
  busy = $state<'read' | 'list' | null>(null);
  failure = $state.raw<Explained | null>(null);
  limit = $state(20_000);
  keepLong = $state(false);
  /** Wording of the prompts, where the reader chose one. */
  #templates = $state<TemplatesId | null>(null);
  #base = '';
  #worker: Worker | null = null;
  #id = 0;
  #wanted: Wanted | null = null;
  readonly #policy: () => PolicyForImport;
  readonly #isBuiltIn: () => boolean;

  /**
   * @param policy the loaded policy, whose context and words rows are measured by
   * @param isBuiltIn whether the chosen policy, loaded or not, is the built-in one: it knows its own wording of prompts only
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

  /** Reads a source anew: shape and mapping are recognised. */
  read(source: ImportSource): void {
    this.#read({ source });
  }

  readHub(listing: HubListing, file: HubFile): void {
    // A copy: what is posted must be plain data.
    this.read({ kind: 'hub', dataset: listing.id, revision: listing.revision, file: { ...file }, base: this.#base });
  }

  list(dataset: string, revision: string, base: string): void {
    this.#base = base;
    this.listing = null;
    this.#send('list', { type: 'list', id: ++this.#id, dataset, revision: revision.trim() || 'main', base });
  }

  /** Reads the shown source again, as another shape, by another mapping or with other settings. */
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

  /** Ends the worker with what it does. */
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
    // Answers to what is no longer wanted are dropped.
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
