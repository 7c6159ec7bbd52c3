import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newTask, taskJson } from '../tasks/dataset';
import { gap, temporaryFolder } from './testing/harness';

const LETTERS = ['--policy', 'static-models/letters', '--task', 'public/tasks/letters.json', '--threads', '1'];

describe('gap --task', () => {
  it('rewrites the example that is not mathematics with its own policy, all three stages occupied', async () => {
    const { code, json, stderr } = await gap('rewrite', ...LETTERS, '--problems', '64', '--k', '8');
    expect(code, stderr).toBe(0);
    const rows = json as { stage: string; gold: string; completion: string; expert: string }[];
    expect(rows).toHaveLength(64);
    const count = (stage: string) => rows.filter((row) => row.stage === stage).length;
    expect(count('self')).toBeGreaterThan(20);
    expect(count('guided')).toBeGreaterThan(0);
    expect(count('fallback')).toBeGreaterThan(0);
    for (const { stage, gold, completion, expert } of rows) {
      if (stage === 'fallback') expect(completion).toBe(expert);
      else expect(completion.replace(/\s/g, '')).toMatch(new RegExp(`${gold.replace(/\s/g, '')}\\.?$`));
    }
  });

  it('evaluates its test sets', async () => {
    const { code, json, stderr } = await gap('evaluate', ...LETTERS, '--problems', '8', '--runs', '2');
    expect(code, stderr).toBe(0);
    expect(Object.keys((json[0] as { sets: object }).sets)).toEqual(['easy', 'middle', 'hard', 'longer']);
    const unknown = await gap('evaluate', ...LETTERS, '--split', 'exam');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toMatch(/There is no split "exam"\. Splits: test \(easy, middle, hard, longer\), train, validation/);
  });

  it('says what is wrong with a task, and where', async () => {
    const file = join(temporaryFolder(), 'task.json');
    writeFileSync(file, taskJson(newTask()).replace('"gold": "5"', '"gold": 5'));
    const broken = await gap('rewrite', '--task', file);
    expect(broken.code).toBe(2);
    expect(broken.stderr).toContain(`${file}: sets[0].rows[0].gold must be a text, not a number.`);
    expect((await gap('rewrite', '--task', `${file}.none`)).code).toBe(2);
  });

  it('says when a set has fewer problems than asked for, or none to learn from', async () => {
    const file = join(temporaryFolder(), 'task.json');
    writeFileSync(file, taskJson(newTask()));
    const few = await gap('rewrite', '--task', file, '--problems', '5', '--k', '1', '--max-new-tokens', '4');
    expect(few.code, few.stderr).toBe(0);
    expect(few.stderr).toContain('The set “train” has 1 of the 5 problems asked for.');
    writeFileSync(file, taskJson({ ...newTask(), testSets: [] }));
    const none = await gap('rewrite', '--task', file, '--set', 'test');
    expect(none.code).toBe(2);
    expect(none.stderr).toMatch(/has no row with an expert's text/);
  });
});
