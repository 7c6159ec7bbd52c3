/** A policy folder in Hugging Face layout, fetched by address with byte progress. What the files mean is src/policy's business. */
import { HintedError, messageOf } from '../base/errors';

export type PolicyFolder = Map<string, Uint8Array<ArrayBuffer>>;

export interface FolderProgress {
  loaded: number;
  /** 0 while unknown. */
  total: number;
  what: string;
}

const REQUIRED = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors'] as const;
const OPTIONAL = ['generation_config.json'] as const;
const FOLDER_HINT = `A policy folder needs ${REQUIRED.join(', ')} (and may have ${OPTIONAL.join(', ')}).`;

/** @throws HintedError: not reachable, a file missing, truncated, or not what its name says; the signal's reason. */
export async function fetchFolder(
  url: string,
  options: { signal?: AbortSignal; onProgress?: (progress: FolderProgress) => void; fetch?: typeof fetch } = {},
): Promise<PolicyFolder> {
  const base = url.endsWith('/') ? url : `${url}/`;
  const folder: PolicyFolder = new Map();
  // All at once: on a slow line each would wait for the answer to the one before.
  const files = new Map([...REQUIRED, ...OPTIONAL].map((name) => [name, fetchFile(base, name, options)]));
  for (const file of files.values()) file.catch(() => undefined);
  for (const name of REQUIRED) folder.set(name, await files.get(name)!);
  for (const name of OPTIONAL) {
    try {
      folder.set(name, await files.get(name)!);
    } catch (error) {
      if (!(error instanceof MissingFile)) throw error;
    }
  }
  for (const [name, bytes] of folder) {
    if (name.endsWith('.json')) checkJson(name, bytes);
    else checkSafetensors(name, bytes);
  }
  return folder;
}

class MissingFile extends HintedError {}

async function fetchFile(
  base: string,
  name: string,
  options: { signal?: AbortSignal; onProgress?: (progress: FolderProgress) => void; fetch?: typeof fetch },
): Promise<Uint8Array<ArrayBuffer>> {
  const { signal, onProgress } = options;
  let response: Response;
  try {
    response = await (options.fetch ?? fetch)(base + name, signal ? { signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    const message = `The policy file ${name} could not be fetched from ${base}.`;
    throw new HintedError(message, 'Check the network connection and the address, then load it again.', { cause: error });
  }
  if (response.status === 404 || response.status === 410) {
    throw new MissingFile(`The policy folder ${base} has no ${name}.`, FOLDER_HINT);
  }
  if (!response.ok) {
    throw new HintedError(`The server answered ${response.status} for ${base}${name}.`, 'Check the address, then load it again.');
  }
  if (response.headers.get('content-type')?.startsWith('text/html')) {
    // Many hosts answer a missing file with a page and status 200.
    throw new MissingFile(`The policy folder ${base} has no ${name}: the server sent a web page instead.`, FOLDER_HINT);
  }
  // The length of a compressed transfer says nothing about the bytes that arrive here.
  const encoded = response.headers.get('content-encoding');
  const total = encoded && encoded !== 'identity' ? 0 : Number(response.headers.get('content-length') ?? 0);
  const parts: Uint8Array[] = [];
  let loaded = 0;
  onProgress?.({ loaded, total, what: name });
  try {
    const reader = response.body!.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      loaded += value.length;
      onProgress?.({ loaded, total, what: name });
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw truncated(name, loaded, total || null, error);
  }
  if (total > 0 && loaded < total) throw truncated(name, loaded, total);
  const bytes = new Uint8Array(loaded);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function truncated(name: string, loaded: number, total: number | null, cause?: unknown): HintedError {
  const expected = total === null ? '' : ` of ${total}`;
  return new HintedError(
    `The policy file ${name} is cut short: ${loaded}${expected} bytes arrived.`,
    'Load it again; if it stays like this, the file on the server is damaged and must be uploaded again.',
    { cause },
  );
}

function checkJson(name: string, bytes: Uint8Array): void {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const detail = messageOf(error);
    const message = `The policy file ${name} is not valid JSON (${detail}).`;
    throw new HintedError(message, 'It may be cut short or be another kind of file. Save the policy folder again.', { cause: error });
  }
}

/** The header says how long the file must be: 8 bytes of header length, the header, and the furthest tensor end. */
function checkSafetensors(name: string, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = bytes.length >= 8 ? Number(view.getBigUint64(0, true)) : Infinity;
  if (headerLength > bytes.length - 8) throw truncated(name, bytes.length, Number.isFinite(headerLength) ? headerLength + 8 : null);
  let header: Record<string, { data_offsets?: [number, number] }>;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength))) as typeof header;
  } catch (error) {
    throw new HintedError(`The policy file ${name} is not a safetensors file.`, FOLDER_HINT, { cause: error });
  }
  const end = Math.max(0, ...Object.values(header).map((tensor) => tensor?.data_offsets?.[1] ?? 0));
  if (8 + headerLength + end > bytes.length) throw truncated(name, bytes.length, 8 + headerLength + end);
}
