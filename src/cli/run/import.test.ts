import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datasetTask, parseTask } from '../../tasks/dataset';
import { REVISION, startHub } from '../../tasks/formats/testing/hub-server';
import { gap, temporaryFolder, writePolicy } from '../testing/harness';

const folder = temporaryFolder();
const file = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const rows = (n: number) =>
  Array.from({ length: n }, (_, i) => ({
    question: `How much is ${i} + 2?`,
    answer: `${i}+2 = <<${i}+2=${i + 2}>>${i + 2}\n#### ${i + 2}`,
  }));
const jsonl = (n: number) =>
  rows(n)
    .map((row) => `${JSON.stringify(row)}\n`)
    .join('');

let hub: Awaited<ReturnType<typeof startHub>>;
beforeAll(async () => {
  hub = await startHub({
    'owner/sums': { files: { 'train.jsonl': jsonl(20), 'test.jsonl': jsonl(4) }, license: 'mit' },
    'owner/shut': { access: 'gated', files: { 'a.jsonl': jsonl(1) } },
  });
});
afterAll(() => hub.close());

interface Printed {
  shape: { id: string };
  rows: Record<string, number>;
  counts: Record<string, number>;
  listed: unknown[];
  source: Record<string, unknown>;
  test?: { alsoInTraining: number };
}

describe('gap import', () => {
  it('writes a task that runs, and prints a report of every row', async () => {
    const out = join(folder, 'task.json');
    const path = file('sums.jsonl', `${jsonl(30)}{"question":\n${JSON.stringify({ question: 'Why?', answer: 'No reason.' })}\n`);
    const { code, json, stderr } = await gap(
      'import',
      '--in',
      path,
      '--out',
      out,
      '--templates',
      'built-in',
      '--policy',
      writePolicy(join(folder, 'policy')),
    );
    expect(code, stderr).toBe(0);
    const report = json[0] as Printed;
    expect(report).toMatchObject({
      shape: { id: 'gsm8k' },
      rows: { read: 32, taken: 30, trainable: 30 },
      counts: { unreadable: 1, 'no-gold': 1, 'too-long': 0 },
    });
    expect(report.listed).toEqual([
      { row: 31, reason: 'unreadable', detail: expect.stringContaining('not valid JSON'), excerpt: '{"question":' },
      { row: 32, reason: 'no-gold', detail: 'nothing found in answer', excerpt: 'Why?' },
    ]);
    const task = datasetTask(parseTask(readFileSync(out, 'utf8')));
    const problem = task.problems('train', 1, 1)[0]!;
    expect(task.demonstration(problem).text).not.toContain('<<');
    expect(task.grade(problem, task.demonstration(problem).text).correct).toBe(true);
  });

  it('reads a data set of the Hub and says which commit', async () => {
    const out = join(folder, 'hub.json');
    const { code, json, stderr } = await gap(
      'import',
      '--hub',
      'owner/sums',
      '--base',
      hub.url,
      '--test-in',
      file('t.jsonl', jsonl(25)),
      '--out',
      out,
    );
    expect(code, stderr).toBe(0);
    expect(json[0]).toMatchObject({
      source: { name: 'train.jsonl', revision: REVISION },
      rows: { taken: 20 },
      test: { alsoInTraining: 20 },
    });
    expect(stderr).toContain('license: mit');
    const spec = parseTask(readFileSync(out, 'utf8'));
    expect(spec.description).toContain(REVISION);
    expect(spec.sets.find(({ id }) => id === 'test')!.rows).toHaveLength(5);
    const split = await gap('import', '--hub', 'owner/sums', '--base', hub.url, '--split', 'test');
    expect(split.json[0]).toMatchObject({ source: { name: 'test.jsonl' }, rows: { taken: 4 } });
  });

  it('takes another mapping, and lists rows that are too long for a policy', async () => {
    const path = file('odd.csv', 'frage,lösung,note\n1+1?,2,x\n2+2?,4,y\n');
    const mapped = await gap('import', '--in', path, '--map', 'question=frage,gold=lösung');
    expect(mapped.json[0]).toMatchObject({ rows: { taken: 2, trainable: 0 }, counts: { 'no-expert': 2 } });
    const long = await gap(
      'import',
      '--in',
      file('l.jsonl', jsonl(3)),
      '--policy',
      writePolicy(join(folder, 'policy')),
      '--max-length',
      '30',
    );
    expect(long.code).toBe(2);
    expect(long.json[0]).toMatchObject({ rows: { taken: 0 }, counts: { 'too-long': 3 } });
    expect(long.stderr).toMatch(/No row can be used; the report says why/);
  });

  it.each([
    [[], /name a file with --in or a data set with --hub/],
    [['--in', 'nowhere.jsonl'], /There is no file nowhere\.jsonl/],
    [['--in', '.'], /is a folder/],
    [['--in', 'a', '--hub', 'b'], /cannot be used with/],
    [['--in', file('e.jsonl', '')], /e\.jsonl is empty/],
    [['--in', file('latin.csv', 'q'), '--shape', 'gsm8k'], /holds no rows/],
    [['--in', file('g.jsonl', jsonl(2)), '--shape', 'nothing'], /no shape called "nothing"/],
    [['--in', file('g.jsonl', jsonl(2)), '--map', 'gold'], /not a part of a mapping/],
    [['--in', file('g.jsonl', jsonl(2)), '--max-length', '30'], /name the policy with --policy/],
  ])('%j ends with code 2 and one line', async (args, message) => {
    const { code, stderr, stdout } = await gap('import', ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(message);
  });

  it('says why the Hub does not give a data set', async () => {
    const shut = await gap('import', '--hub', 'owner/shut', '--base', hub.url);
    expect(shut.code).toBe(2);
    expect(shut.stderr).toMatch(/owner\/shut is gated/);
    expect((await gap('import', '--hub', 'owner/none', '--base', hub.url)).stderr).toMatch(/does not exist, or it is private/);
  });
});
