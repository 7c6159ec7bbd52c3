/**
 * `npm test`: every suite, the reasons of skipped tests, and a last line `N passed, N failed, N skipped`. `npm test -- unit browser` runs
 * only those. A suite that crashes or runs no test counts as a failure.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runChecks } from './check.mjs';
import { ensureChromium } from './find-chromium.mjs';

/**
 * @typedef {{name: string, reason: string}} Skipped
 * @typedef {{passed: number, failed: number, skipped: Skipped[], crashed: string[]}} Result
 */

const project = resolve(import.meta.dirname, '..');
const cache = join(project, '.cache');
/** @param {string} path */
const bin = (path) => join(project, 'node_modules', path);

/**
 * Runs a command that writes what it counted into a file.
 *
 * @param {string} what
 * @param {string[]} args of node
 * @param {(file: string) => Record<string, string>} env that makes it write there
 * @param {(text: string) => Result} read
 * @returns {Result}
 */
function runCounted(what, args, env, read) {
  const file = join(cache, `${what}.json`);
  rmSync(file, { force: true });
  const { status, signal } = spawnSync(process.execPath, args, { cwd: project, stdio: 'inherit', env: { ...process.env, ...env(file) } });
  /** @type {Result} */
  let result;
  try {
    result = read(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, skipped: [], crashed: [`${what} ended (${signal ?? `exit code ${status}`}) without a result`] };
  }
  if (status !== 0 && result.failed === 0 && result.crashed.length === 0)
    result.crashed.push(`${what} ended with ${signal ?? `exit code ${status}`}`);
  if (result.passed + result.failed + result.skipped.length === 0) result.crashed.push(`${what} ran no test`);
  return result;
}

/** @returns {Result} */
function check() {
  const { passed, failed } = runChecks();
  return { passed, failed, skipped: [], crashed: [] };
}

/** @returns {Result} */
function unit() {
  const args = [bin('vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=./scripts/vitest-reporter.mjs'];
  return runCounted('unit', args, (file) => ({ SUITE_RESULT: file }), JSON.parse);
}

/** @returns {Result} */
function build() {
  const { status } = spawnSync(process.execPath, [bin('vite/bin/vite.js'), 'build', '--logLevel', 'warn'], {
    cwd: project,
    stdio: 'inherit',
  });
  return status === 0
    ? { passed: 1, failed: 0, skipped: [], crashed: [] }
    : { passed: 0, failed: 1, skipped: [], crashed: ['the page could not be built'] };
}

/** @returns {Promise<Result>} */
async function browser() {
  /** @type {string} */
  let chromium;
  try {
    chromium = await ensureChromium();
  } catch (error) {
    return { passed: 0, failed: 0, skipped: [], crashed: [error instanceof Error ? error.message : String(error)] };
  }
  const args = [bin('@playwright/test/cli.js'), 'test', '--reporter=list,json'];
  const env = (/** @type {string} */ file) => ({ PLAYWRIGHT_JSON_OUTPUT_FILE: file, CHROMIUM_PATH: chromium });
  return runCounted('browser', args, env, readPlaywright);
}

/** @param {string} text Playwright's JSON report */
function readPlaywright(text) {
  const report = JSON.parse(text);
  /** @type {Result} */
  const result = { passed: 0, failed: 0, skipped: [], crashed: report.errors.map((error) => error.message) };
  const visit = (suite, path) => {
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        const name = [...path, spec.title].join(' › ');
        // No retries are configured; were they, a test that passes at the second try is still not one that passes ("flaky").
        if (test.status === 'expected') result.passed++;
        else if (test.status === 'skipped') result.skipped.push({ name, reason: skipReason(test) });
        else result.failed++;
      }
    }
    for (const child of suite.suites ?? []) visit(child, child.title ? [...path, child.title] : path);
  };
  for (const suite of report.suites) visit(suite, [suite.title]);
  return result;
}

const skipReason = (test) => {
  const reason = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description;
  return reason ?? (test.results.length === 0 ? 'not reached: an earlier failure stopped the run' : '');
};

const SUITES = { check, unit, build, browser };
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in SUITES));
if (unknown.length > 0) {
  console.error(`No suite is called ${unknown.join(', ')}. There are: ${Object.keys(SUITES).join(', ')}.`);
  process.exit(2);
}

mkdirSync(cache, { recursive: true });
const total = { passed: 0, failed: 0, skipped: 0 };
const skips = [];
const crashes = [];
for (const [name, run] of Object.entries(SUITES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n── ${name} ──`);
  const began = performance.now();
  const result = await run();
  // Something that crashed is at least one failure, also when nothing could be counted.
  const failed = result.failed === 0 && result.crashed.length > 0 ? 1 : result.failed;
  total.passed += result.passed;
  total.failed += failed;
  total.skipped += result.skipped.length;
  skips.push(...result.skipped);
  crashes.push(...result.crashed);
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`${name}: ${result.passed} passed, ${failed} failed, ${result.skipped.length} skipped in ${seconds} s`);
}
if (skips.length > 0) {
  console.log('\nSkipped:');
  for (const { name, reason } of skips) console.log(`  ${name}${reason ? `: ${reason}` : ''}`);
}
for (const crash of crashes) console.log(`\nFailed: ${crash}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;
