/**
 * "One file and one line": a copy of the sources gets a new objective, data operator, arm and cell the way the documentation says, and each is found on the
 * command line and in the page's state.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const project = resolve(import.meta.dirname, '..');
let root = '';

/** Adds a line behind the one that contains `after`. */
async function addLine(file: string, after: string, line: string): Promise<void> {
  const text = await readFile(join(root, file), 'utf8');
  expect(text, `${file} has a line with ${after}`).toContain(after);
  await writeFile(join(root, file), text.replace(after, `${after}${line}`));
}

const gap = async (...args: string[]): Promise<string> => {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['--import', 'tsx', join(root, 'src/cli/main.ts'), ...args], { cwd: project });
  return stdout.replace(/\s+/g, ' ');
};
const load = <T>(file: string): Promise<T> => import(/* @vite-ignore */ join(root, file)) as Promise<T>;

beforeAll(async () => {
  await mkdir(join(project, '.cache'), { recursive: true });
  root = await mkdtemp(join(project, '.cache', 'registries-'));
  await cp(join(project, 'src'), join(root, 'src'), { recursive: true, filter: (path) => !path.endsWith('.test.ts') });

  // An objective: one file, one name in the list.
  await writeFile(
    join(root, 'src/method/objectives/half.ts'),
    `import { mul, neg } from '../../tensor';
import type { ObjectiveDefinition } from './types';

/** Half of the negative log-likelihood. */
export const half: ObjectiveDefinition = {
  id: 'half',
  name: 'Half SFT',
  formula: String.raw\`\\ell_t = -\\tfrac12 \\log p_t\`,
  description: 'Every token pulls half as much.',
  reference: 'this test',
  params: { share: { name: 'share', description: 'how much of it', default: 0.5, min: 0, max: 1 } },
  needs: [],
  loss: ({ logp }, { share }) => neg(mul(logp, share!)),
};
`,
  );
  await addLine('src/method/objectives/index.ts', "import { dft } from './dft';\n", "import { half } from './half';\n");
  await addLine('src/method/objectives/index.ts', '= { sft, dft', ', half');

  // A data operator: one file, one name in the list.
  await writeFile(
    join(root, 'src/method/operators/retell-first.ts'),
    `import { expertWhere, firstOf } from './compose';
import { fallback } from './fallback';
import { guidedAlignment } from './guided-alignment';
import type { DataOperator } from './types';

/** A retelling wherever there is a correct one, without asking the policy alone first. */
export const retellFirst: DataOperator<'retell-first'> = {
  id: 'retell-first',
  name: 'retell first',
  description: 'A retelling wherever one is correct; else the expert.',
  reference: 'this test',
  decide: firstOf(guidedAlignment, expertWhere(fallback)),
};
`,
  );
  await addLine(
    'src/method/operators/index.ts',
    "import { guidedOnly } from './guided-only';\n",
    "import { retellFirst } from './retell-first';\n",
  );
  await addLine('src/method/operators/index.ts', 'OPERATORS = [expert, ', 'retellFirst, ');

  // A cell: one component, one line.
  await writeFile(
    join(root, 'src/notebook/cells/Added.svelte'),
    `<script lang="ts">
  import Cell from '../parts/Cell.svelte';
</script>

<Cell id="added"><p>A part of the page.</p></Cell>
`,
  );
  await addLine('src/notebook/cells/index.ts', "import Elsewhere from './Elsewhere.svelte';\n", "import Added from './Added.svelte';\n");
  await addLine(
    'src/notebook/cells/index.ts',
    'export const CELLS = [\n',
    "  { id: 'added', title: 'An added cell', short: 'Added', component: Added },\n",
  );
  // An arm: one entry.
  await addLine(
    'src/method/arms.ts',
    'export const ARM_LIST = [\n',
    "  arm({ id: 'retell+half', name: 'Retell + half', description: 'Of the test.', operator: 'retell-first', objective: { id: 'half' }, learningRate: 1e-4, byDefault: false }),\n",
  );
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('one file and one line', () => {
  it('compiles', async () => {
    const tsconfig = { extends: join(project, 'tsconfig.core.json'), include: ['src/platform.d.ts', 'src/base', 'src/method'] };
    await writeFile(join(root, 'tsconfig.json'), JSON.stringify({ ...tsconfig, exclude: ['**/testing/**', 'src/policy/runtime'] }));
    await promisify(execFile)(process.execPath, [join(project, 'node_modules/typescript/bin/tsc'), '-p', root, '--noEmit']);
  });

  it('an objective is offered with its parameters by the command line', async () => {
    expect(await gap('train', '--help')).toContain('--set share=0.5');
  });

  it('a data operator is offered by the command line', async () => {
    expect(await gap('rewrite', '--help')).toContain('retell-first');
  });

  it('an arm is offered by the command line and by the page’s settings, and a run with it has its pieces of work', async () => {
    expect(await gap('reproduce', '--help')).toContain('retell+half');
    const settings = await load<typeof import('../src/notebook/lib/settings')>('src/notebook/lib/settings.ts');
    const values = { ...settings.DEFAULTS, armRetellHalf: 1 };
    expect(settings.SETTINGS.find(({ id }) => id === 'armRetellHalf')).toMatchObject({ onOff: true, default: 0 });
    expect(settings.runConfig(values, '').arms).toMatchObject({ 'retell+half': { objective: { id: 'half' } } });
    expect([...settings.stalePieces(settings.DEFAULTS, values)]).toEqual(['train:retell+half', 'evaluate:retell+half']);
    const { RunStore } = await load<typeof import('../src/notebook/state/run.svelte')>('src/notebook/state/run.svelte.ts');
    expect(Object.keys(new RunStore().arms)).toContain('retell+half');
  });

  it('a cell has its number, and those behind it move on', async () => {
    const { CELLS } = await load<typeof import('../src/notebook/cells')>('src/notebook/cells/index.ts');
    const { section } = await load<typeof import('../src/notebook/lib/sections')>('src/notebook/lib/sections.ts');
    expect(CELLS[0]).toMatchObject({ id: 'added' });
    expect(section('added' as never)).toMatchObject({ number: 1, title: 'An added cell' });
    expect(section('gap').number).toBe(2);
  });
});
