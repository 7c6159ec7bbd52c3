import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportCommand, ImportReply, ReadCommand } from '../protocol/importer';
import { startHub } from '../tasks/formats/testing/hub-server';
import { tinymathWorld } from '../tasks/tinymath';
import { tokenizerFiles } from '../tasks/world';
import { Importer } from './importer';

const row = (question: string) => JSON.stringify({ question, answer: 'It is 3.\n#### 3' });
const files = tokenizerFiles(tinymathWorld, 200);
const READ = { type: 'read', limit: 1000, keepLong: false, templates: 'built-in', policy: null } as const;

/** Sends a command and gives the reply that ends it. */
function ask(importer: { receive(command: ImportCommand): void }, replies: ImportReply[], command: ImportCommand): Promise<ImportReply> {
  importer.receive(command);
  return expect
    .poll(() => replies.find(({ id, type }) => id === command.id && type !== 'progress'), { timeout: 20_000 })
    .toBeDefined()
    .then(() => replies.find(({ id, type }) => id === command.id && type !== 'progress')!);
}

function setUp() {
  const replies: ImportReply[] = [];
  const served = (async (url: string | URL, init?: RequestInit) => {
    const name = String(url).split('/').at(-1) as keyof typeof files;
    return files[name] ? new Response(files[name]) : fetch(url, init);
  }) as typeof fetch;
  const importer = new Importer((reply) => replies.push(reply), served);
  return { replies, send: (command: ImportCommand) => ask(importer, replies, command), importer };
}

let hub: Awaited<ReturnType<typeof startHub>>;
beforeAll(async () => {
  hub = await startHub({ 'a/b': { files: { 'train.jsonl': `${row('Q1')}\n${row('Q2')}\n` } } });
});
afterAll(() => hub.close());

describe('the import worker', () => {
  it('reads pasted text and files, measured by the policy’s tokens and words', async () => {
    const { send } = setUp();
    const text = [
      row('Ann has 12 apples. She buys 3 more. How many apples does Ann have now?'),
      row(`Long ${'word '.repeat(400)}`),
      row('Describe the derivative.'),
    ].join('\n');
    const policy = { url: 'http://localhost/policy/', maxLength: 256, builtIn: true };
    const reply = await send({ ...READ, id: 1, source: { kind: 'text', text }, policy });
    expect(reply).toMatchObject({
      type: 'read',
      result: {
        readable: [true, false],
        report: { counts: { 'too-long': 1 }, rows: { taken: 2 }, context: { limit: 256 }, readability: { within: 1, looked: 2 } },
      },
    });
    const file: ReadCommand = { ...READ, id: 2, source: { kind: 'file', name: 'x.jsonl', file: new Blob([text]) }, keepLong: true, policy };
    expect(await send(file)).toMatchObject({ result: { rows: { length: 3 } } });
  });

  it('lists and reads a data set', async () => {
    const { send } = setUp();
    const listed = await send({ type: 'list', id: 1, dataset: 'a/b', revision: 'main', base: hub.url });
    if (listed.type !== 'listed') throw new Error(JSON.stringify(listed));
    const [file] = listed.listing.files;
    const source = { kind: 'hub', dataset: 'a/b', revision: listed.listing.revision, file: file!, base: hub.url } as const;
    expect(await send({ ...READ, id: 2, source })).toMatchObject({
      type: 'read',
      result: { rows: { length: 2 }, report: { source: { revision: listed.listing.revision } } },
    });
    expect(await send({ type: 'list', id: 3, dataset: 'a/c', revision: 'main', base: hub.url })).toMatchObject({
      type: 'failed',
      message: expect.stringMatching(/does not exist/),
    });
  });

  it('answers a bad file in words, and a stop with the word that it was one', async () => {
    const { send, importer, replies } = setUp();
    expect(await send({ ...READ, id: 1, source: { kind: 'text', text: '{"a":' } })).toMatchObject({
      type: 'failed',
      stopped: false,
      message: expect.stringMatching(/line 1/),
    });
    const text = Array.from({ length: 200_000 }, (_, i) => row(`Q${i}`)).join('\n');
    const done = send({ ...READ, id: 2, limit: 1e6, source: { kind: 'text', text } });
    await expect.poll(() => replies.some(({ id, type }) => id === 2 && type === 'progress')).toBe(true);
    importer.receive({ type: 'stop', id: 2 });
    expect(await done).toMatchObject({ type: 'failed', id: 2, stopped: true });
    // A new command stops the one before it.
    const first = send({ ...READ, id: 3, limit: 1e6, source: { kind: 'text', text } });
    expect(await send({ ...READ, id: 4, source: { kind: 'text', text: row('Q') } })).toMatchObject({ type: 'read' });
    expect(await first).toMatchObject({ type: 'failed', stopped: true });
  });
});
