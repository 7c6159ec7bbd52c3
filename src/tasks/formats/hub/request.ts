/** Requests to a Hub, and what its refusals mean in words. */
import { FormatError, reasonOf } from '../errors';

export const HUB = 'https://huggingface.co';

/** The part of `fetch` that is used. */
export interface HubResponse {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  json(): Promise<unknown>;
  arrayBuffer(): Promise<ArrayBuffer>;
  readonly body: unknown;
}
export type HubFetch = (url: string, init: { headers: Record<string, string>; signal?: AbortSignal }) => Promise<HubResponse>;

export interface HubOptions {
  fetch: HubFetch;
  /** Default: huggingface.co. */
  base?: string | undefined;
  /** Branch, tag or commit. Default 'main'. */
  revision?: string | undefined;
  /** Access token of the reader, sent to `base` alone. */
  token?: string | undefined;
  signal?: AbortSignal | undefined;
}

export async function getJson(url: string, id: string, options: HubOptions): Promise<unknown> {
  const response = await get(url, id, options);
  try {
    return await response.json();
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new FormatError(`The answer about ${id} is not JSON.`, `Is ${baseOf(options)} the address of a Hub?`, { cause });
  }
}

export async function get(url: string, id: string, options: HubOptions, headers: Record<string, string> = {}): Promise<HubResponse> {
  const authorization: Record<string, string> =
    options.token && url.startsWith(`${baseOf(options)}/`) ? { Authorization: `Bearer ${options.token}` } : {};
  const { signal } = options;
  const response = await asOffline(id, options, () =>
    options.fetch(url, { headers: { ...headers, ...authorization }, ...(signal && { signal }) }),
  );
  if (!response.ok) {
    await cancel(response);
    throw refused(response, id, options);
  }
  return response;
}

export async function asOffline<T>(what: string, options: HubOptions, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new FormatError(
      `${baseOf(options)} could not be reached for ${what} (${reasonOf(cause)}).`,
      'Is this device online, and is the address right? A file that was downloaded before can be opened without a connection.',
      { cause },
    );
  }
}

function refused({ status, headers }: HubResponse, id: string, options: HubOptions): FormatError {
  const code = headers.get('x-error-code') ?? '';
  const own = 'Download the file in your own browser session and open it from there; on the command line, set HF_TOKEN.';
  if (status === 403 || code === 'GatedRepo')
    return new FormatError(`${id} is gated: its authors give access to people whom they know.`, `Ask for it on its page. ${own}`);
  if (code === 'RevisionNotFound')
    return new FormatError(`${id} has no revision "${options.revision ?? 'main'}".`, 'Use a branch, a tag or a commit of it.');
  if (status === 401)
    return new FormatError(`${id} does not exist, or it is private (the server asks who you are).`, `Check the name: owner/name. ${own}`);
  if (status === 404)
    return new FormatError(
      `There is no data set ${id}, or not this file of it.`,
      'Check the name: owner/name, upper and lower case as on its page.',
    );
  if (status === 429) return new FormatError('The Hub answers that it was asked too often.', 'Wait some minutes and try again.');
  return new FormatError(`The server answered ${status} for ${id}.`, 'Try again later.');
}

export function baseOf({ base = HUB }: HubOptions): string {
  return base.replace(/\/+$/, '');
}

export async function cancel(response: HubResponse): Promise<void> {
  await (response.body as { cancel?(): Promise<void> } | null)?.cancel?.().catch(() => undefined);
}
