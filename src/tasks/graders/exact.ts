import type { Verdict } from '../types';
import { LOCATION_OPTIONS, locator, MAX_RESPONSE, withoutPunctuation } from './locate';
import type { Grade, Grader, OptionValues } from './types';

/** The same text, up to what the options forgive. */
export const exact: Grader = {
  id: 'exact',
  name: 'Exact text',
  description: 'The answer is the gold answer’s text, up to case, spaces and punctuation as chosen.',
  goldHelp: 'The text to be answered.',
  options: [
    ...LOCATION_OPTIONS,
    {
      name: 'case',
      kind: 'choice',
      label: 'Case',
      description: 'Whether upper and lower case differ.',
      default: 'same',
      choices: [
        { value: 'same', description: 'Paris is not paris' },
        { value: 'any', description: 'Paris is paris' },
      ],
    },
    {
      name: 'whitespace',
      kind: 'choice',
      label: 'Spaces',
      description: 'How spaces, tabs and line breaks inside the answer count.',
      default: 'collapse',
      choices: [
        { value: 'exact', description: 'as written' },
        { value: 'collapse', description: 'any run of them is one space' },
        { value: 'ignore', description: 'not at all: “a b” is “ab”' },
      ],
    },
    {
      name: 'unicode',
      kind: 'choice',
      label: 'Unicode',
      description: 'Which spellings of the same characters are equal.',
      default: 'NFC',
      choices: [
        { value: 'NFC', description: 'é is é, composed or not' },
        { value: 'NFKC', description: 'also ﬁ is fi, ² is 2, full-width letters are letters' },
        { value: 'none', description: 'code points as they are' },
      ],
    },
    {
      name: 'punctuation',
      kind: 'flag',
      label: 'Drop punctuation around the answer',
      description: 'Quotation marks and . , ; : ! ? * _ before and after the answer and the gold do not count.',
      default: true,
    },
  ],
  create(options): Grade {
    const locate = locator(options);
    const key = keyOf(options);
    return (gold, response) => {
      const expected = key(gold);
      const verdict = (correct: boolean, rule: string, status: Verdict['status'], prediction: string | null): Verdict => ({
        ...{ correct, rule, status, prediction, gold },
      });
      if (expected === '') return verdict(false, 'the gold answer is empty', 'unparsable-gold', null);
      const { text, place } = locate(response);
      if (text === null) return verdict(false, place, 'no-answer', null);
      const given = key(text);
      const prediction = options['punctuation'] ? withoutPunctuation(text) : text;
      if (given === '') return verdict(false, `nothing but punctuation: ${place}`, 'no-answer', null);
      const correct = given === expected;
      return verdict(correct, `${place}: ${correct ? 'the same text' : 'another text'}`, 'ok', prediction);
    };
  },
  goldProblem: (gold, options) => (keyOf(options)(gold) === '' ? 'It is empty.' : null),
};

/** Equal texts, equal keys. */
function keyOf(options: OptionValues): (text: string) => string {
  return (text) => {
    let key = text.slice(0, MAX_RESPONSE);
    if (options['unicode'] !== 'none') key = key.normalize(options['unicode'] as 'NFC' | 'NFKC');
    if (options['punctuation']) key = withoutPunctuation(key);
    if (options['case'] === 'any') key = key.toLowerCase();
    if (options['whitespace'] === 'ignore') return key.replace(/\s/gu, '');
    return options['whitespace'] === 'collapse' ? key.trim().replace(/\s+/gu, ' ') : key;
  };
}
