/** The public data sets themselves, where they are at hand; they are not a part of this project. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { gradeResponse } from '../../math';
import { importProblems } from './import';
import { bytesSource } from './source';

const FOLDER = join(import.meta.dirname, '../../../../shared/data/problems');

/** Rows, report and the file's own rows; skips the test where the file is not at hand. */
async function imported({ skip }: TestContext, file: string) {
  const path = join(FOLDER, file);
  if (!existsSync(path)) skip(`${file} is not at hand`);
  const { rows, report } = await importProblems(bytesSource(file, new Uint8Array(readFileSync(path))));
  const raw = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { rows, report, raw };
}

describe('the public data sets', () => {
  for (const [file, count] of [
    ['gsm8k_test.jsonl', 1319],
    ['gsm8k_train_1000.jsonl', 1000],
  ] as const)
    it(file, async (context) => {
      const { rows, report, raw } = await imported(context, file);
      expect([report.shape.id, report.rows.taken, rows.length, raw.length]).toEqual(['gsm8k', count, count, count]);
      for (const [i, { gold, expert, question }] of rows.entries()) {
        const answer = raw[i]!['answer'] as string;
        expect(question).toBe((raw[i]!['question'] as string).trim());
        expect(gold).toBe(answer.split('####')[1]!.trim());
        expect(expert).not.toMatch(/<<|>>/);
        expect(gradeResponse(gold, expert!).correct, answer).toBe(true);
      }
    });

  it('math500.jsonl', async (context) => {
    const { rows, report, raw } = await imported(context, 'math500.jsonl');
    expect([report.shape.id, report.rows.taken]).toEqual(['math500', 500]);
    expect(rows.map(({ gold }) => gold)).toEqual(raw.map(({ answer }) => (answer as string).trim()));
    expect(rows.map(({ id }) => id)).toEqual(raw.map(({ unique_id: id }) => id));
    // The expert's own solution arrives at the gold.
    const right = rows.filter(({ gold, expert }) => gradeResponse(gold, expert!).correct).length;
    expect(right / rows.length).toBeGreaterThan(0.98);
  });

  it('olympiadbench.jsonl', async (context) => {
    const { rows, report, raw } = await imported(context, 'olympiadbench.jsonl');
    expect(report.shape.id).toBe('olympiadbench');
    expect(report.rows.read).toBe(675);
    expect(report.counts['no-gold'] + rows.length).toBe(675);
    expect(report.counts['no-gold']).toBeLessThanOrEqual(1);
    const byId = new Map(raw.map((row) => [String(row['id']), row]));
    for (const { id, gold, expert } of rows) {
      expect(gold).toBe((byId.get(id)!['final_answer'] as string[]).join(', '));
      expect(expert).toBe((byId.get(id)!['solution'] as string[])[0]!.trim());
    }
    expect(rows.filter(({ fields }) => fields?.['tolerance'] === '1e-1')).toHaveLength(1);
    const several = rows.filter(({ id }) => byId.get(id)!['is_multiple_answer'] === true);
    expect(several.length).toBeGreaterThan(90);
    for (const { gold } of several) expect(gradeResponse(gold, `\\boxed{${gold}}`).status, gold).toBe('ok');
  });

  it('numina_cot_sample.jsonl', async (context) => {
    const { rows, report } = await imported(context, 'numina_cot_sample.jsonl');
    expect([report.shape.id, rows.length]).toEqual(['numina', 3]);
    for (const { gold, expert } of rows) {
      expect(gold).not.toBe('');
      expect(expert).toContain(`\\boxed{${gold}}`);
    }
  });
});
