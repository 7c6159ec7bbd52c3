/**
 * `npm run check`: types of every part, lint and formatting. Runs all of them and then says which failed. `npm test` runs the same as
 * one of its suites.
 */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const project = resolve(import.meta.dirname, '..');
/** @param {string} path */
const bin = (path) => join(project, 'node_modules', path);

const tsc = (config) => [bin('typescript/bin/tsc'), '-p', config];
export const CHECKS = [
  { name: 'types: tensor, policy, tasks, method', args: tsc('tsconfig.core.json') },
  { name: 'types: workers', args: tsc('tsconfig.worker.json') },
  {
    name: 'types: page',
    args: [
      bin('svelte-check/bin/svelte-check'),
      '--tsconfig',
      './tsconfig.page.json',
      '--fail-on-warnings',
      '--compiler-warnings',
      'a11y_no_noninteractive_tabindex:ignore',
    ],
  },
  { name: 'types: command line, tests, tools', args: tsc('tsconfig.node.json') },
  { name: 'lint', args: [bin('eslint/bin/eslint.js'), '--max-warnings', '0', '.'] },
  { name: 'formatting (npm run format)', args: [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'] },
];

/** @returns {{passed: number, failed: number, failures: string[]}} */
export function runChecks() {
  const failures = [];
  for (const { name, args } of CHECKS) {
    const began = performance.now();
    const { status } = spawnSync(process.execPath, args, { cwd: project, stdio: 'inherit' });
    console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
    if (status !== 0) failures.push(name);
  }
  return { passed: CHECKS.length - failures.length, failed: failures.length, failures };
}

if (process.argv[1] && resolve(process.argv[1]) === import.meta.filename) process.exitCode = runChecks().failed > 0 ? 1 : 0;
