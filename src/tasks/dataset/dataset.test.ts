import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../policy/random';
import { GRADERS } from '../graders';
import { datasetTask, newTask, parseTask, setSize, taskJson, taskKey, TaskError, type TaskRow, type TaskSpec } from './index';

const WORDS = ['a', 'β', '{{x}}', '\\frac{{1}}{{2}}', '"', '\n', '\u2028', '\ud83d\ude00', '<b>', 'שלום', '\\', ' '];

/** Any task that `parseTask` should take. */
function randomTask(random: Random): TaskSpec {
  const words = (n = 4) => Array.from({ length: 1 + random.int(n) }, () => random.pick(WORDS)).join('') + 'w';
  const maybe = random.int(2) === 0;
  const row = (id: string): TaskRow => ({
    id,
    question: words(),
    gold: words(),
    expert: random.int(4) === 0 ? null : words(8),
    ...(random.int(2) === 0 && { family: words(1) }),
    ...(maybe && { fields: { context: words(), unused: '' } }),
  });
  const sets = ['train', 'validation', 'test-1'].slice(0, 1 + random.int(3)).map((id, s) => ({
    ...{ id, name: words(), description: '' },
    rows: Array.from({ length: 1 + random.int(5) }, (_, r) => row(`${s}/${r}`)),
  }));
  const grader = random.pick(GRADERS.filter(({ id }) => id !== 'regex'));
  return {
    ...{ format: 'mind-the-gap/task', version: 1, id: `t-${random.int(99)}`, name: words(), description: words() },
    prompt: { ...(random.int(2) === 0 && { system: words() }), user: maybe ? '{context}: {question}' : `{question}${words()}` },
    retell: { user: `${words()}{question} {{}} {expert}` },
    grader: {
      id: grader.id,
      ...(random.int(2) === 0 && { options: Object.fromEntries(grader.options.map((option) => [option.name, option.default])) }),
    },
    sets,
    testSets: sets.map(({ id }) => id).filter((id) => id !== 'train'),
  };
}

describe('a task as JSON', () => {
  it('is the same after any number of trips', () => {
    const random = createRandom(1, 'task/round-trip');
    for (let i = 0; i < 300; i++) {
      const spec = randomTask(random);
      const read = parseTask(taskJson(spec));
      expect(read).toEqual(spec);
      expect(taskJson(read)).toBe(taskJson(spec));
      expect(taskKey(read)).toBe(taskKey(spec));
    }
  });

  it('has one text, whatever the order of keys in the file', () => {
    const spec = { ...newTask(), grader: { id: 'number', options: { relative: 0.5, absolute: 1 } } };
    const turned = Object.fromEntries(
      Object.entries({ ...spec, grader: { options: { absolute: 1, relative: 0.5 }, id: 'number' } }).reverse(),
    );
    expect(taskJson(parseTask(turned))).toBe(taskJson(spec));
    expect(taskKey(parseTask(`\ufeff${JSON.stringify(turned)}`))).toBe(taskKey(spec));
  });

  it('has another key when anything in it changes', () => {
    const spec = newTask();
    const keys = [
      spec,
      { ...spec, name: 'x' },
      { ...spec, prompt: { user: '{question}' } },
      { ...spec, grader: { id: 'exact' } },
      { ...spec, sets: [{ ...spec.sets[0]!, rows: [{ ...spec.sets[0]!.rows[0]!, gold: '6' }] }, spec.sets[1]!] },
    ].map(taskKey);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys[0]).toMatch(/^own-task\.[0-9a-f]{16}$/);
  });
});

