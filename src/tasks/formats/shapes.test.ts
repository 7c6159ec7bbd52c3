import { describe, expect, it } from 'vitest';
import { gradeAnswer } from '../../math';
import { importProblems } from './import';
import { parseMapping } from './mapping';
import type { RowValues } from './readers';
import { SHAPES } from './shapes';
import { textSource } from './source';

const importRows = (rows: RowValues[], mapping?: string) =>
  importProblems(
    textSource('rows.jsonl', rows.map((row) => JSON.stringify(row)).join('\n')),
    mapping === undefined ? {} : { mapping: parseMapping(mapping) },
  );

/** Rows of each shape, of our own making, and what must come out of them: [question, gold, expert, family]. */
const CASES: Record<string, { rows: RowValues[]; out: (string | null | undefined)[][] }> = {
  gsm8k: {
    rows: [
      {
        question: 'Nine sheds hold 130 rakes each. How many rakes?',
        answer: 'There are 9*130 = <<9*130=1170>>1170 rakes.\n#### 1,170',
      },
    ],
    out: [['Nine sheds hold 130 rakes each. How many rakes?', '1,170', 'There are 9*130 = 1170 rakes.\n#### 1,170', undefined]],
  },
  numina: {
    rows: [
      {
        source: 'made_up',
        problem: 'Halve $3$.',
        solution: 'First $\\boxed{3}$ is given. Half of it is $\\boxed{\\frac{3}{2}}$ metres.',
        messages: [
          { role: 'user', content: 'Halve $3$.' },
          { role: 'assistant', content: '…' },
        ],
      },
      { source: 'made_up', problem: 'Solve $x^2=4$.', solution: 'We find $x=\\boxed{2}$ and $x=\\boxed{-2}$.', messages: null },
    ],
    out: [
      ['Halve $3$.', '\\frac{3}{2}', 'First $\\boxed{3}$ is given. Half of it is $\\boxed{\\frac{3}{2}}$ metres.', 'made_up'],
      ['Solve $x^2=4$.', '2, -2', 'We find $x=\\boxed{2}$ and $x=\\boxed{-2}$.', 'made_up'],
    ],
  },
  math500: {
    rows: [
      {
        problem: 'What is $\\pi/2+\\pi/2$?',
        solution: 'It is $\\boxed{\\pi}$.',
        answer: '\\pi',
        subject: 'Angles',
        level: 1,
        unique_id: 'a/1',
      },
    ],
    out: [['What is $\\pi/2+\\pi/2$?', '\\pi', 'It is $\\boxed{\\pi}$.', 'Angles']],
  },
  math: {
    rows: [{ problem: 'Add $1$ and $1$.', level: 'Level 1', type: 'Counting', solution: 'That is $\\fbox{2}$.' }],
    out: [['Add $1$ and $1$.', '2', 'That is $\\fbox{2}$.', 'Counting']],
  },
  minerva: {
    rows: [
      { problem: 'How bright?', solution: 'About \\boxed{3.2e31} erg/s.', type: 'Stars', idx: 0 },
      { problem: 'Which angle?', solution: 'It is \\boxed{np.arcsin(3/5)}.', type: 'Light', idx: 1 },
    ],
    out: [
      ['How bright?', '3.2e31', 'About \\boxed{3.2e31} erg/s.', 'Stars'],
      ['Which angle?', 'np.arcsin(3/5)', 'It is \\boxed{np.arcsin(3/5)}.', 'Light'],
    ],
  },
  olympiadbench: {
    rows: [
      {
        id: 7,
        subfield: 'Sets',
        context: 'Let $n$ be odd.',
        question: 'Find all $n$.',
        solution: ['One way.', 'Another way.'],
        final_answer: ['$3$,$5$'],
        is_multiple_answer: true,
        error: null,
      },
      { id: 8, subfield: 'Sets', context: null, question: 'Measure it.', solution: ['So.'], final_answer: ['1.5', '2.5'], error: '1e-1' },
    ],
    out: [
      ['Let $n$ be odd.\n\nFind all $n$.', '$3$,$5$', 'One way.', 'Sets'],
      ['Measure it.', '1.5, 2.5', 'So.', 'Sets'],
    ],
  },
  aime: {
    rows: [
      { id: '2031-I-4', problem: 'Count them.', solution: 'Not $\\boxed{7}$ but $\\boxed{025}$.', answer: '025' },
      { id: '2031-I-5', problem: 'Count again.', solution: 'So \\boxed{100}.', answer: '100' },
    ],
    out: [
      ['Count them.', '025', 'Not $\\boxed{7}$ but $\\boxed{025}$.', undefined],
      ['Count again.', '100', 'So \\boxed{100}.', undefined],
    ],
  },
  amc23: {
    rows: [{ id: 0, problem: 'How many?', question: 'How many?', answer: 27.0, url: 'https://example.org/p1' }],
    out: [['How many?', '27', null, undefined]],
  },
  messages: {
    rows: [
      {
        messages: [
          { role: 'system', content: 'Think.' },
          { role: 'user', content: '2+2?' },
          { role: 'assistant', content: 'The answer is 4.' },
        ],
      },
    ],
    out: [['2+2?', '4', 'The answer is 4.', undefined]],
  },
  'prompt-completion': {
    rows: [{ prompt: [{ role: 'user', content: '3+3?' }], completion: [{ role: 'assistant', content: 'So \\boxed{6}.' }], source: 's' }],
    out: [['3+3?', '6', 'So \\boxed{6}.', 's']],
  },
  own: {
    rows: [{ id: 'a', question: 'One?', gold: '1', expert: 'It is \\boxed{1}.', family: 'f' }],
    out: [['One?', '1', 'It is \\boxed{1}.', 'f']],
  },
  guess: {
    rows: [{ Query: 'What is 5?', Ground_Truth: 5, Explanation: 'Five is five.', topic: 'numbers' }],
    out: [['What is 5?', '5', 'Five is five.', 'numbers']],
  },
};

