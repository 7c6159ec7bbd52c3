/**
 * `npm run bench`: speed and limits, each pair measured in turn in one run; a table, JSON, and the measured part of BENCHMARKS.md.
 *
 *   -- --only NAME,…     rows of these names, or whose names begin so ('sample', 'limit/train')
 *   -- --rounds N        how often each side is measured (default 5); medians are shown
 *   -- --quick           tiny sizes: whether everything runs
 *   -- --json FILE       the rows
 *   -- --markdown FILE   writes the table between the marks of the file
 *   -- --list            names of the rows
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openPage, servePage, type BenchPage, type Site } from './chromium';
import { machine, markdown, result, withoutResult, writeMeasured, type Result } from './report';
import { figure, NotHere, type Context, type Row } from './row';
import { ROWS } from './rows';

const HELP = 'npm run bench [-- --only NAME,…] [--rounds N] [--quick] [--json FILE] [--markdown FILE] [--list]';

function refuse(message: string): never {
  console.error(`${message}\n${HELP}`);
  process.exit(2);
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        only: { type: 'string' },
        rounds: { type: 'string' },
        quick: { type: 'boolean', default: false },
        json: { type: 'string' },
        markdown: { type: 'string' },
        list: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

/** A browser that died under the row gets a second one. */
async function measure(row: Row, context: Context, again = true): Promise<Result> {
  const pages: BenchPage[] = [];
  try {
    const measured = await row.measure({
      ...context,
      async open(options) {
        const page = await context.open(options);
        pages.push(page);
        return page;
      },
    });
    return result(row, measured);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (again && reason.includes('browser has been closed')) {
      context.log('the browser died; once more');
      return await measure(row, context, false);
    }
    context.log(error instanceof NotHere ? `not here: ${reason}` : `failed: ${error instanceof Error ? error.stack : reason}`);
    if (!(error instanceof NotHere)) process.exitCode = 1;
    return withoutResult(row, reason.split('\n', 1)[0]!);
  } finally {
    for (const page of pages) await page.close();
  }
}

const options = readOptions();
const rounds = Number(options.rounds ?? (options.quick ? 1 : 5));
if (!Number.isInteger(rounds) || rounds < 1) refuse('--rounds must be a whole number from 1.');
const { only } = options;
const wanted = only?.split(',') ?? [''];
const rows = ROWS.filter(({ name }) => wanted.some((prefix) => name.startsWith(prefix)));
if (rows.length === 0) refuse(`There is no row ${only}. Rows: ${ROWS.map((r) => r.name).join(', ')}`);
if (options.list) {
  for (const { name, peer } of rows) console.log(`${name}\t${peer}`);
  process.exit(0);
}

/** Built and served when the first row needs it. */
const sites: Promise<Site>[] = [];
const started = performance.now();
const results: Result[] = [];
/** After each row, so that a run that is interrupted leaves what it has. */
function write(): string {
  const seconds = Math.round((performance.now() - started) / 1000);
  const table = markdown(results, [
    machine(),
    `${new Date().toISOString().slice(0, 10)}; medians of ${rounds} rounds, lowest–highest in brackets; ${seconds} s in all`,
    ...(results.length < rows.length ? [`interrupted after ${results.length} of ${rows.length} rows`] : []),
    ...(options.quick ? ['tiny sizes (`--quick`): these figures mean nothing'] : []),
  ]);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
  if (options.markdown !== undefined) writeMeasured(options.markdown, table);
  return table;
}
for (const row of rows) {
  const log = (text: string): void => console.error(`${row.name}: ${text}`);
  log('…');
  const context: Context = {
    rounds,
    quick: options.quick,
    log,
    async open(pageOptions) {
      if (sites.length === 0) sites.push(servePage());
      return openPage((await sites[0]!).url, pageOptions);
    },
  };
  const measured = await measure(row, context);
  if (measured.ours !== null) log(`${figure(measured.ours)} ${measured.unit}; ratio ${measured.ratio?.toFixed(2) ?? '–'}`);
  results.push(measured);
  write();
}
for (const site of sites) await (await site).close();

console.log(write());
