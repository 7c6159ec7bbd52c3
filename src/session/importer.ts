/** What the import worker does with a command. One command at a time; takes a `post` callback, so Node tests drive it. */
import { hintOf, messageOf } from '../base/errors';
import { loadTokenizer } from '../policy/tokenizer';
import type { ImportCommand, ImportReply, ImportSource, ReadCommand, ReadResult } from '../protocol/importer';
import { FormatError } from '../tasks/formats/errors';
import { hubSource, listDataset, type HubFetch } from '../tasks/formats/hub';
import { importProblems, type ImportOptions } from '../tasks/formats/import';
import { contextCheck } from '../tasks/formats/length';
import { UNKNOWN_SHARE, unknownShare, worldVocabulary } from '../tasks/formats/readability';
import { blobSource, textSource, type Source } from '../tasks/formats/source';
import { TEMPLATES } from '../tasks/formats/task';

/** Rows that the page shows before they are used. */
const PREVIEW = 20;

export class Importer {
  #running: { id: number; controller: AbortController } | null = null;

  constructor(
    private readonly post: (reply: ImportReply) => void,
    private readonly fetch: typeof globalThis.fetch = (...args) => globalThis.fetch(...args),
  ) {}

  /** A new command stops the one before it. */
  receive(command: ImportCommand): void {
    if (command.type === 'stop') {
      if (this.#running?.id === command.id) this.#running.controller.abort();
      return;
    }
    this.#running?.controller.abort();
    const controller = new AbortController();
    this.#running = { id: command.id, controller };
    void this.#run(command, controller.signal);
  }

  async #run(command: Exclude<ImportCommand, { type: 'stop' }>, signal: AbortSignal): Promise<void> {
    const { id } = command;
    try {
      if (command.type === 'list') {
        const { base, revision } = command;
        this.post({ type: 'listed', id, listing: await listDataset(command.dataset, { fetch: this.#hubFetch, base, revision, signal }) });
      } else this.post({ type: 'read', id, result: await this.#read(command, signal) });
    } catch (error) {
      this.post({ type: 'failed', id, ...inWords(error), stopped: signal.aborted });
    } finally {
      if (this.#running?.id === id) this.#running = null;
    }
  }

  async #read(command: ReadCommand, signal: AbortSignal): Promise<ReadResult> {
    const { id, shape, mapping, limit, keepLong, policy } = command;
    const vocabulary = policy?.builtIn ? worldVocabulary() : undefined;
    const options: ImportOptions = {
      ...{ shape, mapping, limit, keepLong, vocabulary },
      lengthProblem: policy ? await this.#lengthProblem(command, policy, signal) : undefined,
      revision: command.source.kind === 'hub' ? command.source.revision : undefined,
    };
    const source = await this.#source(command.source, signal);
    const { rows, report } = await importProblems(source, options, (progress) => this.post({ type: 'progress', id, progress }), signal);
    const readable = vocabulary ? rows.slice(0, PREVIEW).map(({ question }) => unknownShare(question, vocabulary) <= UNKNOWN_SHARE) : [];
    return { rows, report, readable };
  }

  async #source(source: ImportSource, signal: AbortSignal): Promise<Source> {
    if (source.kind === 'file') return blobSource(source.name, source.file);
    if (source.kind === 'text') return textSource('The pasted text', source.text);
    return hubSource(source.file, source.dataset, { fetch: this.#hubFetch, base: source.base, revision: source.revision, signal });
  }

  /** Without the page's cookies, and without telling the server which page asks. */
  readonly #hubFetch: HubFetch = (url, init) => this.fetch(url, { ...init, credentials: 'omit', referrerPolicy: 'no-referrer' });

  async #lengthProblem(
    { templates }: ReadCommand,
    { url, maxLength }: NonNullable<ReadCommand['policy']>,
    signal: AbortSignal,
  ): Promise<NonNullable<ImportOptions['lengthProblem']>> {
    const text = async (name: string): Promise<string> => {
      const response = await this.fetch(new URL(name, url), { signal });
      if (!response.ok)
        throw new FormatError(`The policy’s ${name} could not be loaded (${response.status}).`, 'Reload the page and try again.');
      return response.text();
    };
    const tokenizer = loadTokenizer(await text('tokenizer.json'), await text('tokenizer_config.json'));
    return { check: contextCheck(tokenizer, maxLength, TEMPLATES[templates]), limit: maxLength };
  }
}

function inWords(error: unknown): { message: string; hint: string } {
  const hint = hintOf(error);
  if (hint !== null) return { message: messageOf(error), hint };
  // A file that was moved or changed while it was read.
  if (error instanceof DOMException && error.name === 'NotReadableError')
    return { message: 'The file can no longer be read: it was moved or changed.', hint: 'Choose it again.' };
  return { message: `The import failed (${messageOf(error)}).`, hint: 'Try again.' };
}
