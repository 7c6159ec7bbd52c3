import type { Verdict } from '../types';
import { NUMBER_IN_TEXT, parseDecimal, sameDecimal, toNumber } from './decimal';
import { LOCATION_OPTIONS, locator } from './locate';
import type { ChoiceOption, Grade, Grader } from './types';

const [where, marker] = LOCATION_OPTIONS as [ChoiceOption, (typeof LOCATION_OPTIONS)[number]];
/** A stated answer is short; of a longer text only the end is searched for a number. */
const TAIL = 4000;

/** A number within an absolute or relative tolerance. */
export const number: Grader = {
  id: 'number',
  name: 'Number with tolerance',
  description: 'The answer is a number as far from the gold as the tolerances allow: the larger of the two counts.',
  goldHelp: 'A decimal number, e.g. -1,234.5 or 3e-4.',
  options: [
    where,
    marker,
    {
      name: 'absolute',
      kind: 'number',
      label: 'Absolute tolerance',
      description: 'Largest difference from the gold. With both tolerances 0 the numbers must be equal, to the last digit.',
      default: 0,
      min: 0,
      max: 1e300,
      integer: false,
    },
    {
      name: 'relative',
      kind: 'number',
      label: 'Relative tolerance',
      description: 'Largest difference as a share of the gold’s size: 0.01 is one per cent.',
      default: 0,
      min: 0,
      max: 1,
      integer: false,
    },
    {
      name: 'pick',
      kind: 'choice',
      label: 'Which number',
      description: 'Where the place named holds more than a number, which one is the answer.',
      default: 'only',
      choices: [
        { value: 'only', description: 'there must be exactly one' },
        { value: 'first', description: 'the first' },
        { value: 'last', description: 'the last' },
      ],
    },
  ],
  create(options): Grade {
    const locate = locator(options);
    const [absolute, relative] = [Number(options['absolute']), Number(options['relative'])];
    return (gold, response) => {
      const verdict = (correct: boolean, rule: string, status: Verdict['status'], prediction: string | null): Verdict => ({
        ...{ correct, rule, status, prediction, gold },
      });
      const expected = parseDecimal(gold);
      if (!expected) return verdict(false, 'the gold answer is not a decimal number', 'unparsable-gold', null);
      const { text, place } = locate(response);
      if (text === null) return verdict(false, place, 'no-answer', null);
      const numbers = text.slice(-TAIL).match(NUMBER_IN_TEXT) ?? [];
      const written = options['pick'] === 'last' ? numbers.at(-1) : numbers[0];
      if (written === undefined) return verdict(false, `${place}: no number`, 'unparsable-prediction', text.slice(0, 200));
      if (options['pick'] === 'only' && numbers.length > 1)
        return verdict(false, `${place}: ${numbers.length} numbers, not one`, 'unparsable-prediction', text.slice(0, 200));
      const given = parseDecimal(written);
      if (!given)
        return verdict(false, `${place}: “${written.slice(0, 40)}” is no number that can be compared`, 'unparsable-prediction', written);
      if (sameDecimal(given, expected)) return verdict(true, `${place}: equal`, 'ok', written);
      if (absolute === 0 && relative === 0) return verdict(false, `${place}: not equal`, 'ok', written);
      const [p, g] = [toNumber(given), toNumber(expected)];
      const error = Math.abs(p - g);
      const allowed = Math.max(absolute, relative * Math.abs(g));
      // Overflow to infinity compares with nothing.
      const correct = Number.isFinite(error) && error <= allowed;
      const off = Number(error.toPrecision(3));
      return verdict(
        correct,
        `${place}: off by ${off}, ${correct ? 'within' : 'more than'} ${Number(allowed.toPrecision(3))}`,
        'ok',
        written,
      );
    };
  },
  goldProblem: (gold) => (parseDecimal(gold) ? null : 'It is not a decimal number.'),
};
