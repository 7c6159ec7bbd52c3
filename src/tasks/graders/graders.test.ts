import { describe, expect, it } from 'vitest';
import { createRandom } from '../../policy/random';
import { createGrade, goldChecker, grader, GRADERS, resolveOptions } from './index';

const verdict = (id: string, options: Record<string, string | number | boolean>, gold: string, response: string) =>
  createGrade({ id, options })(gold, response);
const correct = (...args: Parameters<typeof verdict>) => verdict(...args).correct;

describe('the registry', () => {
  it('describes every option well enough to make a control of it', () => {
    expect(GRADERS.map(({ id }) => id)).toEqual(['mathematics', 'exact', 'regex', 'json', 'number']);
    for (const one of GRADERS) {
      expect(one.description + one.goldHelp).not.toBe('');
      for (const option of one.options) {
        expect(option.label && option.description, `${one.id}.${option.name}`).toBeTruthy();
        expect(resolveOptions(one, { [option.name]: option.default })[option.name]).toBe(option.default);
        if (option.kind === 'choice') expect(option.choices.map(({ value }) => value)).toContain(option.default);
      }
    }
  });

  it.each([
    [{ id: 'guess' }, /no grader “guess”; there are mathematics, exact/],
    [{ id: 'exact', options: { cases: 'any' } }, /“Exact text” has no option “cases”; it has where, marker, case/],
    [{ id: 'exact', options: { case: 'lower' } }, /Option case is "lower": use one of same, any/],
    [{ id: 'number', options: { relative: 2 } }, /Option relative is 2: use a number from 0 to 1/],
    [{ id: 'exact', options: { where: 'marker', marker: ' | ' } }, /marker is empty/],
    [{ id: 'regex', options: { pattern: '(' } }, /not a regular expression/],
  ])('says what is wrong with %j', (spec, message) => {
    expect(() => createGrade(spec)).toThrow(message);
  });

  it('never throws and never takes long, whatever the response', () => {
    const random = createRandom(1, 'graders/robust');
    const pieces = [
      '{',
      '}',
      '"',
      '\\',
      '\\boxed{',
      'answer is ',
      '\n',
      '<think>',
      '</think>',
      '1,2',
      '1e9',
      'é',
      '\ud800',
      '\u202e',
      ' ',
      'a',
      '.',
      '-',
      '[',
      ']',
    ];
    const golds = ['', 'a', '1', '{"a":1}', '(a+)+$', '\\', '{'];
    const long = [
      '{'.repeat(100_000),
      'a'.repeat(100_000),
      '1,'.repeat(50_000),
      '{"a":'.repeat(30_000),
      ' '.repeat(200_000),
      '\n'.repeat(100_000),
      '"{'.repeat(50_000),
      '\\boxed{'.repeat(20_000),
    ];
    const responses = [
      ...long,
      ...Array.from({ length: 300 }, () => Array.from({ length: random.int(30) }, () => random.pick(pieces)).join('')),
    ];
    for (const { id, options } of GRADERS) {
      const wheres = options.some(({ name }) => name === 'where') ? ['whole', 'last-line', 'marker', 'boxed'] : [null];
      for (const where of wheres) {
        const grade = createGrade({ id, ...(where && { options: { where } }) });
        for (const response of responses) {
          const started = performance.now();
          for (const gold of response.length > 1000 ? golds.slice(0, 4) : golds)
            expect(typeof grade(gold, response).correct).toBe('boolean');
          expect(performance.now() - started, `${id} ${where} ${response.slice(0, 10)}`).toBeLessThan(5000);
        }
        // Nothing never equals nothing.
        expect(grade('', '').correct).toBe(false);
      }
    }
  });
});

describe('mathematics', () => {
  it('is src/math with its options', () => {
    expect(correct('mathematics', {}, '\\frac12', 'So \\boxed{0.5}')).toBe(true);
    expect(correct('mathematics', { listOrder: 'given' }, '1, 2', '\\boxed{2, 1}')).toBe(false);
    expect(correct('mathematics', { listOrder: 'any' }, '1, 2', '\\boxed{2, 1}')).toBe(true);
    expect(goldChecker({ id: 'mathematics' })('\\frac{1')).toMatch(/cannot be read/);
    expect(goldChecker({ id: 'mathematics' })('\\frac{1}{2}')).toBeNull();
  });
});

describe('exact text', () => {
  it('finds the answer where it is said to be', () => {
    const response = 'Is the answer is blue? No.\nThe Answer is “Red”.\nDone \\boxed{green}';
    expect(verdict('exact', {}, 'Red', response)).toMatchObject({
      correct: true,
      prediction: 'Red',
      rule: 'after “answer is”: the same text',
    });
    expect(correct('exact', { where: 'boxed' }, 'green', response)).toBe(true);
    expect(correct('exact', { where: 'last-line' }, 'Done \\boxed{green}', response)).toBe(true);
    expect(correct('exact', { where: 'whole' }, 'red', 'red\n')).toBe(true);
    expect(correct('exact', { marker: 'result: | Answer:' }, 'b', 'result: a\nANSWER: b')).toBe(true);
    expect(verdict('exact', {}, 'a', 'a')).toMatchObject({ correct: false, status: 'no-answer' });
    expect(verdict('exact', {}, 'a', 'the answer is')).toMatchObject({ status: 'no-answer', rule: 'nothing follows “answer is”' });
    expect(verdict('exact', {}, 'a', '<think>the answer is a</think> I do not know')).toMatchObject({ correct: false });
  });

  it('forgives what the options say and no more', () => {
    const whole = { where: 'whole' } as const;
    expect(correct('exact', whole, 'Paris', 'paris')).toBe(false);
    expect(correct('exact', { ...whole, case: 'any' }, 'Paris', 'PARIS')).toBe(true);
    expect(correct('exact', whole, 'a b', 'a \t b')).toBe(true);
    expect(correct('exact', whole, 'a b', 'ab')).toBe(false);
    expect(correct('exact', { ...whole, whitespace: 'ignore' }, 'a b', 'ab')).toBe(true);
    expect(correct('exact', { ...whole, whitespace: 'exact' }, 'a b', 'a  b')).toBe(false);
    expect(correct('exact', whole, 'é', 'e\u0301')).toBe(true);
    expect(correct('exact', { ...whole, unicode: 'none' }, 'é', 'e\u0301')).toBe(false);
    expect(correct('exact', { ...whole, unicode: 'NFKC' }, 'fi', 'ﬁ')).toBe(true);
    expect(correct('exact', whole, 'yes', '"Yes".'.toLowerCase())).toBe(true);
    expect(correct('exact', { ...whole, punctuation: false }, 'yes', 'yes.')).toBe(false);
    expect(verdict('exact', whole, '...', 'x')).toMatchObject({ status: 'unparsable-gold' });
  });
});

