import { Option, type Command } from 'commander';
import { integer, policyOption, seedOption, taskOption, threadsOption, gapOption } from '../options';
import type { InspectOptions } from '../run/inspect';

export function register(program: Command): void {
  program
    .command('inspect')
    .description(
      'What a policy of the built-in world can do: accuracy per family, stages, retelling quality, obedience to corrupted answers',
    )
    .addOption(policyOption())
    .addOption(taskOption())
    .addOption(gapOption())
    .addOption(new Option('--problems <n>', 'training problems').argParser(integer(1)).default(256))
    .addOption(new Option('--k <n>', 'samples per problem and stage').argParser(integer(1)).default(8))
    .addOption(seedOption())
    .addOption(threadsOption())
    .option('--card', "write the result into the folder's README.md, the model card", false)
    .action(async (options: InspectOptions) => {
      const { inspect } = await import('../run/inspect');
      await inspect(options);
    });
}
