import { describe, expect, it } from 'vitest';
import { fetchFolder, type FolderProgress } from './folder';
import { letterFolder, serve } from './testing/harness';

const load = (folder: Map<string, Uint8Array<ArrayBuffer>>, onProgress?: (progress: FolderProgress) => void) =>
  fetchFolder('models/x', { fetch: serve(folder), ...(onProgress && { onProgress }) });
const without = (name: string) => new Map([...letterFolder].filter(([key]) => key !== name));
const withFile = (name: string, bytes: Uint8Array<ArrayBuffer>) => new Map([...letterFolder, [name, bytes]]);

describe('a policy folder', () => {
  it('is fetched whole, with progress by file', async () => {
    const progress: FolderProgress[] = [];
    expect(await load(letterFolder, (p) => progress.push(p))).toEqual(letterFolder);
    const model = progress.filter((p) => p.what === 'model.safetensors');
    const size = letterFolder.get('model.safetensors')!.length;
    expect(model[0]).toEqual({ loaded: 0, total: size, what: 'model.safetensors' });
    expect(model.at(-1)!.loaded).toBe(size);
  });

  it.each(['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors'])('says that %s is missing', async (name) => {
    await expect(load(without(name))).rejects.toMatchObject({
      message: `The policy folder models/x/ has no ${name}.`,
      hint: expect.stringMatching(/^A policy folder needs config\.json/) as string,
    });
  });

  it('recognises a web page sent in place of a missing file', async () => {
    const page: typeof fetch = () => Promise.resolve(new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }));
    await expect(fetchFolder('models/x', { fetch: page })).rejects.toThrow(/sent a web page instead/);
  });

  it('says that weights are cut short: in the header, in the tensors, in the transfer', async () => {
    const model = letterFolder.get('model.safetensors')!;
    for (const length of [3, 20, model.length - 1]) {
      await expect(load(withFile('model.safetensors', model.slice(0, length))), String(length)).rejects.toThrow(
        /model\.safetensors is cut short/,
      );
    }
    const short: typeof fetch = () => Promise.resolve(new Response('{}', { headers: { 'content-length': '10' } }));
    await expect(fetchFolder('models/x', { fetch: short })).rejects.toThrow(
      'The policy file config.json is cut short: 2 of 10 bytes arrived.',
    );
  });

  it('does not take the length of a compressed transfer for the length of the file', async () => {
    const zipped: typeof fetch = async (input) => {
      const response = await serve(letterFolder)(input);
      if (!response.ok) return response;
      return new Response(await response.arrayBuffer(), { headers: { 'content-length': '999999', 'content-encoding': 'gzip' } });
    };
    expect(await fetchFolder('models/x', { fetch: zipped })).toEqual(letterFolder);
  });

  it('says that a JSON file is none', async () => {
    await expect(load(withFile('tokenizer.json', new TextEncoder().encode('{"a":')))).rejects.toThrow(/tokenizer\.json is not valid JSON/);
  });

  it('says that the network failed, and the status of a refusal', async () => {
    const offline: typeof fetch = () => Promise.reject(new TypeError('Failed to fetch'));
    await expect(fetchFolder('models/x', { fetch: offline })).rejects.toThrow(/config\.json could not be fetched/);
    const refused: typeof fetch = () => Promise.resolve(new Response('', { status: 403 }));
    await expect(fetchFolder('models/x', { fetch: refused })).rejects.toThrow('The server answered 403 for models/x/config.json.');
  });
});
