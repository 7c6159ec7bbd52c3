import { Option, type Command } from 'commander';
import { DATA_SEED, MAX_NEW_TOKENS } from '../../method/presets';
import {
  dataSeedOption,
  decimal,
  integer,
  maxNewTokensOption,
  policyOption,
  seedOption,
  taskOption,
  threadsOption,
  topPOption,
} from '../options';
import type { EvaluateOptions } from '../run/evaluate';

export function register(program: Command): void {
  program
    .command('evaluate')
    .description('Accuracy over several sampled runs (avg@n), with 95 % intervals')
    .addOption(policyOption())
    .addOption(taskOption())
    .option('--split <name>', "'test' for all test sets, or one set: train, validation, easy, middle, … or those of --task", 'test')
    .addOption(new Option('--problems <n>', 'problems per set').argParser(integer(1)).default(64))
    .addOption(new Option('--runs <n>', 'samples per problem').argParser(integer(1)).default(4))
    .addOption(seedOption())
    .addOption(dataSeedOption(DATA_SEED))
    .addOption(new Option('--temperature <t>', 'sampling temperature; 0 = greedy').argParser(decimal({ min: 0 })).default(1))
    .addOption(topPOption())
    .addOption(maxNewTokensOption(MAX_NEW_TOKENS))
    .addOption(threadsOption())
    .addHelpText('after', '\nPrints {"sets":{"easy":{"accuracy":…,"ci95":[…,…],"problems":64,"runs":4},…},"average":…}.')
    .action(async (options: EvaluateOptions) => {
      const { evaluate } = await import('../run/evaluate');
      await evaluate(options);
    });
}
