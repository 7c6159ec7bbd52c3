/** The data set in three formats, each read by a reader that is not ours. */
import { parquetReadObjects } from 'hyparquet';
import Papa from 'papaparse';
import { readParquet, writeParquet as rewriteParquet, WriterPropertiesBuilder, Compression } from 'parquet-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { importProblems } from '../../tasks/formats/import';
import { bytesSource } from '../../tasks/formats/source';
import { formatOf, writeTable } from '../../tasks/formats/write';
import { rewrite } from '../rewrite';
import { letterPolicy, letterTask, rewriteConfig } from '../testing/letter-task';
import type { RewrittenRow } from '../types';
import { DATASET_COLUMNS, datasetRecord, type DatasetProvenance, type DatasetRecord } from './dataset';

const provenance: DatasetProvenance = {
  ...{ source: 'sampled here', task: 'letters', policy: null, seed: 2 ** 32 - 1, k: 4, temperature: 0.7, topP: 1 },
  app: 'test 1.0',
};
let rows: RewrittenRow[];
let records: DatasetRecord[];

beforeAll(async () => {
  rows = [];
  for await (const event of rewrite(letterPolicy(), letterTask, { ...rewriteConfig, problems: 24 })) {
    if (event.type === 'chunk' || event.type === 'rows') rows.push(...event.rows);
  }
  records = rows.map((row) => datasetRecord(row, [{ role: 'user', content: row.question }], provenance));
  // What a format could trip over: separators, quotes, line breaks, other scripts, markup, a formula, nothing known.
  records.push({
    ...records[0]!,
    id: '=1+1,"x"',
    messages: [
      { role: 'system', content: '' },
      { role: 'user', content: 'a,b\r\n"c"\n\t<script>alert(1)</script> \u202eעברית\u202c 数学 𝔸 é' },
      { role: 'assistant', content: '-3' },
    ],
    gold: '-3',
    logProbSum: null,
    logProbs: null,
    behaviorLogProbSum: null,
    behaviorLogProbs: null,
    expertLogProbs: null,
    expertLogProbSum: null,
    expertBehaviorLogProbs: null,
  });
});

const asRows = () => records.map((record) => ({ ...record }));

/** Null where a reader gives undefined, plain objects for structs. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (_, item: unknown) => (item === undefined ? null : item)));

describe('the data set as a file', () => {
  it('says what T kept and under which prompt it is trained', () => {
    for (const [i, row] of rows.entries()) {
      const record = records[i]!;
      expect(record.messages).toEqual([
        { role: 'user', content: row.question },
        { role: 'assistant', content: row.completion },
      ]);
      expect(record).toMatchObject({ stage: row.stage, kept: row.kept, correctCount: row.correctCount, sampledCount: row.sampledCount });
      expect(record.logProbs!.map(Math.fround)).toEqual([...row.policyLogProbs]);
      expect(record.logProbSum).toBeCloseTo(
        [...row.policyLogProbs].reduce((a, b) => a + b),
        6,
      );
      expect(record.behaviorLogProbs).toHaveLength(row.tokens.length);
    }
    expect(new Set(records.map((record) => record.stage)).size).toBe(3);
    expect(DATASET_COLUMNS.map(({ name }) => name)).toEqual(Object.keys(records[0]!));
  });

  it('JSONL: a row a line', async () => {
    const text = (await writeTable('jsonl', asRows(), DATASET_COLUMNS)) as string;
    expect(text.endsWith('\n')).toBe(true);
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(plain(records));
  });

  it('CSV: RFC 4180, values exactly as they are, nested ones as JSON', async () => {
    const text = (await writeTable('csv', asRows(), DATASET_COLUMNS)) as string;
    expect(text.split('\r\n')[0]).toBe(DATASET_COLUMNS.map(({ name }) => name).join(','));
    const { data, errors } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
    expect(errors).toEqual([]);
    const read = data.map((cells) =>
      Object.fromEntries(
        DATASET_COLUMNS.map(({ name, type }) => {
          const cell = cells[name]!;
          if (type === 'string') return [name, cell];
          return [name, cell === '' ? null : (JSON.parse(cell) as unknown)];
        }),
      ),
    );
    expect(read).toEqual(plain(records));
  });

  it('Parquet: nested columns, as Arrow’s own reader sees them', async () => {
    const bytes = (await writeTable('parquet', asRows(), DATASET_COLUMNS, { task: 'letters' })) as Uint8Array;
    // parquet-wasm is the Rust implementation of Arrow and Parquet; it reads the file and writes what it has understood.
    const table = readParquet(bytes);
    const properties = new WriterPropertiesBuilder().setCompression(Compression.UNCOMPRESSED).build();
    const understood = rewriteParquet(table, properties);
    const read = await parquetReadObjects({ file: understood.slice().buffer });
    expect(plain(read)).toEqual(plain(records));
    expect(read).toHaveLength(25);
  });

  it.each(['jsonl', 'parquet', 'csv'] as const)('%s is recognised as ours and read by the importer', async (format) => {
    const content = await writeTable(format, asRows(), DATASET_COLUMNS);
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);
    const { rows: read, report } = await importProblems(bytesSource(`data.${format}`, bytes), { goldProblem: () => null });
    expect(report.shape.id).toBe('own');
    const own = rows.map((row) => ({ question: row.question, gold: row.gold, expert: row.expert.text }));
    expect(read.slice(0, 24).map(({ question, gold, expert }) => ({ question, gold, expert }))).toEqual(own);
  });

  it('writes a table without rows', async () => {
    expect(await writeTable('jsonl', [], DATASET_COLUMNS)).toBe('');
    expect(await writeTable('csv', [], DATASET_COLUMNS)).toMatch(/^id,messages,.*provenance\r\n$/);
    const bytes = (await writeTable('parquet', [], DATASET_COLUMNS)) as Uint8Array;
    expect(await parquetReadObjects({ file: bytes.slice().buffer })).toEqual([]);
  });

  it('takes the format from a file’s name', () => {
    expect(['a.parquet', 'b.CSV', 'dir.x/c.jsonl', 'd', 'e.json'].map(formatOf)).toEqual(['parquet', 'csv', 'jsonl', null, null]);
  });
});
