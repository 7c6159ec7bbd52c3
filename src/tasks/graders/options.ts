import type { Grader, GraderOption, OptionValues } from './types';

/**
 * Fills in defaults and checks each value against the grader's own description of it.
 * @throws RangeError that names the option, the value and what is allowed.
 */
export function resolveOptions(grader: Pick<Grader, 'name' | 'options'>, given: Readonly<Record<string, unknown>> = {}): OptionValues {
  const values: OptionValues = Object.fromEntries(grader.options.map((option) => [option.name, option.default]));
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const option = grader.options.find((one) => one.name === name);
    if (!option) {
      const known = grader.options.map((one) => one.name).join(', ');
      throw new RangeError(`The grader “${grader.name}” has no option “${name}”; it has ${known || 'none'}.`);
    }
    const problem = optionProblem(option, value);
    if (problem) throw new RangeError(`Option ${name} is ${JSON.stringify(value)}: ${problem}`);
    values[name] = value as OptionValues[string];
  }
  return values;
}

/** What is wrong with a value, in a sentence that says what is allowed; null where it is fine. */
export function optionProblem(option: GraderOption, value: unknown): string | null {
  switch (option.kind) {
    case 'flag':
      return typeof value === 'boolean' ? null : 'use true or false.';
    case 'choice':
      return option.choices.some((choice) => choice.value === value)
        ? null
        : `use one of ${option.choices.map((choice) => choice.value).join(', ')}.`;
    case 'number': {
      const ok = typeof value === 'number' && value >= option.min && value <= option.max && (!option.integer || Number.isInteger(value));
      return ok ? null : `use ${option.integer ? 'a whole number' : 'a number'} from ${option.min} to ${option.max}.`;
    }
    case 'text':
      if (typeof value !== 'string') return 'use a text.';
      return value.length <= option.maxLength ? null : `use at most ${option.maxLength} characters.`;
  }
}
