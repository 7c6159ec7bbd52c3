import type { Verdict } from '../types';
import { LOCATION_OPTIONS, locator } from './locate';
import { pattern, type Pattern } from './pattern/match';
import type { Grade, Grader, OptionValues } from './types';

/** Longest answer that is matched. */
const LONGEST_ANSWER = 20_000;
const LONGEST_PATTERN = 1000;

/** A pattern, of each row or of the whole task. */
export const regularExpression: Grader = {
  id: 'regex',
  name: 'Regular expression',
  description:
    'The answer matches a pattern: the gold’s, or one given here with {gold} in it. Matched in linear time, so no pattern can hang; look-around and back-references are not supported.',
  goldHelp: 'A regular expression, e.g. \\d{4}-\\d{2}; with a pattern of the task, the text that stands in it for {gold}.',
  options: [
    ...LOCATION_OPTIONS,
    {
      name: 'pattern',
      kind: 'text',
      label: 'Pattern of the task',
      description: 'Used for every row; {gold} stands for the row’s gold as plain text. Empty: each gold is a pattern itself.',
      default: '',
      maxLength: LONGEST_PATTERN,
    },
    {
      name: 'match',
      kind: 'choice',
      label: 'How much must match',
      description: 'The whole answer or any part of it.',
      default: 'whole',
      choices: [
        { value: 'whole', description: 'the whole answer' },
        { value: 'part', description: 'any part of it' },
      ],
    },
    {
      name: 'case',
      kind: 'choice',
      label: 'Case',
      description: 'Whether upper and lower case differ.',
      default: 'same',
      choices: [
        { value: 'same', description: 'a is not A' },
        { value: 'any', description: 'a is A' },
      ],
    },
  ],
  create(options): Grade {
    const locate = locator(options);
    const compiled = compiler(options);
    return (gold, response) => {
      const verdict = (correct: boolean, rule: string, status: Verdict['status'], prediction: string | null): Verdict => ({
        ...{ correct, rule, status, prediction, gold },
      });
      const expected = compiled(gold);
      if (typeof expected === 'string') return verdict(false, expected, 'unparsable-gold', null);
      const { text, place } = locate(response);
      if (text === null) return verdict(false, place, 'no-answer', null);
      if (text.length > LONGEST_ANSWER)
        return verdict(false, `${place}: longer than ${LONGEST_ANSWER} characters`, 'unparsable-prediction', null);
      const result = expected.test(text);
      if (result === 'timeout') return verdict(false, `${place}: stopped, too many ways to match`, 'timeout', text);
      return verdict(result, `${place}: ${result ? 'matches' : 'does not match'} the pattern`, 'ok', text);
    };
  },
  goldProblem(gold, options) {
    const expected = compiler(options)(gold);
    return typeof expected === 'string' ? expected : null;
  },
};

/** From a gold to its pattern, or to what is wrong with it. @throws RangeError for a pattern of the task that is none. */
function compiler(options: OptionValues): (gold: string) => Pattern | string {
  const source = String(options['pattern']);
  const settings = { whole: options['match'] === 'whole', ignoreCase: options['case'] === 'any' };
  // What stands for {gold} is plain text, so that a pattern right for one gold is right for all.
  if (source !== '') pattern(source.replaceAll('{gold}', 'x'), settings);
  let last: { gold: string; result: Pattern | string } | null = null;
  return (gold) => {
    // The samples of one problem come one after the other.
    if (last?.gold === gold) return last.result;
    last = { gold, result: compile(gold) };
    return last.result;
  };

  function compile(gold: string): Pattern | string {
    if (gold === '') return 'the gold answer is empty';
    if (gold.length > LONGEST_PATTERN) return `the gold answer is longer than ${LONGEST_PATTERN} characters`;
    try {
      return pattern(source === '' ? gold : source.replaceAll('{gold}', () => gold.replace(/[\\^$.*+?()[\]{}|/-]/g, escapeOne)), settings);
    } catch (error) {
      if (error instanceof RangeError) return error.message;
      throw error;
    }
  }
}

/** With the u flag only syntax characters may be escaped by a backslash; a hyphen takes its code. */
function escapeOne(character: string): string {
  return character === '-' ? '\\x2d' : `\\${character}`;
}
