/** What a data set of a Hub holds. */
import { FormatError } from '../errors';
import { baseOf, get, getJson, type HubOptions, type HubResponse } from './request';

export interface HubFile {
  /** Path in the repository, or `config/split` of the converted files. */
  path: string;
  url: string;
  bytes: number | null;
  /** 'train', 'test' …, where the name or the Hub says so. */
  split: string | null;
  config: string | null;
}

export interface HubListing {
  id: string;
  /** The commit that the files are of. */
  revision: string;
  files: HubFile[];
  /** Stated by the data set's card. */
  license: string | null;
}

const DATA = /\.(jsonl|ndjson|json|csv|tsv|parquet)$/i;
/** Files of a repository that describe it. */
const NOT_DATA = /(^|\/)(dataset_infos?|config|package|state|tokenizer|\.[^/]*)\.json$/i;
const ID = /^[\w.-]+(?:\/[\w.-]+)?$/;

/** The id in what a reader types: `owner/name`, or the address of its page. @throws FormatError for anything else. */
export function parseHubId(text: string): string {
  const id = text
    .trim()
    .replace(/^https?:\/\/[^/]+\/datasets\//, '')
    .replace(/^datasets\//, '')
    .replace(/[?#].*$/, '')
    .replace(/\/(?:tree|blob|resolve|viewer)\/.*$/, '')
    .replace(/\/$/, '');
  if (!ID.test(id) || id.includes('..'))
    throw new FormatError(`"${text.trim().slice(0, 60)}" is not the name of a data set.`, 'Write it as owner/name, as on its page.');
  return id;
}

/** Data files of a repository at one commit, with the splits that their names tell. */
export async function listDataset(name: string, options: HubOptions): Promise<HubListing> {
  const id = parseHubId(name);
  const base = baseOf(options);
  const revision = options.revision ?? 'main';
  const info = (await getJson(`${base}/api/datasets/${id}/revision/${encodeURIComponent(revision)}`, id, options)) as {
    sha?: unknown;
    cardData?: { license?: unknown };
  };
  const sha = typeof info.sha === 'string' ? info.sha : revision;
  const entries = await listTree(`${base}/api/datasets/${id}/tree/${sha}?recursive=true`, id, options);
  const files = entries
    .filter(({ type, path }) => type === 'file' && DATA.test(path) && !NOT_DATA.test(path))
    .map(({ path, size, lfs }): HubFile => {
      const url = `${base}/datasets/${id}/resolve/${sha}/${path.split('/').map(encodeURIComponent).join('/')}`;
      return { path, url, bytes: lfs?.size ?? size ?? null, ...splitOf(path) };
    });
  const listed = files.length > 0 ? files : await converted(id, base, options);
  if (listed.length === 0)
    throw new FormatError(`${id} has no JSONL, JSON, CSV, TSV or Parquet files.`, 'Another data set, or a file of your own, can be read.');
  const license = info.cardData?.license;
  return {
    id,
    revision: sha,
    files: listed,
    license: typeof license === 'string' ? license : Array.isArray(license) ? license.join(', ') : null,
  };
}

interface TreeEntry {
  type: string;
  path: string;
  size?: number;
  lfs?: { size: number };
}

/** All pages of a repository's tree; the Hub links each to the next. */
async function listTree(first: string, id: string, options: HubOptions): Promise<TreeEntry[]> {
  const entries: TreeEntry[] = [];
  let url: string | null = first;
  for (let page = 0; url !== null && page < 50; page++) {
    const response: HubResponse = await get(url, id, options);
    const body = await response.json();
    if (!Array.isArray(body))
      throw new FormatError(`The list of files of ${id} is not in the form of the Hub.`, `Is ${baseOf(options)} the address of a Hub?`);
    entries.push(...(body as TreeEntry[]));
    const next = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get('link') ?? '')?.[1] ?? null;
    // Only the server that was asked is asked again.
    url = next?.startsWith(`${baseOf(options)}/`) ? next : null;
  }
  return entries;
}

/** The Parquet files that the Hub itself makes of data sets in other forms: config → split → addresses. */
async function converted(id: string, base: string, options: HubOptions): Promise<HubFile[]> {
  let configs: unknown;
  try {
    configs = await getJson(`${base}/api/datasets/${id}/parquet`, id, options);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    return [];
  }
  const files: HubFile[] = [];
  for (const [config, splits] of Object.entries((configs ?? {}) as Record<string, Record<string, unknown>>))
    for (const [split, urls] of Object.entries(splits ?? {}))
      for (const [i, url] of (Array.isArray(urls) ? (urls as unknown[]) : []).entries())
        if (typeof url === 'string' && url.startsWith(`${base}/`))
          files.push({ path: `${config}/${split}/${i}.parquet`, url, bytes: null, split, config });
  return files;
}

/** train, test … in the words of a path, as the `datasets` library reads them; the folder as a configuration. */
export function splitOf(path: string): { split: string | null; config: string | null } {
  const words = path.toLowerCase().split(/[^a-z0-9]+/);
  const split =
    words.includes('train') || words.includes('training')
      ? 'train'
      : words.some((word) => ['validation', 'valid', 'val', 'dev'].includes(word))
        ? 'validation'
        : words.some((word) => ['test', 'testing', 'eval', 'evaluation'].includes(word))
          ? 'test'
          : null;
  const folder = path.includes('/') ? path.split('/').slice(0, -1).join('/') : null;
  return { split, config: folder === 'data' ? null : folder };
}

/** The file to take where the reader names none: of the split asked for, else of train, else the first. @throws FormatError naming what there is. */
export function chooseFile({ id, files }: HubListing, wanted: { split?: string | undefined; file?: string | undefined }): HubFile {
  const named = `There are ${files
    .slice(0, 20)
    .map(({ path }) => path)
    .join(', ')}${files.length > 20 ? ` and ${files.length - 20} more` : ''}.`;
  if (wanted.file !== undefined) {
    const found = files.find(({ path }) => path === wanted.file);
    if (!found) throw new FormatError(`${id} has no file ${wanted.file}.`, named);
    return found;
  }
  if (wanted.split !== undefined) {
    const found = files.find(({ split }) => split === wanted.split);
    if (!found) throw new FormatError(`${id} has no file of a split "${wanted.split}".`, named);
    return found;
  }
  return files.find(({ split }) => split === 'train') ?? files[0]!;
}
