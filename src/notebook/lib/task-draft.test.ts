import { describe, expect, it } from 'vitest';
import { newTask, parseTask } from '../../tasks/dataset';
import { draftProblem, preview, tryGrader, withOption, withoutRow, withRow } from './task-draft';

const row = { question: 'What is 1 + 1?', gold: '2', expert: null };

describe('a task being edited', () => {
  it('gets rows under new ids and loses them', () => {
    const more = withRow(withRow(newTask(), 'test', row), 'test', row);
    expect(more.sets[1]!.rows.map(({ id }) => id)).toEqual(['test-1', 'test-2', 'test-3']);
    const fewer = withRow(withoutRow(more, 'test-2'), 'test', row);
    expect(fewer.sets[1]!.rows.map(({ id }) => id)).toEqual(['test-1', 'test-3', 'test-4']);
    expect(() => parseTask(fewer)).not.toThrow();
    expect(newTask().sets[1]!.rows).toHaveLength(1);
  });

  it('says what is wrong until it can be saved', () => {
    expect(draftProblem(newTask())).toBeNull();
    expect(draftProblem({ ...newTask(), name: '' })).toBe('name is empty.');
    expect(draftProblem(withoutRow(newTask(), 'train-1'))).toMatch(/^sets\[0\]\.rows is empty/);
    const numbers = { ...withRow(newTask(), 'train', { ...row, gold: 'two' }), grader: { id: 'number' } };
    expect(draftProblem(numbers)).toMatch(/^The gold answer of row train-2 \(“two”\) cannot be used by this grader: It is not a decimal/);
  });

  it('shows a template on a row, or why it is none', () => {
    const first = newTask().sets[0]!.rows[0];
    expect(preview('{question} → {expert} {{x}}', first, 'E {x}')).toEqual({ text: 'What is 2 + 3? → E {x} {x}', wrong: false });
    expect(preview('{question', first, '')).toMatchObject({ wrong: true, text: expect.stringMatching(/never closed/) as string });
    expect(preview('{question}', undefined, '')).toMatchObject({ wrong: true });
  });

  it('tries a grader with its options', () => {
    const spec = { grader: { id: 'exact', options: withOption(undefined, { name: 'where', default: 'marker' }, 'whole') } };
    expect(tryGrader(spec, 'a', 'a')).toMatchObject({ correct: true });
    expect(withOption(spec.grader.options, { name: 'where', default: 'marker' }, 'marker')).toEqual({});
    expect(tryGrader({ grader: { id: 'regex', options: { pattern: '(' } } }, 'a', 'a')).toMatch(/not a regular expression/);
  });
});