describe('shapes', () => {
  it('has a case for each', () => expect(Object.keys(CASES).sort()).toEqual(SHAPES.map(({ id }) => id).sort()));

  it.each(Object.entries(CASES))('%s is recognised and read', async (id, { rows, out }) => {
    const { rows: found, report } = await importRows(rows);
    expect(report.shape.id).toBe(id);
    expect(report.shape.reason).not.toBe('');
    expect(found.map(({ question, gold, expert, family }) => [question, gold, expert, family])).toEqual(out);
  });

  it('gives golds that the grader reads as data sets mean them', async () => {
    const gold = async (id: string, row = 0) => (await importRows(CASES[id]!.rows)).rows[row]!.gold;
    for (const [given, answer] of [
      [await gold('gsm8k'), '1170'],
      [await gold('aime'), '25'],
      [await gold('amc23'), '27.0'],
      [await gold('numina', 1), '-2, 2'],
      [await gold('olympiadbench'), '5, 3'],
      [await gold('minerva'), '3.2\\times10^{31}'],
      [await gold('minerva', 1), '\\arcsin(0.6)'],
    ] as const)
      expect(gradeAnswer(given, answer).correct, `${given} = ${answer}`).toBe(true);
    expect((await importRows(CASES['olympiadbench']!.rows)).rows.map(({ fields }) => fields)).toEqual([undefined, { tolerance: '1e-1' }]);
  });

  it('reads ShareGPT, conversations stored as text, and golds beside them', async () => {
    const conversations = [
      { from: 'human', value: 'Why?' },
      { from: 'gpt', value: 'Because.' },
    ];
    expect((await importRows([{ conversations, gold: '9' }])).rows).toMatchObject([{ question: 'Why?', gold: '9', expert: 'Because.' }]);
    const messages = JSON.stringify([
      { role: 'user', content: 'How?' },
      { role: 'assistant', content: '\\boxed{1}' },
    ]);
    expect((await importRows([{ messages }])).rows).toMatchObject([{ question: 'How?', gold: '1' }]);
    // Parquet of reinforcement learning: a gold inside an object.
    const nested = { prompt: [{ role: 'user', content: 'Deep?' }], reward_model: { style: 'rule', ground_truth: '3' } };
    expect((await importRows([nested])).rows).toMatchObject([{ question: 'Deep?', gold: '3', expert: null }]);
  });

  it('lets single columns be mapped otherwise, and says what is wrong with a mapping', async () => {
    const rows = [{ problem: 'P', question: 'Q', gold: '1', expert: 'E \\boxed{2}', note: 'N' }];
    expect((await importRows(rows, 'question=problem,gold=expert:box,family=note')).rows).toMatchObject([
      { question: 'P', gold: '2', family: 'N' },
    ]);
    await expect(importRows(rows, 'gold=price')).rejects.toThrow(/no column "price" for the gold/);
    expect(() => parseMapping('gold')).toThrow(/not a part of a mapping/);
    expect(() => parseMapping('price=a')).toThrow(/nothing called "price"/);
    expect(() => parseMapping('gold=a:magic')).toThrow(/no way to read a column/);
    await expect(importRows([{ question: 'Q?' }])).rejects.toThrow(/No column is known to hold the gold answer/);
    await expect(importProblems(textSource('r.jsonl', '{"question":"Q"}'), { shape: 'gsm8k' })).rejects.toThrow(
      /does not have the columns of GSM8K/,
    );
    await expect(importProblems(textSource('r.jsonl', '{"n":1}'))).rejects.toThrow(/No column holds text/);
  });
});
