/** Parsers for option values: commander turns what they throw into one line and exit code 2. */
import { InvalidArgumentError, Option } from 'commander';
import { DEFAULT_GAP, GAPS } from '../tasks/tinymath/gap';
import { ARM_LIST, ARMS, DEFAULT_ARMS, type ArmId } from '../method/arms';

export function integer(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
    if (!(value >= min && value <= max)) throw new InvalidArgumentError(`It must be a whole number ${range(min, max)}.`);
    return value;
  };
}

/** A number above `above` (exclusive) or from `min`, up to `max`. */
export function decimal({
  min = -Infinity,
  above = -Infinity,
  max = Infinity,
}: {
  min?: number;
  above?: number;
  max?: number;
}): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? NaN : Number(text);
    if (!(value >= min && value > above && value <= max) || !Number.isFinite(value)) {
      throw new InvalidArgumentError(
        `It must be a number ${above > -Infinity ? `above ${above}` : ''}${range(min, max, above > -Infinity)}.`.replace(' .', '.'),
      );
    }
    return value;
  };
}

function range(min: number, max: number, joined = false): string {
  const upper = Number.isFinite(max) && max !== Number.MAX_SAFE_INTEGER ? `up to ${max}` : '';
  const lower = Number.isFinite(min) ? `from ${min}` : '';
  return `${joined && upper ? ' and ' : ''}${[lower, upper].filter(Boolean).join(' ')}`;
}

/** Collects repeated `name=value` options. */
export function assignments(text: string, previous: Record<string, number> = {}): Record<string, number> {
  const [, name, value] = /^([\w-]+)=(.+)$/.exec(text) ?? [];
  if (!name || value === undefined || !Number.isFinite(Number(value))) throw new InvalidArgumentError('It must look like name=0.5.');
  return { ...previous, [name]: Number(value) };
}

export const DEFAULT_POLICY = 'static-models/base';

export const policyOption = () => new Option('--policy <dir>', 'policy folder in Hugging Face layout').default(DEFAULT_POLICY);
export const taskOption = () => new Option('--task <file>', 'JSON file of a task of your own (default: the built-in world)');
export const gapOption = () =>
  new Option('--expert-gap <size>', 'how far the built-in world’s expert writes from the policy’s own way: operations merged in a sentence')
    .choices(GAPS)
    .default(DEFAULT_GAP);
export const threadsOption = () => new Option('--threads <n>', 'threads of onnxruntime').argParser(integer(1, 64)).default(2);
export const seedOption = () => new Option('--seed <n>', 'seed of every random choice').argParser(integer(0, 2 ** 32 - 1)).default(1);
export const temperatureOption = () => new Option('--temperature <t>', 'sampling temperature').argParser(decimal({ above: 0 })).default(1);
export const topPOption = () =>
  new Option('--top-p <p>', 'nucleus truncation; 1 = none').argParser(decimal({ above: 0, max: 1 })).default(1);
export const maxNewTokensOption = (value: number) =>
  new Option('--max-new-tokens <n>', 'longest response in tokens').argParser(integer(1)).default(value);
export const dataSeedOption = (value: number) =>
  new Option('--data-seed <n>', 'seed of the choice of problems').argParser(integer(0, 2 ** 32 - 1)).default(value);
/** Arms by id, separated by commas, in the order of the registry. */
export const armsOption = () =>
  new Option('--arms <list>', `arms, separated by commas: ${ARM_LIST.map(({ id }) => id).join(', ')}`)
    .argParser((text: string): ArmId[] => {
      const given = text.split(',').map((one) => one.trim());
      const unknown = given.find((one) => !ARMS.some((arm) => arm === one));
      if (unknown !== undefined) throw new InvalidArgumentError(`There is no arm "${unknown}".`);
      return ARMS.filter((arm) => given.includes(arm));
    })
    .default([...DEFAULT_ARMS]);
