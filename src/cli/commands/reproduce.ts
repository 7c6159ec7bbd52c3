import { Option, type Command } from 'commander';
import { PRESETS } from '../../method/presets';
import { armsOption, policyOption, seedOption, taskOption, threadsOption, gapOption } from '../options';
import type { ReproduceOptions } from '../run/reproduce';

export function register(program: Command): void {
  const presets = Object.values(PRESETS).map(({ id, description }) => `\n  ${id.padEnd(8)}${description}`);
  program
    .command('reproduce')
    .description('Run the paper: rewriting, the arms and their evaluation')
    .addOption(policyOption())
    .addOption(taskOption())
    .addOption(gapOption())
    .addOption(new Option('--preset <name>', 'how much').choices(Object.keys(PRESETS)).default('quick'))
    .addOption(armsOption())
    .addOption(seedOption())
    .addOption(new Option('--out <dir>', 'folder for results.json, the rewritten data, metrics and checkpoints').makeOptionMandatory())
    .addOption(threadsOption())
    .addHelpText(
      'after',
      `\nPresets:${presets.join('')}\n\nStopped in the middle, the same command goes on where it was. Prints results.json.`,
    )
    .action(async (options: ReproduceOptions) => {
      const { reproduce } = await import('../run/reproduce');
      await reproduce(options);
    });
}