describe('what is wrong with a task', () => {
  type Loose = { [key: string]: Loose } & { [index: number]: Loose };
  const cases: [string, (task: Loose) => unknown, RegExp][] = [
    ['no JSON', () => '{"a":', /^The task is not valid JSON/],
    ['no object', () => [], /^The task must be an object, not a list\./],
    ['another format', (t) => Object.assign(t, { format: 'x' }), /^format must be “mind-the-gap\/task”/],
    ['a newer version', (t) => Object.assign(t, { version: 2 }), /^version is 2, but this page reads version 1/],
    ['an unknown field', (t) => Object.assign(t, { sytem: '' }), /^The task has a field “sytem” that is not known/],
    ['a bad id', (t) => Object.assign(t, { id: 'My Task' }), /^id is “My Task”; use up to 64 lower-case/],
    ['no name', (t) => Object.assign(t, { name: ' ' }), /^name is empty/],
    [
      'a number for a text',
      (t) => Object.assign(t['sets']![0]!['rows']![0]!, { gold: 5 }),
      /^sets\[0\]\.rows\[0\]\.gold must be a text, not a number/,
    ],
    ['a missing part', (t) => delete t['sets']![1]!['rows']![0]!['expert'], /^sets\[1\]\.rows\[0\]\.expert is missing; it must be a text/],
    ['no sets', (t) => Object.assign(t, { sets: [], testSets: [] }), /^sets is empty/],
    ['no rows', (t) => Object.assign(t['sets']![0]!, { rows: [] }), /^sets\[0\]\.rows is empty/],
    [
      'one id twice',
      (t) => Object.assign(t['sets']![1]!['rows']![0]!, { id: 'train-1' }),
      /^sets\[1\]\.rows\[0\]\.id is “train-1”, which sets\[0\]\.rows\[0\] has/,
    ],
    ['one set twice', (t) => Object.assign(t['sets']![1]!, { id: 'train' }), /^sets\[1\]\.id is “train”, which sets\[0\] has/],
    ['an unknown test set', (t) => Object.assign(t, { testSets: ['exam'] }), /^testSets\[0\] names a set “exam”.*sets: train, test/],
    ['a test set twice', (t) => Object.assign(t, { testSets: ['test', 'test'] }), /^testSets\[1\] names “test” a second time/],
    [
      'an unclosed field',
      (t) => Object.assign(t['prompt']!, { user: '{question' }),
      /^prompt\.user is not a template: the “{” at character 1/,
    ],
    [
      'a lone brace',
      (t) => Object.assign(t['prompt']!, { user: '{question} \\boxed{}' }),
      /^prompt\.user is not a template: “{}” at character 18/,
    ],
    [
      'a field no row has',
      (t) => Object.assign(t['prompt']!, { user: '{question}{hint}' }),
      /^prompt\.user uses {hint}, but sets\[0\]\.rows\[0\]\.fields has no “hint”/,
    ],
    ['the answer in the prompt', (t) => Object.assign(t['prompt']!, { user: '{question}{gold}' }), /^prompt\.user uses {gold}/],
    ['the expert in the plain prompt', (t) => Object.assign(t['prompt']!, { user: '{question}{expert}' }), /^prompt\.user uses {expert}/],
    ['no expert in the retell prompt', (t) => Object.assign(t['retell']!, { user: '{question}' }), /^retell does not use {expert}/],
    ['no question', (t) => Object.assign(t['prompt']!, { user: 'Hello' }), /^prompt does not use {question}/],
    ['an unknown grader', (t) => Object.assign(t['grader']!, { id: 'luck' }), /^grader cannot be used: There is no grader “luck”/],
    ['an unknown option', (t) => Object.assign(t['grader']!, { options: { luck: 1 } }), /^grader cannot be used: .*no option “luck”/],
    ['a bad option', (t) => Object.assign(t['grader']!, { options: { units: [] } }), /^grader cannot be used: Option units is /],
    [
      'a reserved field',
      (t) => Object.assign(t['sets']![0]!['rows']![0]!, { fields: { gold: '' } }),
      /^sets\[0\]\.rows\[0\]\.fields\.gold has the name/,
    ],
  ];
  it.each(cases)('%s', (_name, change, message) => {
    const task = structuredClone(newTask()) as unknown as Loose;
    const changed = change(task);
    const input = typeof changed === 'string' || Array.isArray(changed) ? changed : task;
    expect(() => parseTask(input)).toThrow(message);
    expect(() => parseTask(input)).toThrow(TaskError);
  });
});

describe('a task that runs', () => {
  const spec: TaskSpec = {
    ...newTask(),
    prompt: { system: 'Be brief.', user: '{context} {{{question}}}' },
    sets: [
      {
        ...{ id: 'train', name: 'Training', description: '' },
        rows: Array.from({ length: 40 }, (_, i) => ({
          ...{ id: `r${i}`, question: `What is ${i} + {expert}?`, gold: `${i}`, expert: i % 4 === 0 ? null : `It is \\boxed{${i}}.` },
          ...{ family: i < 20 ? 'low' : 'high', fields: { context: `c${i}` } },
        })),
      },
      { ...newTask().sets[1]!, rows: [{ id: 't', question: 'q', gold: '1', expert: null, fields: { context: 'x' } }] },
    ],
  };
  const task = datasetTask(parseTask(spec));

  it('chooses problems by seed, a longer request beginning with the shorter one', () => {
    const ten = task.problems('train', 10, 1);
    expect(task.problems('train', 20, 1).slice(0, 10)).toEqual(ten);
    expect(task.problems('train', 10, 2)).not.toEqual(ten);
    expect(new Set(ten.map(({ id }) => id)).size).toBe(10);
    // A row more moves no other.
    const more = structuredClone(spec);
    more.sets[0]!.rows.unshift({ id: 'new', question: 'q', gold: '1', expert: 'e', fields: { context: '' } });
    const order = datasetTask(more).problems('train', 100, 1);
    expect(order.filter(({ id }) => id !== 'new')).toEqual(task.problems('train', 100, 1));
  });

  it('gives what there is: fewer than asked, and no rows to train on without a demonstration', () => {
    expect(task.problems('train', 1000, 1)).toHaveLength(30);
    expect(setSize(spec, 'train')).toBe(30);
    expect(task.problems('test', 10, 1)).toHaveLength(1);
    expect(() => task.problems('exam', 1, 1)).toThrow(/unknown problem set 'exam'; known: train, test/);
    expect(() => task.demonstration(task.problems('test', 1, 1)[0]!)).toThrow(/Row t .* has no expert/);
  });

  it('fills templates once: braces in a row are text', () => {
    const problem = task.problems('train', 100, 1).find(({ id }) => id === 'r5')!;
    expect(task.messages(problem)).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'c5 {What is 5 + {expert}?}' },
    ]);
    const retold = task.retellMessages(problem, 'a {question}').at(-1)!.content;
    expect(retold).toContain('What is 5 + {expert}?');
    expect(retold).toContain('a {question}');
    expect(retold).toContain('\\boxed{}.');
    expect(task.demonstration(problem)).toEqual({ text: 'It is \\boxed{5}.' });
    // The try-it box: a question that is no row's.
    expect(task.messages({ id: 'try-it', family: '', question: 'q', gold: '' })[1]!.content).toBe(' {q}');
  });

  it('grades with its grader', () => {
    const problem = task.problems('test', 1, 1)[0]!;
    expect(task.grade(problem, '\\boxed{1}')).toMatchObject({ correct: true, gold: '1' });
    expect(task.grade(problem, '\\boxed{2}').correct).toBe(false);
    expect(task.id).toBe(taskKey(spec));
  });
});
