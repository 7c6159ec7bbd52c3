/**
 * What the grader leaves to the reader. Every option is data with its own words, so that the page and the command line build their
 * controls from this list; defaults are strict where leniency could reward a wrong answer.
 */
export interface GradeOptions {
  listOrder: 'any' | 'given';
  percent: 'either' | 'hundredth' | 'unit';
  units: 'optional' | 'required' | 'ignored';
  unboxed: 'stated' | 'box-only' | 'last-number';
  thousands: 'comma' | 'none';
  decimalDigits: number;
  tolerance: number;
}

interface OptionBase<K extends keyof GradeOptions> {
  name: K;
  label: string;
  description: string;
  default: GradeOptions[K];
}

export interface ChoiceOption extends OptionBase<keyof GradeOptions> {
  kind: 'choice';
  choices: { value: string; description: string }[];
}

export interface NumberOption extends OptionBase<keyof GradeOptions> {
  kind: 'number';
  min: number;
  max: number;
  integer: boolean;
}

export type OptionInfo = ChoiceOption | NumberOption;

export const GRADE_OPTIONS: readonly OptionInfo[] = [
  {
    name: 'listOrder',
    kind: 'choice',
    label: 'Order of lists',
    description: 'Whether several answers without brackets, as in "1, 2", may come in any order. Tuples in brackets are always ordered.',
    default: 'any',
    choices: [
      { value: 'any', description: 'any order, the same count' },
      { value: 'given', description: 'the order of the gold answer' },
    ],
  },
  {
    name: 'percent',
    kind: 'choice',
    label: 'Percent signs',
    description: 'How "25%" compares with a number that has no percent sign. A factor of 100 is never accepted without a written sign.',
    default: 'either',
    choices: [
      { value: 'either', description: '25% equals 25 (the sign is a unit) and 0.25 (its value)' },
      { value: 'hundredth', description: '25% equals 0.25 only' },
      { value: 'unit', description: '25% equals 25 only' },
    ],
  },
  {
    name: 'units',
    kind: 'choice',
    label: 'Units',
    description: 'What a unit or currency after a number does. Units that contradict each other (cm and m) are rejected unless ignored.',
    default: 'optional',
    choices: [
      { value: 'optional', description: 'may be missing on either side, must not contradict' },
      { value: 'required', description: 'a unit in the gold answer must be there' },
      { value: 'ignored', description: 'never looked at' },
    ],
  },
  {
    name: 'unboxed',
    kind: 'choice',
    label: 'Answers without a box',
    description: 'Where the answer may be found when a response has no \\boxed{}.',
    default: 'stated',
    choices: [
      {
        value: 'stated',
        description: 'after "####" or "the answer is", as the whole text, or as the value that the last sentence ends with',
      },
      { value: 'box-only', description: 'nowhere: only a box counts' },
      { value: 'last-number', description: 'as stated, else the last number anywhere' },
    ],
  },
  {
    name: 'thousands',
    kind: 'choice',
    label: 'Thousands separators',
    description: 'Whether "1,234" outside brackets is one number. "1,23" and "-3,0" never are.',
    default: 'comma',
    choices: [
      { value: 'comma', description: '1,234 is 1234 (and the list 1, 234 only against such a list)' },
      { value: 'none', description: 'a comma always separates' },
    ],
  },
  {
    name: 'decimalDigits',
    kind: 'number',
    label: 'Digits of a rounded decimal',
    description:
      'A decimal equals a value that it is rounded or cut from only if it states at least this many significant digits, all of them right. Integers are exact.',
    default: 6,
    min: 1,
    max: 30,
    integer: true,
  },
  {
    name: 'tolerance',
    kind: 'number',
    label: 'Tolerance',
    description: 'Absolute error allowed between two numbers, for golds that come with one. 0 means none.',
    default: 0,
    min: 0,
    max: 1e9,
    integer: false,
  },
];

export const DEFAULT_GRADE_OPTIONS: Readonly<GradeOptions> = Object.freeze(
  Object.fromEntries(GRADE_OPTIONS.map((option) => [option.name, option.default])),
) as unknown as Readonly<GradeOptions>;

/**
 * Fills in the defaults and checks each value.
 * @throws RangeError that names the option, the value and what is allowed.
 */
export function resolveOptions(given: Partial<GradeOptions> = {}): GradeOptions {
  const resolved: Record<string, unknown> = { ...DEFAULT_GRADE_OPTIONS };
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const info = GRADE_OPTIONS.find((option) => option.name === name);
    if (!info)
      throw new RangeError(`Unknown grading option "${name}"; there are ${GRADE_OPTIONS.map((option) => option.name).join(', ')}.`);
    const problem = optionProblem(info, value);
    if (problem) throw new RangeError(`Option ${name} is "${String(value)}"; use ${problem}.`);
    resolved[name] = value;
  }
  return resolved as unknown as GradeOptions;
}

/** What is allowed, in words, where `value` is not; null where it is. */
export function optionProblem(info: OptionInfo, value: unknown): string | null {
  if (info.kind === 'choice') {
    const known = info.choices.some((choice) => choice.value === value);
    return known ? null : `one of ${info.choices.map((choice) => choice.value).join(', ')}`;
  }
  const ok = typeof value === 'number' && value >= info.min && value <= info.max && (!info.integer || Number.isInteger(value));
  return ok ? null : `${info.integer ? 'an integer' : 'a number'} from ${info.min} to ${info.max}`;
}
