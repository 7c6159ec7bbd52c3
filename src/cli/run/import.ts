/** `gap import`: a file or a data set of the Hub becomes a task; what was left out is in the report. */
import { open, readFile, stat, type FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { loadTokenizer } from '../../policy/tokenizer';
import { parseTask, taskJson } from '../../tasks/dataset';
import { chooseFile, hubSource, listDataset, type HubOptions } from '../../tasks/formats/hub';
import { importProblems, type ImportOptions, type Imported } from '../../tasks/formats/import';
import { contextCheck } from '../../tasks/formats/length';
import { parseMapping } from '../../tasks/formats/mapping';
import { randomAccess, type Source } from '../../tasks/formats/source';
import { overlap, provenance, TEMPLATES, toTaskSpec } from '../../tasks/formats/task';
import { asInput, InputError, messageOf } from '../errors';
import { interruptSignal } from '../interrupt';
import { log, printJson, Progress, writeWhole } from '../output';

export interface ImportCommandOptions {
  in?: string;
  hub?: string;
  file?: string;
  split?: string;
  revision?: string;
  base?: string;
  testIn?: string;
  shape?: string;
  map?: string;
  limit: number;
  policy?: string;
  maxLength?: number;
  keepLong: boolean;
  templates: 'general' | 'built-in';
  validation: number;
  test: number;
  name?: string;
  out?: string;
}

export async function importTask(options: ImportCommandOptions): Promise<void> {
  if (!options.in && !options.hub) throw new InputError('Nothing to import: name a file with --in or a data set with --hub.');
  const signal = interruptSignal();
  const settings: ImportOptions = {
    shape: options.shape,
    mapping: options.map === undefined ? undefined : await asInput(() => parseMapping(options.map!)),
    limit: options.limit,
    keepLong: options.keepLong,
    lengthProblem: await lengthProblem(options),
  };
  const { main, test } = await withSources(options, signal, async ({ source, revision, testSource }) => ({
    main: await read(source, { ...settings, revision }, signal),
    test: testSource ? await read(testSource, settings, signal) : null,
  }));
  const name = options.name ?? options.hub ?? basename(options.in!).replace(/\.\w+$/, '');
  const description = [main, test].flatMap((part) => (part ? [provenance(part.report)] : [])).join(' ');
  const report = {
    ...main.report,
    ...(test && { test: { ...test.report, alsoInTraining: overlap(test.rows, main.rows) } }),
  };
  if (main.rows.length > 0 && options.out !== undefined) {
    const { templates, validation, test: held } = options;
    const spec = toTaskSpec(main.rows, { name, description, templates, validation, test: held, ...(test && { testRows: test.rows }) });
    await writeWhole(options.out, taskJson(await asInput(() => parseTask(spec))));
    log(`${options.out}: ${spec.sets.map(({ id, rows }) => `${id} ${rows.length}`).join(', ')}`);
  }
  await printJson(report);
  if (main.rows.length === 0) throw new InputError('No row can be used; the report says why. Nothing was written.');
}

interface Sources {
  source: Source;
  revision?: string;
  testSource: Source | null;
}

/** Runs `work` with the sources that the options name, and closes their files. */
async function withSources<T>(options: ImportCommandOptions, signal: AbortSignal, work: (sources: Sources) => Promise<T>): Promise<T> {
  const handles: FileHandle[] = [];
  const fromFile = async (path: string): Promise<Source> => {
    const { source, handle } = await fileSource(path);
    handles.push(handle);
    return source;
  };
  try {
    const main = options.hub ? await asInput(() => fromHub(options, signal)) : { source: await fromFile(options.in!) };
    return await work({ ...main, testSource: options.testIn === undefined ? null : await fromFile(options.testIn) });
  } finally {
    for (const handle of handles) await handle.close();
  }
}

async function fromHub(options: ImportCommandOptions, signal: AbortSignal): Promise<{ source: Source; revision: string }> {
  const { HF_TOKEN: token } = process.env;
  const hub: HubOptions = { fetch, base: options.base, revision: options.revision, token: token === '' ? undefined : token, signal };
  const listing = await listDataset(options.hub!, hub);
  const file = chooseFile(listing, { split: options.split, file: options.file });
  log(`${listing.id} at ${listing.revision}: ${file.path}${listing.license ? ` (license: ${listing.license})` : ''}`);
  return { source: await hubSource(file, listing.id, hub), revision: listing.revision };
}

async function fileSource(path: string): Promise<{ source: Source; handle: FileHandle }> {
  try {
    if ((await stat(path)).isDirectory()) throw new InputError(`${path} is a folder; a file is needed.`);
    const handle = await open(path);
    const { size } = await handle.stat();
    const read = async (start: number, end: number): Promise<ArrayBuffer> => {
      const { buffer, bytesRead } = await handle.read(new Uint8Array(end - start), 0, end - start, start);
      return buffer.buffer.slice(0, bytesRead);
    };
    return { source: randomAccess(basename(path), size, read), handle };
  } catch (error) {
    if (error instanceof InputError) throw error;
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new InputError(missing ? `There is no file ${path}.` : `${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function read(source: Source, settings: ImportOptions, signal: AbortSignal): Promise<Imported> {
  const progress = new Progress(source.name);
  return asInput(async () => {
    try {
      return await importProblems(
        source,
        settings,
        ({ bytes, of, rows }) => progress.update(bytes, of ?? bytes + 1, `${rows} rows`),
        signal,
      );
    } finally {
      progress.end();
    }
  });
}

/** The context check of the policy that the options name. */
async function lengthProblem({ policy, maxLength, templates }: ImportCommandOptions): Promise<ImportOptions['lengthProblem']> {
  if (policy === undefined) {
    if (maxLength !== undefined) throw new InputError('--max-length counts a policy’s tokens: name the policy with --policy.');
    return undefined;
  }
  return asInput(async () => {
    const text = (name: string) => readFile(join(policy, name), 'utf8');
    const tokenizer = loadTokenizer(await text('tokenizer.json'), await text('tokenizer_config.json'));
    const { max_position_embeddings: context } = JSON.parse(await text('config.json')) as { max_position_embeddings?: number };
    const limit = maxLength ?? context;
    if (limit === undefined) throw new InputError(`${join(policy, 'config.json')} does not say how long the context is: use --max-length.`);
    return { check: contextCheck(tokenizer, limit, TEMPLATES[templates]), limit };
  });
}
