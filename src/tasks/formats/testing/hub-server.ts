/** A server of our own that speaks the Hub's endpoints for data sets: information, tree (in pages), converted Parquet, files with ranges. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HubDataset {
  files: Record<string, string | Uint8Array>;
  /** Parquet files that the Hub made: config → split → file names of `files`, which the tree does not list. */
  converted?: Record<string, Record<string, string[]>>;
  access?: 'gated' | 'private';
  license?: string;
}

export const REVISION = '0123456789abcdef0123456789abcdef01234567';
export const TOKEN = 'hf_ours';

/** Answers a request below `prefix`; false where it is not one for the Hub. */
export function hubHandler(datasets: Record<string, HubDataset>, prefix = '') {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const path = decodeURIComponent(url.pathname);
    if (!path.startsWith(`${prefix}/api/datasets/`) && !path.startsWith(`${prefix}/datasets/`)) return false;
    const rest = path.slice(prefix.length).replace(/^\/(?:api\/)?datasets\//, '');
    const [id, dataset] = Object.entries(datasets).find(([name]) => rest === name || rest.startsWith(`${name}/`)) ?? [];
    const own = rest.slice(id?.length ?? 0);
    const isFile = !path.startsWith(`${prefix}/api/`);
    const hasToken = request.headers.authorization === `Bearer ${TOKEN}`;
    if (!dataset || (dataset.access === 'private' && !hasToken)) refuse(response, 401, 'RepoNotFound');
    else if (isFile && dataset.access === 'gated' && !hasToken) refuse(response, 401, 'GatedRepo');
    else if (isFile) file(dataset, own.replace(/^\/resolve\/[^/]+\//, ''), request, response);
    else if (/^\/revision\//.test(own)) {
      if (own !== '/revision/main' && own !== `/revision/${REVISION}`) refuse(response, 404, 'RevisionNotFound');
      else json(response, { id, sha: REVISION, cardData: { license: dataset.license ?? null } });
    } else if (own === '/parquet') json(response, addresses(dataset, `http://${request.headers.host}${prefix}`, id!));
    else if (own === `/tree/${REVISION}`) tree(dataset, url, request, response);
    else refuse(response, 404, 'EntryNotFound');
    return true;
  };
}

/** Two entries a page, so that following the links is tested. */
function tree(dataset: HubDataset, url: URL, request: IncomingMessage, response: ServerResponse): void {
  const made = new Set(Object.values(dataset.converted ?? {}).flatMap((splits) => Object.values(splits).flat()));
  const entries = Object.entries(dataset.files)
    .filter(([path]) => !made.has(path))
    .map(([path, content]) => ({ type: 'file', oid: '', path, size: Buffer.byteLength(content) }));
  const all = [{ type: 'directory', oid: '', path: 'data', size: 0 }, ...entries];
  const from = Number(url.searchParams.get('cursor') ?? 0);
  if (from + 2 < all.length) {
    url.searchParams.set('cursor', String(from + 2));
    response.setHeader('Link', `<http://${request.headers.host}${url.pathname}${url.search}>; rel="next"`);
  }
  json(response, all.slice(from, from + 2));
}

function file(dataset: HubDataset, path: string, request: IncomingMessage, response: ServerResponse): void {
  const content = dataset.files[path];
  if (content === undefined) return refuse(response, 404, 'EntryNotFound');
  const all = Buffer.from(content);
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  const [start, end] = range ? [Number(range[1]), Math.min(all.length, Number(range[2]) + 1)] : [0, all.length];
  response.writeHead(range ? 206 : 200, {
    'Content-Type': 'application/octet-stream',
    'Content-Length': end - start,
    ...(range && { 'Content-Range': `bytes ${start}-${end - 1}/${all.length}` }),
  });
  response.end(all.subarray(start, end));
}

function addresses(dataset: HubDataset, base: string, id: string): unknown {
  const address = (path: string): string => `${base}/datasets/${id}/resolve/${REVISION}/${path}`;
  return Object.fromEntries(
    Object.entries(dataset.converted ?? {}).map(([config, splits]) => [
      config,
      Object.fromEntries(Object.entries(splits).map(([split, paths]) => [split, paths.map(address)])),
    ]),
  );
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'X-Error-Code': code }).end(JSON.stringify({ error: code }));
}

/** The server by itself, and what it was asked. */
export async function startHub(datasets: Record<string, HubDataset>) {
  const asked: { url: string; range: string | undefined; authorization: string | undefined }[] = [];
  const handle = hubHandler(datasets);
  const server = createServer((request, response) => {
    asked.push({ url: request.url ?? '', range: request.headers.range, authorization: request.headers.authorization });
    if (!handle(request, response)) response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
