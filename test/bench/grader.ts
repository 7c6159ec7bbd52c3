/**
 * `npx tsx test/bench/grader.ts`: the mathematics grader on the labelled rows of ../shared/data/grader (precision, recall, median and p99
 * milliseconds a check) and the compressed size of its bundle. `-- --errors` lists the rows it gets wrong, `-- --json FILE` writes the rows.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { gradeAnswer, gradeResponse } from '../../src/math';

const PROJECT = resolve(import.meta.dirname, '../..');
const ROWS = resolve(PROJECT, '../shared/data/grader');
const FILES = ['cases', 'responses', 'respell', 'mutants', 'cross'] as const;

interface LabelledRow {
  gold: string;
  prediction?: string;
  response?: string;
  expected: boolean;
}

export interface GraderRow {
  file: string;
  rows: number;
  /** Null where there is nothing to divide by. */
  precision: number | null;
  recall: number | null;
  falsePositives: number;
  falseNegatives: number;
  medianMs: number;
  p99Ms: number;
  maxMs: number;
}

const readRows = (file: string): LabelledRow[] =>
  readFileSync(join(ROWS, `${file}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LabelledRow);

const check = (row: LabelledRow): boolean =>
  (row.response !== undefined ? gradeResponse(row.gold, row.response) : gradeAnswer(row.gold, row.prediction ?? '')).correct;

const quantile = (sorted: number[], q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN;

function measureFile(file: string, list: (text: string) => void): GraderRow {
  const rows = readRows(file);
  // The first pass compiles the code; times are of the second.
  rows.forEach(check);
  let [tp, fp, fn] = [0, 0, 0];
  const times: number[] = [];
  for (const row of rows) {
    const start = performance.now();
    const correct = check(row);
    times.push(performance.now() - start);
    if (correct && row.expected) tp++;
    else if (correct) fp++;
    else if (row.expected) fn++;
    if (correct !== row.expected) list(`${file}: ${correct ? 'accepted' : 'rejected'} ${JSON.stringify(row)}`);
  }
  times.sort((a, b) => a - b);
  return {
    file,
    rows: rows.length,
    precision: tp + fp > 0 && tp + fn > 0 ? tp / (tp + fp) : null,
    recall: tp + fn > 0 ? tp / (tp + fn) : null,
    falsePositives: fp,
    falseNegatives: fn,
    medianMs: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    maxMs: times.at(-1) ?? NaN,
  };
}

/** Bytes of the grader as one module: as written, gzipped, and by Brotli. */
export async function bundleSize(): Promise<{ bytes: number; gzip: number; brotli: number }> {
  const output = (await build({
    root: PROJECT,
    configFile: false,
    logLevel: 'warn',
    build: { write: false, minify: true, target: 'es2022', lib: { entry: 'src/math/index.ts', formats: ['es'], fileName: 'math' } },
  })) as Rolldown.RolldownOutput[];
  const code = output.flatMap(({ output: chunks }) => chunks).map((chunk) => (chunk.type === 'chunk' ? chunk.code : ''));
  const text = Buffer.from(code.join('\n'));
  return { bytes: text.length, gzip: gzipSync(text, { level: 9 }).length, brotli: brotliCompressSync(text).length };
}

const { values } = parseArgs({ options: { errors: { type: 'boolean', default: false }, json: { type: 'string' } } });
const size = await bundleSize();
console.log(`bundle: ${size.bytes} bytes, ${size.gzip} gzipped, ${size.brotli} with Brotli (limit 150,000)`);
let rows: GraderRow[] = [];
if (existsSync(ROWS)) {
  const list = values.errors ? (text: string): void => console.log(text) : (): void => undefined;
  rows = FILES.map((file) => measureFile(file, list));
  const share = (value: number | null): string => (value === null ? '–' : value.toFixed(4));
  console.table(
    rows.map((row) => ({
      ...row,
      precision: share(row.precision),
      recall: share(row.recall),
      medianMs: row.medianMs.toFixed(3),
      p99Ms: row.p99Ms.toFixed(3),
      maxMs: row.maxMs.toFixed(1),
    })),
  );
} else console.log('The labelled rows are not here (../shared/data/grader): only the size was measured.');
if (values.json) writeFileSync(values.json, `${JSON.stringify({ size, rows }, null, 2)}\n`);
