import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../policy/tokenizer';
import { datasetTask, parseTask, taskJson, type TaskRow } from '../dataset';
import { tinymath, tinymathWorld } from '../tinymath';
import { tokenizerFiles } from '../world';
import { contextCheck } from './length';
import { readabilityOf, unknownShare, worldVocabulary } from './readability';
import { HELD_OUT, overlap, TEMPLATES, toTaskSpec } from './task';

const rows = (n: number, expert = true): TaskRow[] =>
  Array.from({ length: n }, (_, i) => ({
    id: `r${i}`,
    question: `What is ${i} + 1?`,
    gold: `${i + 1}`,
    expert: expert ? `It is \\boxed{${i + 1}}.` : null,
  }));
const options = { name: 'My Sums: 2 + 2', description: 'From nowhere.', templates: 'general' as const, ...HELD_OUT };
const files = tokenizerFiles(tinymathWorld, 200);
const tokenizer = loadTokenizer(files['tokenizer.json'], files['tokenizer_config.json']);

describe('the task of an import', () => {
  it('is one that can be saved and run, with parts that do not share rows', () => {
    const spec = toTaskSpec(rows(100), options);
    expect(parseTask(taskJson(spec))).toEqual(spec);
    expect(spec.id).toBe('my-sums-2-2');
    expect(spec.sets.map(({ id, rows: own }) => [id, own.length])).toEqual([
      ['train', 80],
      ['validation', 10],
      ['test', 10],
    ]);
    expect(new Set(spec.sets.flatMap((set) => set.rows.map(({ id }) => id))).size).toBe(100);
    expect(toTaskSpec(rows(100), options)).toEqual(spec);
    const task = datasetTask(spec);
    const [problem] = task.problems('train', 1, 1);
    expect(task.messages(problem!)[0]!.content).toContain(`${problem!.question}\n\nWork it out`);
    expect(task.grade(problem!, task.demonstration(problem!).text).correct).toBe(true);
  });

  it('tests on rows without an expert’s text, and on a test file without what was trained on', () => {
    const spec = toTaskSpec([...rows(4), ...rows(8, false).slice(4)], options);
    expect(spec.sets.find(({ id }) => id === 'test')!.rows.filter(({ expert }) => expert === null)).toHaveLength(4);
    expect(toTaskSpec(rows(5, false), options).sets.map(({ id }) => id)).toEqual(['test']);
    const withTest = toTaskSpec(rows(10), { ...options, testRows: rows(12) });
    expect(withTest.sets.find(({ id }) => id === 'test')!.rows.map(({ id }) => id)).toEqual(['test/r10', 'test/r11']);
    expect(overlap(rows(12), rows(10))).toBe(10);
    expect(toTaskSpec(rows(1), options).sets.map(({ id }) => id)).toEqual(['train']);
    expect(toTaskSpec(rows(1), { ...options, name: '数学' }).id).toBe('imported');
  });

  it('speaks to the built-in policy in the words that it was trained on', () => {
    const spec = toTaskSpec(rows(10), { ...options, templates: 'built-in' });
    const [own, world] = [datasetTask(spec), tinymath(tokenizer)];
    const problem = own.problems('train', 1, 1)[0]!;
    expect(own.messages(problem)).toEqual(world.messages(problem));
    expect(own.retellMessages(problem, 'x {y}')).toEqual(world.retellMessages(problem, 'x {y}'));
  });
});

describe('the context', () => {
  it('is measured in the policy’s tokens, prompt and response together', () => {
    const world = tinymath(tokenizer);
    const problem = world.problems('train', 1, 1)[0]!;
    const row = { ...problem, expert: world.demonstration(problem).text };
    const count = (text: string) => tokenizer.encode(text).length;
    const retell = count(tokenizer.renderChat(world.retellMessages(problem, row.expert)));
    const needed = retell + count(row.expert) + 1;
    expect(contextCheck(tokenizer, needed, TEMPLATES['built-in'])(row)).toBeNull();
    expect(contextCheck(tokenizer, needed - 1, TEMPLATES['built-in'])(row)).toBe(
      `${needed} tokens with its prompt, the context holds ${needed - 1}`,
    );
    const start = performance.now();
    expect(contextCheck(tokenizer, 256, TEMPLATES.general)({ ...row, question: 'x'.repeat(1e7) })).toMatch(/characters/);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe('what the built-in policy can read', () => {
  it('is all of its own world, and not what others write', () => {
    const vocabulary = worldVocabulary();
    const world = tinymath(tokenizer);
    for (const set of ['train', 'easy', 'middle', 'hard', 'combined'])
      for (const { question, family } of world.problems(set, 100, 3))
        // Numbers of four digits are beyond the policy on purpose.
        if (family !== 'large-3') expect(unknownShare(question, vocabulary), question).toBeLessThanOrEqual(0.1);
    const report = readabilityOf(
      [
        { id: '1', question: 'Ann has 12 apples. She buys 3 more. How many apples does Ann have now?', gold: '15', expert: null },
        { id: '2', question: 'Let $f(x)=\\sqrt{x}$ be continuous. Find its derivative.', gold: '1', expert: null },
      ],
      vocabulary,
    );
    expect(report).toMatchObject({ within: 1, looked: 2 });
    expect(report.missing).toContain('derivative');
    expect(unknownShare('', vocabulary)).toBe(1);
  });
});
