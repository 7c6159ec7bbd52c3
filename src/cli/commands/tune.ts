import { InvalidArgumentError, Option, type Command } from 'commander';
import { armsOption, integer, policyOption, taskOption, threadsOption } from '../options';
import type { TuneOptions } from '../run/tune';

/** A comma-separated list of numbers that `accept` accepts. */
function list(what: string, accept: (value: number) => boolean): (text: string) => number[] {
  return (text) => {
    const values = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
    if (!values.every(accept)) throw new InvalidArgumentError(`It must be a comma-separated list of ${what}.`);
    return values;
  };
}

export function register(program: Command): void {
  program
    .command('tune')
    .description('Choose the learning rate of each arm on the validation split, with the same trials for all')
    .addOption(policyOption())
    .addOption(taskOption())
    .addOption(
      new Option('--rates <list>', 'peak learning rates to try')
        .argParser(list('rates above 0', (x) => x > 0 && Number.isFinite(x)))
        .default([1e-4, 3e-4, 1e-3, 3e-3], '1e-4,3e-4,1e-3,3e-3'),
    )
    .addOption(
      new Option('--seeds <list>', 'seeds to average over')
        .argParser(list('whole numbers', (x) => Number.isInteger(x) && x >= 0))
        .default([101, 102], '101,102'),
    )
    .addOption(armsOption())
    .addOption(new Option('--problems <n>', 'training problems').argParser(integer(1)).default(256))
    .addOption(new Option('--k <n>', 'samples per problem and stage').argParser(integer(1, 1024)).default(8))
    .addOption(new Option('--validation-problems <n>', 'validation problems').argParser(integer(1)).default(128))
    .addOption(new Option('--runs <n>', 'samples per validation problem').argParser(integer(1)).default(4))
    .option('--out <file>', 'JSON file to write; standard output without it')
    .addOption(threadsOption())
    .action(async (options: TuneOptions) => {
      const { tune } = await import('../run/tune');
      await tune(options);
    });
}
