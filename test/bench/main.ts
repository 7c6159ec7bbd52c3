/**
 * `npm run bench`: speed of sampling and training on onnxruntime-node and in Chromium on WASM with 1 and 2 threads, in turn in one run.
 * `-- --rounds N` repeats (medians are shown), `-- --only TEXT` keeps rows whose name contains it, `-- --json FILE` writes the rows.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { build } from 'vite';
import { ensureChromium } from '../../scripts/find-chromium.mjs';
import { serve } from '../../scripts/static-server.mjs';
import { loadPolicy } from '../../src/cli/policy';
import type { Bench } from '../browser/harness/main';
import { measureSpeed, type Speed } from './workload';

const PROJECT = resolve(import.meta.dirname, '../..');
const SEED = 1;

interface Row {
  name: string;
  backend: string;
  threads: number;
  ours: number;
  /** onnxruntime-node with the same number of threads in the same round; the ratio is of medians. */
  peer: number | null;
  ratio: number | null;
  unit: 'tokens/s';
  runs: number;
}

interface Case {
  backend: 'node' | 'wasm';
  threads: number;
  run: () => Promise<Speed>;
}

async function inNode(threads: number): Promise<Speed> {
  const policy = await loadPolicy(join(PROJECT, 'static-models/tinymath'), threads);
  try {
    return await measureSpeed(policy, SEED);
  } finally {
    await policy.dispose();
  }
}

async function inChromium(threads: number): Promise<Speed> {
  const server = await serve({ root: join(PROJECT, '.cache/harness'), port: 0 });
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    args: ['--no-sandbox', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    const policy = new URL('static-models/tinymath/', server.url).href;
    const reply = await page.evaluate((request) => (globalThis as unknown as { bench: Bench }).bench.speed(request), {
      backend: 'wasm' as const,
      threads,
      seed: SEED,
      policy,
    });
    if ('error' in reply) throw new Error(reply.error);
    if (reply.threads !== threads)
      throw new Error(`${threads} threads were asked for, ${reply.threads} were used: the page is not isolated.`);
    return reply;
  } finally {
    await browser.close();
    await server.close();
  }
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' }, only: { type: 'string' }, json: { type: 'string' } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error('--rounds must be a whole number from 1.');
  process.exit(2);
}
const cases: Case[] = [1, 2].flatMap((threads) => [
  { backend: 'node' as const, threads, run: () => inNode(threads) },
  { backend: 'wasm' as const, threads, run: () => inChromium(threads) },
]);
await build({ configFile: join(PROJECT, 'test/browser/harness/vite.config.ts'), logLevel: 'warn' });

const measured = new Map<Case, Speed[]>(cases.map((c) => [c, []]));
for (let round = 1; round <= rounds; round++) {
  for (const c of cases) {
    const speed = await c.run();
    measured.get(c)!.push(speed);
    console.error(
      `round ${round}/${rounds} ${c.backend}, ${c.threads} threads: sample ${Math.round(speed.sample)}, train ${Math.round(speed.train)} tokens/s`,
    );
  }
}

const rows: Row[] = (['sample', 'train'] as const).flatMap((what) =>
  cases.map((c) => {
    const rate = (of: Case): number => median(measured.get(of)!.map((s) => s[what]));
    const ours = rate(c);
    const peer = c.backend === 'node' ? null : rate(cases.find((other) => other.backend === 'node' && other.threads === c.threads)!);
    return {
      name: `${what}/${c.backend}-${c.threads}`,
      backend: c.backend,
      threads: c.threads,
      ours,
      peer,
      ratio: peer && ours / peer,
      unit: 'tokens/s',
      runs: rounds,
    };
  }),
);
const shown = rows.filter((row) => !values.only || row.name.includes(values.only));
console.log(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}; medians of ${rounds}; peer: onnxruntime-node with as many threads\n`,
);
console.log('| row | tokens/s | peer | ratio |\n| --- | ---: | ---: | ---: |');
for (const row of shown) {
  console.log(
    `| ${row.name} | ${Math.round(row.ours)} | ${row.peer === null ? '' : Math.round(row.peer)} | ${row.ratio === null ? '' : row.ratio.toFixed(2)} |`,
  );
}
if (values.json) writeFileSync(values.json, `${JSON.stringify(shown, null, 2)}\n`);