describe('regular expressions', () => {
  it('takes the pattern from the gold or from the task', () => {
    expect(correct('regex', {}, '\\d{4}-\\d\\d', 'The answer is 2024-05')).toBe(true);
    expect(correct('regex', {}, '\\d{4}', 'The answer is 2024-05')).toBe(false);
    expect(correct('regex', { match: 'part' }, '\\d{4}', 'The answer is 2024-05')).toBe(true);
    expect(correct('regex', { pattern: 'v{gold}(\\.\\d+)?', where: 'whole' }, '1.2', 'v1.2.7')).toBe(true);
    // The gold is text in there: its dot is a dot.
    expect(correct('regex', { pattern: 'v{gold}(\\.\\d+)?', where: 'whole' }, '1.2', 'v1x2')).toBe(false);
    expect(correct('regex', { pattern: '{gold}', where: 'whole' }, 'a-b/$1', 'a-b/$1')).toBe(true);
    expect(correct('regex', { where: 'whole', case: 'any' }, 'straße|\\p{Lu}x', 'STRAßE')).toBe(true);
    expect(verdict('regex', {}, '(', 'answer is x')).toMatchObject({ correct: false, status: 'unparsable-gold' });
    expect(goldChecker({ id: 'regex' })('(?=a)')).toMatch(/looks around/);
    expect(goldChecker({ id: 'regex' })('(a)\\1')).toMatch(/refers back/);
  });
});

describe('JSON fields', () => {
  const gold = '{"city":"Paris","year":1889,"parts":[1,{"x":true}]}';
  it('compares the last object’s fields', () => {
    const response =
      'First {"city":"Rome"}, or rather {oops}:\n```json\n{"year": 1889, "city": " Paris ", "parts":[1,{"x":true}], "note": "a } b"}\n```';
    expect(verdict('json', {}, gold, response)).toMatchObject({ correct: true, rule: 'all 3 fields are equal' });
    expect(verdict('json', { extra: 'wrong' }, gold, response)).toMatchObject({
      correct: false,
      rule: 'the gold object has no field note',
    });
    expect(verdict('json', {}, gold, '{"city":"Paris","year":"1889","parts":[1,{"x":true}]}').rule).toBe('the field year differs');
    expect(correct('json', { numbers: 'either' }, gold, '{"city":"Paris","year":"1889.0","parts":[1,{"x":true}]}')).toBe(true);
    expect(correct('json', { fields: 'city', case: 'any' }, gold, '{"city":"PARIS"}')).toBe(true);
    expect(verdict('json', { fields: 'place.city' }, '{"place":{"city":"x"}}', '{"place":{}}').rule).toBe(
      'the field place.city is missing',
    );
    expect(verdict('json', {}, gold, 'no object')).toMatchObject({ status: 'no-answer' });
    expect(verdict('json', {}, '[1]', '{}')).toMatchObject({ status: 'unparsable-gold' });
    expect(correct('json', {}, '{"__proto__":1}', '{"a":1}')).toBe(false);
    expect(goldChecker({ id: 'json', options: { fields: 'town' } })(gold)).toBe('It has no field town.');
  });
});

describe('numbers', () => {
  it('are equal or within the larger tolerance', () => {
    expect(correct('number', {}, '1,234.50', 'the answer is 1234.5')).toBe(true);
    expect(correct('number', {}, '0.1', 'answer: 1e-1')).toBe(true);
    expect(correct('number', {}, '9007199254740993', 'answer: 9007199254740992')).toBe(false);
    expect(correct('number', { absolute: 0.5 }, '-3', 'answer is −3.5 m')).toBe(true);
    expect(correct('number', { absolute: 0.5 }, '-3', 'answer is 3')).toBe(false);
    expect(correct('number', { relative: 0.01 }, '200', 'answer is 202')).toBe(true);
    expect(correct('number', { relative: 0.01 }, '200', 'answer is 202.1')).toBe(false);
    expect(verdict('number', {}, '5', 'answer is 5 or 6')).toMatchObject({ correct: false, status: 'unparsable-prediction' });
    expect(correct('number', { pick: 'last' }, '6', 'answer is 5 or 6')).toBe(true);
    expect(correct('number', { pick: 'last', where: 'whole' }, '1234', '3 and 4 make 1,234.')).toBe(true);
    expect(verdict('number', {}, 'five', 'answer is 5')).toMatchObject({ status: 'unparsable-gold' });
    expect(correct('number', { absolute: 1 }, '1e9999', 'answer is 2e9999')).toBe(false);
    expect(grader('number').goldProblem('x', {})).toBe('It is not a decimal number.');
  });
});
