import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseFile, hubSource, listDataset, parseHubId, splitOf, type HubOptions } from './hub';
import { importProblems } from './import';
import { REVISION, startHub, TOKEN } from './testing/hub-server';

const rows = (n: number) =>
  Array.from({ length: n }, (_, i) => ({ question: `What is ${i} + 1?`, answer: `That is ${i + 1}.\n#### ${i + 1}` }));
const jsonl = (n: number) =>
  rows(n)
    .map((row) => `${JSON.stringify(row)}\n`)
    .join('');
const parquet = (n: number) =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'question', data: rows(n).map(({ question }) => question), type: 'STRING' },
        { name: 'answer', data: rows(n).map(({ answer }) => answer), type: 'STRING' },
      ],
      rowGroupSize: 200,
    }),
  );

let hub: Awaited<ReturnType<typeof startHub>>;
let options: HubOptions;
beforeAll(async () => {
  hub = await startHub({
    'somebody/sums': {
      license: 'mit',
      files: {
        'README.md': '# Sums',
        'dataset_infos.json': '{}',
        'main/test.jsonl': jsonl(3),
        'main/train part.jsonl': jsonl(50),
        'data/train-00000-of-00001.parquet': parquet(1000),
      },
    },
    made: { files: { 'script.py': '', 'sums-train.parquet': parquet(10) }, converted: { default: { train: ['sums-train.parquet'] } } },
    'somebody/gated': { access: 'gated', files: { 'a.jsonl': jsonl(2) } },
    'somebody/private': { access: 'private', files: { 'a.jsonl': jsonl(2) } },
    'somebody/pictures': { files: { 'a.png': 'x' } },
  });
  options = { fetch, base: `${hub.url}/` };
});
afterAll(() => hub.close());

describe('the Hub', () => {
  it('lists the data files of all pages with splits, sizes, license and revision', async () => {
    const listing = await listDataset('somebody/sums', options);
    expect(listing).toMatchObject({ id: 'somebody/sums', revision: REVISION, license: 'mit' });
    expect(listing.files.map(({ path, split, config }) => [path, split, config])).toEqual([
      ['main/test.jsonl', 'test', 'main'],
      ['main/train part.jsonl', 'train', 'main'],
      ['data/train-00000-of-00001.parquet', 'train', null],
    ]);
    expect(listing.files[0]!.bytes).toBe(jsonl(3).length);
    expect(chooseFile(listing, {}).path).toBe('main/train part.jsonl');
    expect(chooseFile(listing, { split: 'test' }).path).toBe('main/test.jsonl');
    expect(() => chooseFile(listing, { split: 'dev' })).toThrow(/no file of a split "dev"/);
    expect(() => chooseFile(listing, { file: 'x' })).toThrow(/no file x/);
  });

  it('reads a file of lines as it comes, with progress, and a Parquet file by ranges', async () => {
    const { files, revision } = await listDataset('somebody/sums', options);
    const lines = await importProblems(await hubSource(files[1]!, 'somebody/sums', options), { revision });
    expect(lines.rows).toHaveLength(50);
    expect(lines.report.source).toMatchObject({ name: 'main/train part.jsonl', revision, bytes: jsonl(50).length });
    hub.asked.length = 0;
    const table = await importProblems(await hubSource(files[2]!, 'somebody/sums', options), { limit: 100 });
    expect(table.rows.map(({ gold }) => gold).slice(0, 3)).toEqual(['1', '2', '3']);
    expect(table.report.stoppedAt).toBe(101);
    const fetched = hub.asked.map(({ range }) => /bytes=(\d+)-(\d+)/.exec(range!)!.slice(1).map(Number) as [number, number]);
    // The head, the footer and the first row group.
    expect(fetched.filter(([start, end]) => end - start < 65_535).length).toBeGreaterThan(0);
    expect(fetched.length).toBeLessThan(8);
  });

  it('falls back to the Parquet files that the Hub made', async () => {
    const listing = await listDataset('made', options);
    expect(listing.files).toEqual([
      expect.objectContaining({ path: 'default/train/0.parquet', split: 'train', config: 'default', bytes: null }),
    ]);
    const { rows: found } = await importProblems(await hubSource(listing.files[0]!, 'made', options));
    expect(found).toHaveLength(10);
  });

  it('says why it is refused', async () => {
    await expect(listDataset('somebody/nothing', options)).rejects.toThrow(/does not exist, or it is private/);
    await expect(listDataset('somebody/private', options)).rejects.toThrow(/does not exist, or it is private/);
    await expect(listDataset('somebody/sums', { ...options, revision: 'v9' })).rejects.toThrow(/has no revision "v9"/);
    await expect(listDataset('somebody/pictures', options)).rejects.toThrow(/has no JSONL, JSON, CSV, TSV or Parquet files/);
    await expect(listDataset('somebody/sums', { fetch, base: 'http://127.0.0.1:9' })).rejects.toThrow(/could not be reached/);
    const gated = await listDataset('somebody/gated', options);
    const source = await hubSource(gated.files[0]!, gated.id, options);
    await expect(importProblems(source)).rejects.toThrow(/is gated/);
    await expect(
      hubSource({ ...gated.files[0]!, bytes: null, url: `${hub.url}/datasets/somebody/sums/resolve/x/gone.csv` }, 'somebody/sums', options),
    ).rejects.toThrow(/no data set somebody\/sums, or not this file/);
  });

  it('sends a token to the Hub that was named and lets it in', async () => {
    const withToken = { ...options, token: TOKEN };
    const { files, id } = await listDataset('somebody/private', withToken);
    expect((await importProblems(await hubSource(files[0]!, id, withToken))).rows).toHaveLength(2);
    hub.asked.length = 0;
    await expect(hubSource({ ...files[0]!, bytes: null }, id, { ...withToken, base: 'http://elsewhere.invalid' })).rejects.toThrow(
      /does not exist/,
    );
    expect(hub.asked[0]!.authorization).toBeUndefined();
  });

  it('can be stopped in the middle of a file', async () => {
    const controller = new AbortController();
    const { files, id } = await listDataset('somebody/sums', options);
    const source = await hubSource(files[1]!, id, options);
    const reason = new Error('stop');
    await expect(
      (async () => {
        for await (const _ of source.stream(controller.signal)) controller.abort(reason);
        await source.slice(0, 10, controller.signal);
      })(),
    ).rejects.toBe(reason);
  });

  it.each([
    ['owner/name', 'owner/name'],
    ['gsm8k', 'gsm8k'],
    ['https://huggingface.co/datasets/owner/na.me', 'owner/na.me'],
    ['https://huggingface.co/datasets/owner/name/viewer/default/train?p=1', 'owner/name'],
  ])('takes %s', (text, id) => expect(parseHubId(text)).toBe(id));
  it.each(['', '../x', 'a/b/c', 'a b', 'a/..'])('refuses "%s"', (text) =>
    expect(() => parseHubId(text)).toThrow(/not the name of a data set/),
  );

  it.each([
    ['data/train-00000-of-00002.parquet', 'train', null],
    ['main/dev.jsonl', 'validation', 'main'],
    ['contest.csv', null, null],
    ['latest.json', null, null],
  ])('%s is of split %s', (path, split, config) => expect(splitOf(path)).toEqual({ split, config }));
});
